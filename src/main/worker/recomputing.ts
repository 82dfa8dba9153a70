import type { TrainingConfig } from '../config/config-types.ts'
import type { Preflight } from '../engine/training/preflight.ts'

/** What `training.gradient_checkpointing` comes to in a run. */
export interface Recomputing {
  /** Layers whose values are made again in the backward pass, of those that could be. */
  readonly layers: number
  readonly of: number
  /** Bytes of memory that the run would take if it kept them. */
  readonly bytes_without: number
  /** Arithmetic of a step over that of one which keeps them. */
  readonly work: number
}

export type Checkpointing = TrainingConfig['gradient_checkpointing']

/** The layers that are wanted whatever memory there is; null where memory decides. */
export function fixedLayers(wanted: Checkpointing, preflight: Pick<Preflight, 'recomputable' | 'worthwhile'>): number | null {
  if (wanted === 'auto') return null
  if (typeof wanted === 'number') return Math.min(wanted, preflight.recomputable)
  return wanted ? preflight.worthwhile() : 0
}

/**
 * The fewest layers with which a run takes no more than `allowed` bytes; where none are enough, `worthwhile`, as many as bring anything. `bytesWith` tells what it
 * takes with so many layers made again: more of those never take more.
 */
export function fewestThatFit(worthwhile: () => number, allowed: number, bytesWith: (layers: number) => number): number {
  if (bytesWith(0) <= allowed) return 0
  let [low, high] = [0, worthwhile()]
  while (low + 1 < high) {
    const middle = (low + high) >> 1
    if (bytesWith(middle) <= allowed) high = middle
    else low = middle
  }
  return high
}

/** Memory as a person would say it. */
export const sizeText = (bytes: number): string =>
  bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`

/** What a run makes again, said in a sentence; null where there is nothing to say. */
export function recomputingSentence(
  wanted: Checkpointing,
  { layers, of, bytes_without, work }: Recomputing,
  bytes: number
): string | null {
  const isAsked = wanted !== 'auto' && wanted !== false && wanted !== 0
  if (layers === 0 || of === 0)
    return isAsked ? 'gradient_checkpointing changes nothing here: computing layers again would save no memory.' : null
  const why = isAsked ? '' : 'So that the run fits into memory, '
  const what = `${isAsked ? 'What' : 'what'} ${layers} of ${of} layers ${layers === 1 ? 'gives' : 'give'} is computed again in the backward pass instead of being kept`
  const effect = `about ${sizeText(bytes)} instead of ${sizeText(bytes_without)}, and ${Math.round((work - 1) * 100)} % more arithmetic a step`
  return `${why}${what}: ${effect}. The result stays the same.`
}
