import { InputError, MemoryError } from '../../base/errors.ts'
import { counted } from '../../base/wording.ts'
import { cut } from './batches.ts'
import type { LoopState } from './ports.ts'

/** The rows of an optimizer step, one entry for each of its micro-batches. */
type Window = readonly Int32Array[]

/** A window in micro-batches of at most so many rows; as it is where `microBatch` is null. Its rows, and so what is learned from them, stay the same. */
export const cutWindow = (window: Window, microBatch: number | null): Window =>
  microBatch === null ? window : window.flatMap((rows) => cut(rows, microBatch))

/** Half of a window's largest micro-batch, in rows; null where that is a single row. */
export function halfOf(window: Window): number | null {
  const largest = window.reduce((most, { length }) => Math.max(most, length), 1)
  return largest === 1 ? null : Math.ceil(largest / 2)
}

/** A state that goes on in micro-batches of at most so many rows, or of fewer where it did already. */
export const withMicroBatch = (state: LoopState, microBatch: number | null): LoopState =>
  microBatch === null ? state : { ...state, microBatch: Math.min(microBatch, state.microBatch ?? microBatch) }

/** The end of a sentence: what is computed in smaller batches from here on. */
export const inSmaller = (microBatch: number): string =>
  `with at most ${counted(microBatch, 'row')} at a time: no row is left out and the steps stay as large, but they take longer.`

/** What a person is told when batches become smaller; `step` is the one that is made again. */
export const smallerSentence = (step: number, microBatch: number): string =>
  `Memory ran out at step ${step}. It is made again, and all that follow, ${inSmaller(microBatch)}`

/** What a person is told when evaluations, or the vectors of frozen layers, are computed of fewer rows at once. */
export const smallerLooksSentence = (rows: number): string =>
  `Memory ran out while texts were answered. They are, from here on, with at most ${counted(rows, 'row')} at a time: the answers stay the same, but they take longer.`

/** Memory ran out while an optimizer step was being applied: weights and optimizer state may be half of it. */
export class HalfAppliedError extends MemoryError {
  /** The step that was being applied, counted from 1. */
  readonly step: number

  constructor(step: number, cause: unknown) {
    super(`Memory ran out while step ${step} was applied.`, { cause })
    this.name = 'HalfAppliedError'
    this.step = step
  }
}

/** What a person is told when a run goes back to a checkpoint, so that no step is applied by half; `from` is the checkpoint's step. */
export const wentBackSentence = (step: number, from: number): string =>
  `Memory ran out while step ${step} was applied to the weights. ${from === 0 ? 'Training begins again' : `Training goes on from the checkpoint at step ${from}`}, after memory was given back: the result stays the same.`

/** The end of a run that ran out of memory while a step was applied, and again before another checkpoint was written. */
export function applyingShort(step: number, cause: unknown): InputError {
  const what = `Memory ran out twice while a step was applied to the weights, the last time at step ${step}. What was learned up to the last checkpoint is kept.`
  return new InputError(
    'memory-short',
    `${what} Close other programs and go on with --resume, or start again with method: lora or a smaller model.`,
    {
      key: 'method',
      inApp: `${what} Close other programs and go on, or train again with a small add-on (LoRA) or a smaller model.`
    },
    { cause }
  )
}

/** The end of a run that cannot be helped by smaller batches. */
export function memoryShort(step: number, cause: unknown): InputError {
  const kept = 'What was learned up to the last checkpoint is kept.'
  return new InputError(
    'memory-short',
    `Memory ran out at step ${step}, and smaller batches did not help. ${kept} Close other programs and go on with --resume, or start again with a smaller max_length or per_device_eval_batch_size.`,
    {
      key: 'training.max_length',
      inApp: `Memory ran out at step ${step}, and smaller batches did not help. ${kept} Close other programs and go on, or train again with shorter texts.`
    },
    { cause }
  )
}
