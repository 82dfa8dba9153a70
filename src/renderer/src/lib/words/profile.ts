import { count, decimal, moment, percent, plural } from '../format.ts'

const milliseconds = (time: number): string => `${decimal(time, time < 10 ? 2 : 1)}\u00a0ms`

/** What is done before steps are timed, by its name in the trainer. */
const PHASES: Readonly<Record<string, string>> = {
  reading: 'Reading the data…',
  tokenising: 'Reading the texts as the model sees them…',
  preparing: 'Preparing the model…',
  probing: 'Making steps…'
}

export const profile = {
  open: 'Where the time goes',
  title: (run: string) => `Where the time goes: ${run}`,
  back: 'Back to the run',
  about:
    'A few steps are made on a batch of usual length, with the run’s first weights, in a process of its own. Nothing is trained, and the run stays as it is.',
  none: 'Not measured yet',
  measure: 'Measure',
  again: 'Measure again',
  stop: 'Stop',
  phases: PHASES,
  working: 'Preparing…',
  step: (time: number) => `${milliseconds(time)} a step`,
  facts: (texts: number, tokens: number, device: string, steps: number, at: string) =>
    `${plural(texts, 'text', 'texts')}, ${plural(tokens, 'token', 'tokens')} with padding · ${device} · mean of ${plural(steps, 'step', 'steps')}, ${moment(at)}`,
  micro: (parts: number) => `in ${count(parts)} micro-batches`,
  rate: (gflop: number) => `operators at ${count(Math.round(gflop))}\u00a0GFLOP/s`,
  partsTitle: 'Parts of a step',
  part: 'Part',
  time: 'Time',
  share: 'Share',
  calls: 'Calls',
  forward: 'Forward',
  recomputed: 'Once more',
  backward: 'Backward',
  between: 'Between operators',
  computing: 'Forward and backward',
  norm: 'Gradient norm',
  optimizer: 'Optimizer',
  preparing: (time: number) => `Beside the step: ${milliseconds(time)} for the next batch and its dropout masks.`,
  onceMore: '“Once more” is what was not kept for the gradient and is computed again (gradient checkpointing).',
  layers: 'Layers',
  layer: 'Layer',
  operators: 'Operators',
  operator: 'Operator',
  gflop: 'GFLOP/s',
  noOperators: 'A graphics card computes: its operators are not timed one by one.',
  milliseconds,
  number: (time: number) => decimal(time, 2),
  shareOf: (share: number) => percent(share, share < 0.1 ? 1 : 0),
  save: 'Save as CSV',
  fileName: (run: string) => `${run} time`,
  view: 'View',
  columns: ['table', 'name', 'calls', 'forward ms', 'once more ms', 'backward ms', 'ms', 'share', 'GFLOP/s'] as readonly string[]
}
