import type { Examples } from './examples.ts'
import { sumSpared, type PrefixCache, type SparedWork } from './prefix.ts'

/** The frozen prefix's caches of a run, one for each of its parts, opened as they are asked for. */
export class PrefixCaches {
  readonly #open: (examples: Examples) => Promise<PrefixCache>
  #caches = new Map<Examples, PrefixCache>()
  #others: readonly SparedWork[] = []

  constructor(open: (examples: Examples) => Promise<PrefixCache>) {
    this.#open = open
  }

  async of(examples: Examples): Promise<PrefixCache> {
    const cache = this.#caches.get(examples) ?? (await this.#open(examples))
    this.#caches.set(examples, cache)
    return cache
  }

  /** One that is open; null where none is. */
  known(examples: Examples): PrefixCache | null {
    return this.#caches.get(examples) ?? null
  }

  /** Counts what a cache besides these spared. */
  count(work: SparedWork): void {
    this.#others = [...this.#others, work]
  }

  /** What all of them spared so far. */
  get spared(): SparedWork {
    return sumSpared([...Array.from(this.#caches.values(), ({ spared }) => spared), ...this.#others])
  }

  async close(): Promise<void> {
    for (const cache of this.#caches.values()) await cache.close()
  }
}
