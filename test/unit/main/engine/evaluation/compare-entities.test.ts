import { describe, expect, it } from 'vitest'
import { Random } from '../../../../../src/main/base/random.ts'
import type { Mark } from '../../../../../src/main/base/mark.ts'
import { compareEntityPairs, entitySwapTest } from '../../../../../src/main/engine/evaluation/compare-entities.ts'
import { entityMetrics, type EntityData } from '../../../../../src/main/engine/evaluation/entities.ts'

const types = ['NAME', 'PLACE']

/** Documents with up to three passages each, and answers that find each with probability `skill` and invent some. */
function drawn(documents: number, skill: readonly [number, number], seed: number): readonly [EntityData, EntityData] {
  const random = new Random(seed, 'compare-entities')
  const truth = Array.from({ length: documents }, () =>
    Array.from({ length: random.below(4) }, (_, i): Mark => ({
      start: 10 * i,
      end: 10 * i + 4,
      label: types[random.below(2)] ?? ''
    }))
  )
  const answers = (share: number): Mark[][] =>
    truth.map((marks) => [
      ...marks.filter(() => random.uniform() < share),
      ...(random.uniform() < 0.2 ? [{ start: 90, end: 95, label: 'NAME' }] : [])
    ])
  return [
    { types, truth, said: answers(skill[0]) },
    { types, truth, said: answers(skill[1]) }
  ]
}

/** The same test by its definition: answers are swapped and F1 is measured anew, over every pattern of swaps of the units. */
function byDefinition(first: EntityData, second: EntityData, unitOf: (document: number) => number): number {
  const units = 1 + Math.max(...first.truth.map((_, document) => unitOf(document)))
  const difference = (pattern: number): number => {
    const isSwapped = (document: number): boolean => ((pattern >> unitOf(document)) & 1) === 1
    const pick = (own: EntityData, other: EntityData): EntityData => ({
      ...own,
      said: own.said.map((marks, document) => (isSwapped(document) ? (other.said[document] ?? []) : marks))
    })
    return entityMetrics(pick(first, second)).micro_f1 - entityMetrics(pick(second, first)).micro_f1
  }
  const observed = Math.abs(difference(0)) - 1e-12
  const extreme = Array.from({ length: 2 ** units }, (_, pattern) => Math.abs(difference(pattern)) >= observed)
  return extreme.filter(Boolean).length / extreme.length
}

describe('two models that mark passages', () => {
  it.each([1, 2, 3, 4, 5])('are tested by swapping answers document by document, as the definition says (draw %i)', (seed) => {
    const [first, second] = drawn(9, [0.9, 0.5], seed)
    expect(entitySwapTest(first, second, { seed: 1 })).toBeCloseTo(
      byDefinition(first, second, (document) => document),
      12
    )
  })

  it.each([6, 7, 8])('swap whole groups where documents belong together (draw %i)', (seed) => {
    const [first, second] = drawn(18, [0.9, 0.5], seed)
    const groups = Int32Array.from(first.truth, (_, document) => document % 6)
    expect(entitySwapTest(first, second, { seed: 1, groups })).toBeCloseTo(
      byDefinition(first, second, (document) => document % 6),
      12
    )
  })

  it('are told apart where one is better by far, and not where they answer alike', () => {
    const [good, poor] = drawn(120, [0.95, 0.4], 9)
    const { primary, pairs } = compareEntityPairs([poor, good, good], { seed: 1, resamples: 300 })
    expect(primary).toBe('micro_f1')
    expect(pairs.map(({ first, second, verdict }) => [first, second, verdict])).toEqual([
      [0, 1, 'second'],
      [0, 2, 'second'],
      [1, 2, 'neither']
    ])
    expect(pairs[2]?.tests).toEqual([{ metric: 'micro_f1', method: 'randomisation', p: 1, adjustedP: 1 }])
  })
})
