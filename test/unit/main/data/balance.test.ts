import { describe, expect, it } from 'vitest'
import { balanceTraining } from '../../../../src/main/data/balance.ts'
import type { Dataset } from '../../../../src/main/data/dataset-types.ts'

const labels = Int32Array.from({ length: 100 }, (_, row) => (row % 10 === 0 ? 1 : row % 25 === 3 ? 2 : 0))
// The function reads the labels alone.
const dataset = { labels: { kind: 'class', values: labels } } as unknown as Dataset
const train = Int32Array.from({ length: 80 }, (_, row) => row)
const countsOf = (rows: Int32Array): number[] => [0, 1, 2].map((label) => rows.filter((row) => labels[row] === label).length)

describe('evening out classes while training', () => {
  it('leaves the rows alone where nothing is asked', () => {
    expect(balanceTraining(dataset, train, { cap: null, oversample: false }, 1).rows).toBe(train)
  })

  it('draws at most so many rows of each class, the same for the same seed', () => {
    const capped = balanceTraining(dataset, train, { cap: 10, oversample: false }, 1)
    expect(countsOf(capped.rows)).toEqual([10, 8, 4])
    expect(new Set(capped.rows).size).toBe(22)
    expect(balanceTraining(dataset, train, { cap: 10, oversample: false }, 1).rows).toEqual(capped.rows)
    expect(balanceTraining(dataset, train, { cap: 10, oversample: false }, 2).rows).not.toEqual(capped.rows)
    expect(capped.notes.map(({ code }) => code)).toEqual(['capped'])
  })

  it('repeats training rows alone, every row at least as often as it can be, until classes are even', () => {
    const { rows } = balanceTraining(dataset, train, { cap: null, oversample: true }, 1)
    const [most] = countsOf(train)
    expect(countsOf(rows)).toEqual([most, most, most])
    expect(new Set(rows)).toEqual(new Set(train))
    const times = train.map((row) => rows.filter((each) => each === row).length)
    const rare = Array.from(
      train.filter((row) => labels[row] === 2),
      (row) => times[row] ?? 0
    )
    expect(Math.max(...rare) - Math.min(...rare)).toBeLessThanOrEqual(1)
  })

  it('caps before it repeats', () => {
    expect(countsOf(balanceTraining(dataset, train, { cap: 10, oversample: true }, 1).rows)).toEqual([10, 10, 10])
  })
})
