import { describe, expect, it } from 'vitest'
import { draw } from '../../../../helpers/samples.ts'
import { collate, epochBatches, evaluationBatches } from '../../../../../src/main/engine/training/batches.ts'
import { TextBatches, type TextBatchesInput } from '../../../../../src/main/engine/training/text-batches.ts'

const sequence = (...ids: number[]) => ({ ids: Int32Array.from(ids), typeIds: null })
const lengths = Int32Array.from(draw('lengths', 1013, (random) => 1 + random.below(200)))
const rowsOf = (batches: readonly Int32Array[]): number[] => batches.flatMap((batch) => [...batch])
const every = Array.from(lengths, (_, i) => i)

describe('collate', () => {
  const pair = { ids: Int32Array.of(5, 6, 7), typeIds: Int32Array.of(0, 1, 1) }

  it('pads to the longest row and masks what it padded', () => {
    const { sizes, inputs } = collate([pair, sequence(8)], { padId: 0, positionOffset: 0 })
    expect(sizes).toEqual({ rows: 2, time: 3, tokens: 6 })
    const data = Object.fromEntries(Object.entries(inputs).map(([name, tensor]) => [name, Array.from(tensor.data, Number)]))
    const masked = Math.fround(-3.4028234663852886e38)
    expect(data).toMatchObject({
      input_ids: [5, 6, 7, 8, 0, 0],
      token_type_ids: [0, 1, 1, 0, 0, 0],
      position_ids: [0, 1, 2, 0, 0, 0],
      attention_bias: [0, 0, 0, 0, masked, masked],
      first_tokens: [0, 3]
    })
    expect(inputs['attention_bias']?.shape).toEqual([2, 1, 1, 3])
    expect(inputs['input_ids']?.shape).toEqual([2, 3])
  })

  it('masks with a finite number, so that a masked score is never 0 · ∞', () => {
    const { inputs } = collate([sequence(1, 2), sequence(3)], { padId: 0, positionOffset: 0 })
    expect(Array.from(inputs['attention_bias']?.data ?? [], Number).every(Number.isFinite)).toBe(true)
  })

  it('numbers positions as RoBERTa does: from padId + 1, padding with padId', () => {
    const { inputs } = collate([sequence(9, 9, 9), sequence(9)], { padId: 1, positionOffset: 2 })
    expect(Array.from(inputs['position_ids']?.data ?? [], Number)).toEqual([2, 3, 4, 2, 1, 1])
    expect(Array.from(inputs['input_ids']?.data ?? [], Number)).toEqual([9, 9, 9, 9, 1, 1])
  })
})

describe('the batches of an epoch', () => {
  const order = (changes: object): Int32Array[] =>
    epochBatches(lengths, { seed: 4, epoch: 0, batchSize: 8, groupByLength: true, ...changes })

  it.each([true, false])('hold every row once, all but the last batch full (grouped by length: %s)', (groupByLength) => {
    const batches = order({ groupByLength })
    expect(rowsOf(batches).sort((a, b) => a - b)).toEqual(every)
    expect(batches.filter((batch) => batch.length !== 8).map((batch) => batch.length)).toEqual([1013 % 8])
  })

  it.each([true, false])('depend on seed and epoch alone (grouped by length: %s)', (groupByLength) => {
    expect(order({ groupByLength })).toEqual(order({ groupByLength }))
    expect(order({ groupByLength, epoch: 1 })).not.toEqual(order({ groupByLength }))
    expect(order({ groupByLength, seed: 5 })).not.toEqual(order({ groupByLength }))
  })

  it('waste little padding when grouped by length', () => {
    const padded = (batches: readonly Int32Array[]): number =>
      batches.reduce((sum, batch) => sum + batch.length * Math.max(...Array.from(batch, (row) => lengths[row] ?? 0)), 0)
    const tokens = lengths.reduce((sum, length) => sum + length, 0)
    expect(padded(order({}))).toBeLessThan(1.06 * tokens)
    expect(padded(order({ groupByLength: false }))).toBeGreaterThan(1.6 * tokens)
  })

  it('put rows of equal length together anew in each epoch, where one stretch holds all rows, too', () => {
    // 40 batches of rows of four lengths.
    const few = Int32Array.from({ length: 320 }, (_, i) => 10 + (i % 4))
    const of = (epoch: number): Int32Array[] => epochBatches(few, { seed: 4, epoch, batchSize: 8, groupByLength: true })
    const pairs = (batches: readonly Int32Array[]): Set<string> =>
      new Set(batches.flatMap((batch) => [...batch].flatMap((a) => [...batch].filter((b) => a < b).map((b) => `${a} ${b}`))))
    const [first, second] = [pairs(of(0)), pairs(of(1))]
    // By chance 7 of the 79 other rows of its length stand beside a row: 9 % of pairs meet again.
    expect([...second].filter((pair) => first.has(pair)).length).toBeLessThan(0.2 * second.size)
    const padding = of(1).map((batch) => Math.max(...Array.from(batch, (row) => few[row] ?? 0)) * batch.length)
    expect(padding.reduce((sum, tokens) => sum + tokens, 0)).toBe(few.reduce((sum, length) => sum + length, 0))
  })

  it('do not come sorted by length', () => {
    const longest = order({}).map((batch) => lengths[batch[0] ?? 0] ?? 0)
    const falls = longest.filter((length, i) => i > 0 && length < (longest[i - 1] ?? 0)).length
    expect(falls).toBeGreaterThan(longest.length / 3)
    expect(falls).toBeLessThan((longest.length * 2) / 3)
  })

  it('are one batch where there are few rows', () => {
    expect(
      epochBatches(Int32Array.of(3, 9), { seed: 1, epoch: 0, batchSize: 8, groupByLength: true }).map(({ length }) => length)
    ).toEqual([2])
    expect(epochBatches(new Int32Array(), { seed: 1, epoch: 0, batchSize: 8, groupByLength: false })).toEqual([])
  })
})

it('evaluation takes every row once, longest first, ties in order', () => {
  const batches = evaluationBatches(Int32Array.of(3, 9, 3, 9, 1), 2)
  expect(batches.map((batch) => [...batch])).toEqual([[1, 3], [0, 2], [4]])
})

describe('batches that are cut smaller', () => {
  const windowsOf = (settings: object): number[][] => {
    // The order of rows needs their lengths and these settings alone.
    const input = {
      examples: { lengths },
      settings: { seed: 3, groupByLength: true, ...settings }
    } as unknown as TextBatchesInput
    return new TextBatches(input).windowsOf(2).map((batches) => rowsOf(batches))
  }
  const whole = { batchSize: 24, accumulation: 2 }

  it.each([12, 8, 5, 1])('of %i rows leave every step its rows', (batchSize) => {
    const cut = windowsOf({ batchSize, accumulation: 2 * Math.ceil(24 / batchSize), cutFrom: whole })
    expect(cut).toEqual(windowsOf({ ...whole, cutFrom: null }))
    expect(cut.flat().sort((a, b) => a - b)).toEqual(every)
  })
})
