import { philox4x32 } from './philox.ts'

/** FNV-1a, 32 bits: turns a stream's name into a word of the generator's key. */
export function hashName(name: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < name.length; i++) {
    hash ^= name.charCodeAt(i)
    hash = Math.imul(hash, 0x01000193)
  }
  return hash >>> 0
}

/**
 * A named stream of reproducible draws: (seed, name) fixes every number, on every machine. Different names are independent streams,
 * so adding a draw in one place never moves the draws of another.
 */
export class Random {
  readonly #seed: number
  readonly #stream: number
  readonly #block = new Uint32Array(4)
  #counter = 0
  #left = 0

  constructor(seed: number, name: string) {
    this.#seed = seed >>> 0
    this.#stream = hashName(name)
  }

  /** A whole number in [0, 2³²). */
  word(): number {
    if (this.#left === 0) {
      philox4x32(this.#block, 0, this.#seed, this.#stream, this.#counter >>> 0, Math.floor(this.#counter / 2 ** 32), 0, 0)
      this.#counter++
      this.#left = 4
    }
    this.#left--
    return this.#block[3 - this.#left] ?? 0
  }

  /** A number in [0, 1) with 32 random bits. */
  uniform(): number {
    return this.word() / 2 ** 32
  }

  /** A whole number in [0, `limit`), without modulo bias. */
  below(limit: number): number {
    const ceiling = 2 ** 32 - (2 ** 32 % limit)
    for (;;) {
      const word = this.word()
      if (word < ceiling) return word % limit
    }
  }

  /** A draw from the standard normal distribution (Box–Muller). */
  normal(): number {
    const u = (this.word() + 1) / 2 ** 32
    const v = this.uniform()
    return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v)
  }

  /** Shuffles `items` in place (Fisher–Yates) and returns them. */
  shuffle<T extends { length: number; [index: number]: unknown }>(items: T): T {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.below(i + 1)
      const held = items[i]
      items[i] = items[j]
      items[j] = held
    }
    return items
  }
}
