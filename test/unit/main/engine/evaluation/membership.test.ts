import { describe, expect, test } from 'vitest'
import { Random } from '../../../../../src/main/base/random.ts'
import { membershipTest } from '../../../../../src/main/engine/evaluation/membership.ts'
import { classLosses, labelLosses, squaredErrors } from '../../../../../src/main/engine/evaluation/row-losses.ts'

/** Losses of rows that are drawn alike: |normal| · scale. */
function drawn(rows: number, scale: number, seed: number): Float64Array {
  const random = new Random(seed, 'membership-test')
  return Float64Array.from({ length: rows }, () => scale * -Math.log(1 - random.uniform()))
}

describe('the membership test', () => {
  test('shows nothing where training rows and others are answered alike, but for the one time in twenty that 95 % allow', () => {
    const levels = Array.from(
      { length: 40 },
      (_, seed) => membershipTest(drawn(300, 1, seed), drawn(300, 1, seed + 1000), { seed: 1, resamples: 200 })?.level
    )
    expect(levels.filter((level) => level !== 'none').length).toBeLessThanOrEqual(5)
    expect(levels).not.toContain('strong')
  })

  test('shows a model that knows its rows by heart, and one that nearly does', () => {
    const others = drawn(200, 1, 2)
    const heart = membershipTest(drawn(400, 0.01, 1), others, { seed: 1 })
    expect(heart).toMatchObject({ level: 'strong', members: 400, outsiders: 200, fpr: 0.01 })
    expect(heart?.auc.value).toBeGreaterThan(0.95)
    expect(heart?.tpr?.value).toBeGreaterThan(0.3)
    const nearly = membershipTest(drawn(400, 0.6, 1), others, { seed: 1 })
    expect(nearly?.level).toBe('some')
    expect(nearly?.auc.low).toBeGreaterThan(0.5)
    expect(nearly?.auc.high).toBeLessThan(0.7)
  })

  test('shows a few rows that stand out although the average does not', () => {
    // Carlini et al. 2022: an attack may be near chance on average and sure of a few.
    const members = Float64Array.from([...drawn(850, 1, 1), ...new Array<number>(150).fill(1e-9)])
    const found = membershipTest(members, drawn(1000, 1, 2), { seed: 1 })
    expect(found?.auc.value).toBeLessThan(0.6)
    expect(found?.level).toBe('strong')
  })

  test('counts by hand: AUC with a tie, and the rate at one false alarm in a hundred', () => {
    const small = membershipTest(Float64Array.of(0.1, 0.2), Float64Array.of(0.2, 0.3), { seed: 1 })
    // Pairs: 0.1<0.2, 0.1<0.3, 0.2=0.2 (half), 0.2<0.3.
    expect(small?.auc.value).toBe(3.5 / 4)
    expect(small?.tpr).toBeNull()
    const others = Float64Array.from({ length: 100 }, (_, i) => i)
    // One other (0) may pass: members below 1 are recognised, the one at 1 ties with the second other.
    const found = membershipTest(Float64Array.of(-1, 0.5, 1, 50), others, { seed: 1 })
    expect(found?.tpr?.value).toBe(0.5)
  })

  test('says nothing without rows', () => {
    expect(membershipTest(new Float64Array(), Float64Array.of(1), { seed: 1 })).toBeNull()
    expect(membershipTest(Float64Array.of(1), new Float64Array(), { seed: 1 })).toBeNull()
  })

  test('draws whole groups: many rows of few people are less sure', () => {
    const members = drawn(100, 0.7, 1)
    const outsiders = drawn(100, 1, 2)
    const groups = Int32Array.from({ length: 200 }, (_, row) => Math.floor(row / 20))
    const width = (found: ReturnType<typeof membershipTest>): number => (found?.auc.high ?? 0) - (found?.auc.low ?? 0)
    const repeated = (losses: Float64Array): Float64Array => losses.map((_, i) => losses[Math.floor(i / 20)] ?? 0)
    const [a, b] = [repeated(members), repeated(outsiders)]
    expect(width(membershipTest(a, b, { seed: 1, groups }))).toBeGreaterThan(1.5 * width(membershipTest(a, b, { seed: 1 })))
  })
})

describe('losses of rows', () => {
  test('are those of the tasks, and keep the digits of very small ones', () => {
    const [row] = classLosses(Float32Array.of(2, 1, 0), [0], 3)
    expect(row).toBeCloseTo(-Math.log(Math.exp(2) / (Math.exp(2) + Math.exp(1) + 1)), 12)
    expect(classLosses(Float32Array.of(40, 0), [0], 2)[0]).toBeCloseTo(Math.exp(-40), 25)
    expect(classLosses(Float32Array.of(0, 100), [0], 2)[0]).toBeCloseTo(100, 12)
    const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z))
    const [labels] = labelLosses(Float32Array.of(1, -2), [1, 1], 2)
    expect(labels).toBeCloseTo((-Math.log(sigmoid(1)) - Math.log(sigmoid(-2))) / 2, 12)
    expect([...squaredErrors([3, 5], [1, 5])]).toEqual([4, 0])
  })
})
