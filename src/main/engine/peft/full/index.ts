import { defineSelectionMethod } from '../define-method.ts'
import type { FullOptions } from './options.ts'

/** Trains every weight, but for those that `freeze` names. */
export const full = defineSelectionMethod<FullOptions>({
  id: 'full',
  title: 'Full fine-tuning',
  trains: (tensor, _, { freeze_embeddings: freezeEmbeddings, freeze }) =>
    !(freezeEmbeddings && tensor.role === 'embedding') && !freeze.some((pattern) => new RegExp(pattern).test(tensor.name))
})
