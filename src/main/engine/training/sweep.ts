import type { Program } from '../runtime/port.ts'

/** A stretch of consecutive elements of the arena's flat arrays. */
export interface Stretch {
  readonly offset: number
  readonly size: number
}

/** Cuts a stretch into pieces of at most `length` elements. */
export function cut({ offset, size }: Stretch, length: number): readonly Stretch[] {
  const count = Math.ceil(size / length)
  return Array.from({ length: count }, (_, i) => ({ offset: offset + i * length, size: Math.min(length, size - i * length) }))
}

/**
 * Does `work` on every item (a stretch, or several) with several copies of one program at once, each taking every n-th item. An elementwise program over a stretch
 * that fits the cache is too short for the runtime to divide among threads. Results come back in the order of the items, so sums over them do not
 * depend on which copy was quicker.
 */
export async function sweep<Item extends object, T>(
  lanes: readonly Program[],
  items: readonly Item[],
  work: (program: Program, item: Item) => Promise<T>
): Promise<readonly T[]> {
  const results: T[] = []
  const ride = async (program: Program, lane: number): Promise<void> => {
    for (let i = lane; i < items.length; i += lanes.length) {
      const item = items[i]
      if (item) results[i] = await work(program, item)
    }
  }
  await Promise.all(lanes.map(ride))
  return results
}
