import { assert } from '../../base/assert.ts'
import { IdColumn } from '../text/id-column.ts'
import { NumberLists } from '../text/number-lists.ts'
import type { Sequence } from './batches.ts'

/** Many sequences, read by their numbers. */
export interface Sequences {
  readonly length: number
  /** How many different token ids they have. */
  readonly distinctIds: number
  /** Those of these numbers, in this order; the caller's own. */
  of(numbers: Int32Array): Promise<Sequence[]>
}

/** Sequences that are at hand, as they are. */
export function sequencesAtHand(all: readonly Sequence[]): Sequences {
  const named = new Set(all.flatMap(({ ids }) => [...ids]))
  const at = (number: number): Sequence => all[number] ?? { ids: new Int32Array(0), typeIds: null }
  return { length: all.length, distinctIds: named.size, of: (numbers) => Promise.resolve(Array.from(numbers, at)) }
}

/** Token types are numbered from 0; a model has two of them, or one. */
const highestType = 255

/**
 * Sequences as they are made, held in columns: 2 bytes a token where the vocabulary has no more than 65,536 (else 4), a byte more where tokens are of
 * several types, and 4 bytes a sequence.
 */
export class SequenceStore implements Sequences {
  readonly #ids: NumberLists
  /** Types of all tokens, once one of them is not 0. */
  #types: IdColumn | null = null
  readonly #isNamed: Uint8Array
  #distinct = 0

  /** `highestId`: the highest id that a token may have. */
  constructor(highestId: number) {
    this.#ids = new NumberLists(highestId)
    this.#isNamed = new Uint8Array(highestId + 1)
  }

  get length(): number {
    return this.#ids.length
  }

  get distinctIds(): number {
    return this.#distinct
  }

  /** Tokens of all sequences before one. */
  startAt(number: number): number {
    return this.#ids.startAt(number)
  }

  /** Tokens of each sequence. */
  lengths(): Int32Array {
    return Int32Array.from({ length: this.length }, (_, number) => this.#ids.lengthAt(number))
  }

  add({ ids, typeIds }: Sequence): void {
    for (const id of ids) {
      const isNamed = this.#isNamed[id]
      assert(isNamed !== undefined, 'a token that the vocabulary does not have')
      if (isNamed === 1) continue
      this.#isNamed[id] = 1
      this.#distinct++
    }
    if (!this.#types && typeIds?.some((type) => type !== 0)) {
      this.#types = new IdColumn(highestType)
      this.#types.append(new Uint8Array(this.#ids.total))
    }
    this.#types?.append(typeIds ?? new Uint8Array(ids.length))
    this.#ids.add(ids)
  }

  of(numbers: Int32Array): Promise<Sequence[]> {
    return Promise.resolve(Array.from(numbers, (number) => this.#at(number)))
  }

  #at(number: number): Sequence {
    const ids = this.#ids.at(number)
    const typeIds = new Uint8Array(ids.length)
    this.#types?.read(this.#ids.startAt(number), typeIds)
    return { ids, typeIds }
  }
}
