import { assert } from '../../base/assert.ts'
import { IntList } from '../../base/int-list.ts'
import { IdColumn, type Numbers } from './id-column.ts'

/** Lists of whole numbers, read by their index. */
export interface Lists {
  readonly length: number
  /** The numbers of a list; the caller's own. */
  at(index: number): Int32Array
  /** How many a list has. */
  lengthAt(index: number): number
}

/** Many lists of numbers from 0 to a highest one, held as two columns: 1, 2 or 4 bytes a number and 4 a list. */
export class NumberLists implements Lists {
  readonly #numbers: IdColumn
  readonly #ends = new IntList()

  constructor(highest: number) {
    this.#numbers = new IdColumn(highest)
  }

  /** The same lists as columns. */
  static of(lists: readonly Int32Array[]): NumberLists {
    const all = new NumberLists(lists.reduce((most, list) => list.reduce((a, b) => Math.max(a, b), most), 0))
    for (const list of lists) all.add(list)
    return all
  }

  get length(): number {
    return this.#ends.length
  }

  /** Numbers of all lists. */
  get total(): number {
    return this.#numbers.length
  }

  add(list: Numbers): void {
    this.#numbers.append(list)
    this.#ends.push(this.#numbers.length)
  }

  at(index: number): Int32Array {
    const list = new Int32Array(this.lengthAt(index))
    this.#numbers.read(this.startAt(index), list)
    return list
  }

  startAt(index: number): number {
    return index === 0 ? 0 : this.#ends.at(index - 1)
  }

  lengthAt(index: number): number {
    assert(index >= 0 && index < this.length, 'a list that there is not')
    return this.#ends.at(index) - this.startAt(index)
  }
}
