import { describe, expect, it } from 'vitest'
import { crfSurprise, logMarginals, logPartition } from '../../../../../src/main/engine/tasks/crf-scores.ts'
import { viterbi } from '../../../../../src/main/engine/tasks/viterbi.ts'
import fixture from '../../../../fixtures/tokens/crf.json' with { type: 'json' }

// Written by scripts/reference/token_classification.py: pytorch-crf in double precision; marginals as the gradient of its log Z.
describe.each(fixture.cases.map((each) => ({ ...each, steps: each.emissions.length })))('$steps words of $tags tags', (each) => {
  const emissions = each.emissions.flat()
  const learned = {
    tags: each.tags,
    between: Float64Array.from(each.transitions.flat()),
    start: Float64Array.from(each.start),
    end: Float64Array.from(each.end)
  }

  it('are as surprising as pytorch-crf says', () => {
    expect(crfSurprise(emissions, each.path, learned)).toBeCloseTo(each.surprise, 9)
  })

  it('have its best sequence', () => {
    expect([...viterbi(emissions, learned)]).toEqual(each.best)
  })

  it('have its marginals, each word adding up to 1', () => {
    const marginals = logMarginals(emissions, learned).map(Math.exp)
    each.marginals.flat().forEach((value, at) => expect(marginals[at]).toBeCloseTo(value, 9))
    for (let at = 0; at < marginals.length; at += each.tags)
      expect(marginals.slice(at, at + each.tags).reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 9)
  })
})

it('A text without words is no surprise', () => {
  const nothing = { tags: 2, between: new Float64Array(4), start: new Float64Array(2), end: new Float64Array(2) }
  expect(logPartition([], nothing)).toBe(0)
  expect(crfSurprise([], [], nothing)).toBe(0)
})
