import { describe, expect, it } from 'vitest'
import type { Dataset } from '../../../../src/main/data/dataset-types.ts'
import { shareOf } from '../../../../src/main/data/shares.ts'
import { refusalOf } from './folder.ts'

const COUNT = 200
const labels = Int32Array.from({ length: COUNT }, (_, row) => (row % 5 === 0 ? 1 : 0))
const groups = Array.from({ length: COUNT }, (_, row) => `patient ${Math.floor(row / 2)}`)
const texts = Array.from({ length: COUNT }, (_, row) => `letter ${row}`)
// What shares read of a data set.
const dataset = {
  ...{ count: COUNT, texts, pairs: null, groups, classNames: ['normal', 'urgent'], fileOf: new Uint8Array(COUNT) },
  labels: { kind: 'class', values: labels }
} as unknown as Dataset
const train = Int32Array.from({ length: 160 }, (_, row) => row)
const share = (halvings: number, seed = 1): Int32Array => shareOf(dataset, train, { halvings }, seed)

describe('shares of the training rows', () => {
  it('halves them, each share inside of the next, with classes in their proportion', () => {
    const shares = [0, 1, 2, 3].map((halvings) => share(halvings))
    expect(shares.map((rows) => rows.length)).toEqual([160, 80, 40, 20])
    for (const [i, rows] of shares.slice(1).entries()) {
      const above = new Set(shares[i])
      expect([...rows].every((row) => above.has(row))).toBe(true)
    }
    expect(shares.map((rows) => rows.filter((row) => labels[row] === 1).length)).toEqual([32, 16, 8, 4])
  })

  it('never tears a group', () => {
    const rows = new Set(share(3))
    for (const row of rows) expect(rows.has(row % 2 === 0 ? row + 1 : row - 1)).toBe(true)
  })

  it('is the same for the same seed, and another for another', () => {
    expect(share(2)).toEqual(share(2))
    expect(share(2, 2)).not.toEqual(share(2))
  })

  it('is refused where the smallest share would hold next to nothing', async () => {
    const refused = await refusalOf(() => shareOf(dataset, train.subarray(0, 40), { halvings: 3 }, 1))
    expect(refused).toMatch(/^data_split_too_small: .*these data have 20 such texts/)
  })
})
