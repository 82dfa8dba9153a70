import type { Lists } from '../../src/main/engine/text/number-lists.ts'
import type { Sequence } from '../../src/main/engine/training/batches.ts'
import type { Sequences } from '../../src/main/engine/training/sequences.ts'

/** All lists, as arrays. */
export const arraysOf = (lists: Lists): number[][] => Array.from({ length: lists.length }, (_, i) => [...lists.at(i)])

/** All sequences, in their order. */
export const allOf = (sequences: Sequences): Promise<Sequence[]> =>
  sequences.of(Int32Array.from({ length: sequences.length }, (_, i) => i))
