import { describe, expect, it } from 'vitest'
import { Random } from '../../../../../src/main/base/random.ts'
import { IdColumn } from '../../../../../src/main/engine/text/id-column.ts'
import { NumberLists } from '../../../../../src/main/engine/text/number-lists.ts'
import type { Sequence } from '../../../../../src/main/engine/training/batches.ts'
import { SequenceStore, sequencesAtHand } from '../../../../../src/main/engine/training/sequences.ts'
import { allOf, arraysOf } from '../../../../helpers/lists.ts'

const random = new Random(1, 'test/sequences')
const below = (highest: number, length: number): Int32Array => Int32Array.from({ length }, () => random.below(highest + 1))

/** Sequences of 0 to `longest` tokens; every other has tokens of a second type where `areTyped`. */
function drawn(count: number, longest: number, highest: number, areTyped: boolean): Sequence[] {
  return Array.from({ length: count }, (_, i) => {
    const ids = below(highest, i === 0 ? 0 : random.below(longest + 1))
    return { ids, typeIds: Uint8Array.from(ids, (_, at) => (areTyped && i % 2 === 1 && 2 * at >= ids.length ? 1 : 0)) }
  })
}

function stored(sequences: readonly Sequence[], highest: number): SequenceStore {
  const store = new SequenceStore(highest)
  for (const sequence of sequences) store.add(sequence)
  return store
}

describe('sequences that are held in columns', () => {
  it.each([
    { highest: 200, areTyped: false },
    { highest: 65_535, areTyped: true },
    { highest: 65_536, areTyped: false },
    { highest: 250_001, areTyped: true }
  ])('come back as they were, with ids up to $highest', async ({ highest, areTyped }) => {
    // Some 150,000 tokens: more than a piece of any width holds, and sequences that lie over the border of two.
    const sequences = drawn(2000, 150, highest, areTyped)
    const store = stored([...sequences, { ids: Int32Array.of(highest), typeIds: Uint8Array.of(0) }], highest)
    const read = await allOf(store)
    expect(read.slice(0, -1)).toEqual(sequences)
    expect([...(read.at(-1)?.ids ?? [])]).toEqual([highest])
    expect([...store.lengths()]).toEqual([...sequences.map(({ ids }) => ids.length), 1])
    expect(store.distinctIds).toBe(new Set([highest, ...sequences.flatMap(({ ids }) => [...ids])]).size)
  })

  it('come in the order that is asked for, as often as they are', async () => {
    const sequences = drawn(20, 9, 99, true)
    const asked = Int32Array.of(19, 0, 7, 7, 3)
    expect(await stored(sequences, 99).of(asked)).toEqual([19, 0, 7, 7, 3].map((i) => sequences[i]))
    expect(await sequencesAtHand(sequences).of(asked)).toEqual([19, 0, 7, 7, 3].map((i) => sequences[i]))
  })

  it('have types of 0 before the first that has another', async () => {
    const plain = { ids: Int32Array.of(5, 6), typeIds: null }
    const pair = { ids: Int32Array.of(7, 8), typeIds: Uint8Array.of(0, 1) }
    const read = await allOf(stored([plain, pair, plain], 9))
    expect(read.map(({ typeIds }) => [...(typeIds ?? [])])).toEqual([
      [0, 0],
      [0, 1],
      [0, 0]
    ])
  })

  it('refuse numbers that there are not, and tokens of another vocabulary', async () => {
    const store = stored([{ ids: Int32Array.of(1), typeIds: null }], 9)
    expect(() => store.of(Int32Array.of(1))).toThrow(/there is not/)
    expect(() => store.of(Int32Array.of(-1))).toThrow(/there is not/)
    expect(() => store.add({ ids: Int32Array.of(10), typeIds: null })).toThrow(/vocabulary/)
    expect(await allOf(new SequenceStore(9))).toEqual([])
  })
})

describe('a column of numbers', () => {
  it.each([255, 65_535, 65_536])('gives every stretch of numbers up to %i', (highest) => {
    const values = below(highest, 200_000)
    values.set([highest, 0, highest], 65_535)
    const column = new IdColumn(highest)
    for (let at = 0; at < values.length; at += 777) column.append(values.subarray(at, at + 777))
    expect(column.length).toBe(values.length)
    const whole = new Int32Array(values.length)
    column.read(0, whole)
    expect(whole).toEqual(values)
    for (const start of [0, 16_383, 32_767, 65_530, 131_071]) {
      const part = new Int32Array(70_000 - (start % 100))
      column.read(start, part)
      expect(part.every((value, i) => value === (values[start + i] ?? value))).toBe(true)
    }
  })

  it('holds lists, of which some are empty', () => {
    const lists = [[], [3, 70_000], [], [0], []].map((list) => Int32Array.from(list))
    expect(arraysOf(NumberLists.of(lists))).toEqual(lists.map((list) => [...list]))
    expect(arraysOf(NumberLists.of([]))).toEqual([])
  })
})
