import type { Choice } from './thoroughness.ts'

/** LoRA of a rank on every layer; `room` says why that rank. */
export const adapterChoices = (room: string, rank: number): readonly Choice[] => [
  { path: 'method.type', value: 'lora', why: 'A small add-on learns nearly as much as the whole model, in far less memory.' },
  { path: 'method.r', value: rank, why: room },
  { path: 'method.lora_alpha', value: 2 * rank, why: 'Twice the rank, so that the add-on is equally strong at every rank.' },
  {
    path: 'method.target_modules',
    value: 'all-linear',
    why: 'An add-on on every layer reaches what full fine-tuning reaches; on query and value alone it often does not.'
  }
]
