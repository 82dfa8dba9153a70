import { describe, expect, it } from 'vitest'
import { compareSeeds, seedStatistic } from '../../../../src/main/report/compare-seeds.ts'
import { estimate } from './reports.ts'

describe('several seeds', () => {
  it('give mean and sample standard deviation', () => {
    // numpy: mean([2, 4, 4, 4, 5, 5, 7, 9]) = 5, std(ddof=1) = 2.138089935299395
    const statistic = seedStatistic([2, 4, 4, 4, 5, 5, 7, 9])
    expect(statistic?.mean).toBe(5)
    expect(statistic?.deviation).toBeCloseTo(2.138089935299395, 12)
  })

  it('give no deviation for one value, and nothing for none', () => {
    expect(seedStatistic([0.5, null])).toEqual({ values: [0.5, null], mean: 0.5, deviation: null })
    expect(seedStatistic([null])).toBeNull()
  })

  it('are compared metric by metric, whatever a seed does not define', () => {
    const summary = compareSeeds([
      { seed: 7, metrics: { macro_f1: estimate(0.8, 0.7, 0.9), auroc: null, loss: Number.NaN } },
      { seed: 8, metrics: { macro_f1: 0.9, auroc: 0.5 } }
    ])
    expect(summary.seeds).toEqual([7, 8])
    expect(summary.metrics['macro_f1']?.mean).toBeCloseTo(0.85, 12)
    expect(summary.metrics['auroc']).toEqual({ values: [null, 0.5], mean: 0.5, deviation: null })
    expect(Object.keys(summary.metrics)).toEqual(['macro_f1', 'auroc'])
  })

  it('are different seeds', () => {
    expect(() =>
      compareSeeds([
        { seed: 1, metrics: {} },
        { seed: 1, metrics: {} }
      ])
    ).toThrow('each seed is run once')
  })
})
