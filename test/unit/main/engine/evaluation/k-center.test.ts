import { expect, test } from 'vitest'
import { fitTfIdf, kCenterOrder } from '../../../../../src/main/engine/evaluation/index.ts'
import { Random } from '../../../../../src/main/base/random.ts'

/** Likeness of every pair of rows, [rows][rows]. */
function likenesses(texts: readonly string[]): number[][] {
  const { matrix } = fitTfIdf(texts)
  const dense = texts.map((_, row) => {
    const values = new Float64Array(matrix.columns)
    for (let e = matrix.starts[row]!; e < matrix.starts[row + 1]!; e++) values[matrix.indices[e]!] = matrix.values[e]!
    return values
  })
  return dense.map((a) => dense.map((b) => a.reduce((sum, value, at) => sum + value * b[at]!, 0)))
}

const random = new Random(3, 'k-center')
const word = (): string => 'alpha beta gamma delta epsilon zeta eta theta iota kappa'.split(' ')[random.below(10)]!
const texts = Array.from({ length: 40 }, () => Array.from({ length: 4 + random.below(6) }, word).join(' '))

test('each row is the one whose nearest row before it is the least like it', () => {
  const known = 5
  const like = likenesses(texts)
  const order = kCenterOrder(fitTfIdf(texts).matrix, known, 12)
  const before = [0, 1, 2, 3, 4]
  const nearest = (row: number): number => Math.max(...before.map((each) => like[row]![each]!))
  for (const next of order) {
    const others = texts.map((_, row) => row).filter((row) => row >= known && !before.includes(row))
    expect(nearest(next)).toBeCloseTo(Math.min(...others.map(nearest)), 12)
    before.push(next)
  }
  expect(new Set(order).size).toBe(12)
})

test('begins with the most typical row where nothing is labelled, and ends with the last row', () => {
  const order = kCenterOrder(fitTfIdf(texts).matrix, 0, 1000)
  const sums = likenesses(texts).map((row) => row.reduce((a, b) => a + b, 0))
  expect(sums[order[0]!]).toBeCloseTo(Math.max(...sums), 10)
  expect([...order].sort((a, b) => a - b)).toEqual(texts.map((_, row) => row))
  expect(kCenterOrder(fitTfIdf([]).matrix, 0, 5)).toEqual([])
})
