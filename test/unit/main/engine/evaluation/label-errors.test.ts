import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { confidentLearning } from '../../../../../src/main/engine/evaluation/label-errors.ts'

interface Case {
  readonly classes: number
  readonly labels: readonly number[]
  readonly probabilities: readonly number[]
  readonly thresholds: readonly number[]
  readonly joint: readonly (readonly number[])[]
  readonly issues: readonly number[]
}
const fixture = new URL('../../../../fixtures/metrics/label-errors.json', import.meta.url)
const { cases } = JSON.parse(readFileSync(fixture, 'utf8')) as { cases: readonly Case[] } // Written by scripts/reference/label_errors.py.

describe('confident learning', () => {
  it.each(cases)(
    'says what cleanlab says of $classes classes',
    ({ classes, labels, probabilities, thresholds, joint, issues }) => {
      const own = confidentLearning(Int32Array.from(labels), Float64Array.from(probabilities), classes)
      for (const [label, threshold] of thresholds.entries()) expect(own.thresholds[label]).toBeCloseTo(threshold, 9)
      expect(own.joint).toEqual(joint)
      expect(own.doubtful.map(({ row }) => row)).toEqual(issues)
    }
  )

  it('suggests the class that a row is confidently of, and never the one that it bears', () => {
    for (const { classes, labels, probabilities } of cases)
      for (const { label, suggested, confidence, probability } of confidentLearning(
        Int32Array.from(labels),
        Float64Array.from(probabilities),
        classes
      ).doubtful) {
        expect(suggested).not.toBe(label)
        expect(probability).toBeGreaterThan(confidence)
      }
  })
})
