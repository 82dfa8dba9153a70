import { describe, expect, test } from 'vitest'
import { comparePairs } from '../../../../../src/main/engine/evaluation/index.ts'
import type { EvaluationInput } from '../../../../../src/main/engine/evaluation/index.ts'

const labels = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1]

/** A model that is wrong about these rows. */
function wrongAbout(rows: readonly number[]): EvaluationInput {
  const probabilities = Float64Array.from(
    labels.flatMap((label, row) => ((label === 1) !== rows.includes(row) ? [0.2, 0.8] : [0.8, 0.2]))
  )
  return { kind: 'single-label', labels: Int32Array.from(labels), probabilities, classNames: ['no', 'yes'] }
}

/** Macro-F1 by the textbook: the mean of 2·TP / (2·TP + FP + FN) over the classes. */
function macroF1(answers: readonly number[]): number {
  const each = [0, 1].map((c) => {
    const hits = answers.filter((answer, row) => answer === c && labels[row] === c).length
    const said = answers.filter((answer) => answer === c).length
    const are = labels.filter((label) => label === c).length
    return (2 * hits) / (said + are)
  })
  return (each[0]! + each[1]!) / 2
}

/** The randomisation test by trying every swap of the rows that differ. */
function everySwap(first: readonly number[], second: readonly number[]): number {
  const answer = (wrong: readonly number[]) => labels.map((label, row) => (wrong.includes(row) ? 1 - label : label))
  const [a, b] = [answer(first), answer(second)]
  const differing = labels.map((_, row) => row).filter((row) => a[row] !== b[row])
  const observed = Math.abs(macroF1(a) - macroF1(b))
  let atLeast = 0
  for (let mask = 0; mask < 2 ** differing.length; mask++) {
    const swapped = new Set(differing.filter((_, i) => (mask >> i) & 1))
    const one = a.map((value, row) => (swapped.has(row) ? b[row]! : value))
    const two = b.map((value, row) => (swapped.has(row) ? a[row]! : value))
    if (Math.abs(macroF1(one) - macroF1(two)) >= observed - 1e-12) atLeast++
  }
  return atLeast / 2 ** differing.length
}

// A is wrong about nothing, B about five rows, C about nine.
const wrong = { a: [], b: [0, 1, 2, 3, 8], c: [0, 1, 2, 3, 8, 9, 10, 11, 12] } as const

describe('several models on the same rows', () => {
  const models = [wrong.a, wrong.b, wrong.c].map(wrongAbout)
  const { primary, pairs } = comparePairs(models, { seed: 1, resamples: 200 })

  test('are tested pair by pair in the metric that decides', () => {
    expect(primary).toBe('macro_f1')
    expect(pairs.map(({ first, second }) => [first, second])).toEqual([
      [0, 1],
      [0, 2],
      [1, 2]
    ])
    const expected = [everySwap(wrong.a, wrong.b), everySwap(wrong.a, wrong.c), everySwap(wrong.b, wrong.c)]
    pairs.forEach(({ tests }, i) => expect(tests[0]?.p).toBeCloseTo(expected[i]!, 12))
  })

  test("have McNemar's exact p beside it, as scipy.stats.binomtest gives it", () => {
    // Only one of the two is right in 5, 9 and 4 rows: 2 · 2⁻⁵, 2 · 2⁻⁹ and 2 · 2⁻⁴.
    const [ab, ac, bc] = pairs.map(({ tests }) => tests[1])
    expect([ab?.p, ac?.p, bc?.p].map((p) => p?.toFixed(12))).toEqual([0.0625, 0.00390625, 0.125].map((p) => p.toFixed(12)))
    expect(ab?.method).toBe('mcnemar-exact')
  })

  test("are corrected for the number of pairs by Holm's method", () => {
    // By hand: the smallest times 3, the next times 2, the last times 1, never falling.
    const adjusted = pairs.map(({ tests }) => tests[1]?.adjustedP)
    expect(adjusted[1]).toBeCloseTo(3 * 0.00390625, 12)
    expect(adjusted[0]).toBeCloseTo(2 * 0.0625, 12)
    expect(adjusted[2]).toBeCloseTo(0.125, 12)
  })

  test('are called better only where the corrected test says so', () => {
    expect(pairs.map(({ verdict }) => verdict)).toEqual(['neither', 'first', 'neither'])
    expect(pairs[1]?.difference?.value).toBeCloseTo(1 - everyF1(wrong.c), 12)
  })

  test('count groups as one observation', () => {
    const groups = Int32Array.from(labels, (_, row) => Math.floor(row / 8))
    const [, grouped] = comparePairs(models, { seed: 1, resamples: 50, groups }).pairs
    // Two groups have four swaps: no p below one half, whatever the answers.
    expect(grouped?.tests[0]?.p).toBeGreaterThanOrEqual(0.5)
    expect(grouped?.verdict).toBe('neither')
  })

  test('of scores are decided by the mean absolute error, where less is better', () => {
    const targets = Float64Array.from({ length: 10 }, (_, i) => i)
    const off = (by: number): EvaluationInput => ({
      kind: 'regression',
      targets,
      predictions: targets.map((value) => value + by)
    })
    const [pair] = comparePairs([off(2), off(0.5)], { seed: 1, resamples: 50 }).pairs
    // All ten differences have one sign: of 2¹⁰ flips two are as extreme.
    expect(pair?.tests).toMatchObject([{ metric: 'mae', method: 'sign-flip', p: 2 / 1024 }])
    expect(pair?.verdict).toBe('second')
  })
})

function everyF1(rows: readonly number[]): number {
  return macroF1(labels.map((label, row) => (rows.includes(row) ? 1 - label : label)))
}
