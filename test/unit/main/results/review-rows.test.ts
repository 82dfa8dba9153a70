import { describe, expect, test } from 'vitest'
import { filtered, judgedRows, kindsOf } from '../../../../src/main/results/review-rows.ts'
import { foundByBaselines, nounOf } from '../../../../src/main/results/named-class.ts'
import type { StoredPredictions } from '../../../../src/main/report/predictions.ts'

const base = {
  format: 'attune-predictions-1',
  part: 'test',
  splitHash: 's',
  groups: null,
  thresholds: null
} as const

const single: StoredPredictions = {
  ...base,
  kind: 'single-label',
  classNames: ['no', 'yes'],
  lines: [2, 3, 4, 5],
  keys: ['a', 'b', 'c', 'd'],
  truth: [0, 1, 1, 0],
  answers: [0.9, 0.1, 0.8, 0.2, 0.4, 0.6, 0.45, 0.55],
  baselines: [{ id: 'tfidf', title: 'Keywords', said: [1, 1, 0, 0] }]
}

describe('the rows of a test', () => {
  test('come worst first: sure errors, unsure errors, unsure answers, sure answers', () => {
    const rows = judgedRows(single)
    expect(rows.map(({ line, isRight }) => [line, isRight])).toEqual([
      [3, false],
      [5, false],
      [4, true],
      [2, true]
    ])
    expect(rows[0]).toEqual({ line: 3, answer: 'yes', predicted: 'no', sureness: 0.8, isRight: false })
    expect(filtered(rows, { only: 'errors', answer: null, predicted: 'yes' }, () => false)).toHaveLength(1)
    expect(filtered(rows, { only: 'all', answer: 'yes', predicted: 'yes' }, () => false).map(({ line }) => line)).toEqual([4])
    expect(kindsOf(rows)).toEqual([
      { answer: 'yes', predicted: 'no', count: 1 },
      { answer: 'no', predicted: 'yes', count: 1 }
    ])
  })

  test('are right where every label is', () => {
    const stored: StoredPredictions = {
      ...base,
      kind: 'multi-label',
      classNames: ['a', 'b'],
      lines: [2, 3],
      keys: ['a', 'b'],
      truth: [1, 1, 0, 1],
      answers: [0.7, 0.6, 0.7, 0.9],
      thresholds: [0.5, 0.5]
    }
    expect(judgedRows(stored)).toEqual([
      { line: 3, answer: 'b', predicted: 'a; b', sureness: 0.7, isRight: false },
      { line: 2, answer: 'a; b', predicted: 'a; b', sureness: 0.6, isRight: true }
    ])
  })

  test('of scores are ordered by how far off they are, and have no kinds', () => {
    const stored: StoredPredictions = {
      ...base,
      kind: 'regression',
      classNames: [],
      lines: [2, 3],
      keys: ['a', 'b'],
      truth: [1, 4],
      answers: [1.25, 2]
    }
    const rows = judgedRows(stored)
    expect(rows.map(({ line, answer, predicted }) => [line, answer, predicted])).toEqual([
      [3, '4.00', '2.00'],
      [2, '1.00', '1.25']
    ])
    expect(kindsOf(rows)).toEqual([])
  })
})

describe('the class that must not be missed', () => {
  test('is counted for each baseline', () => {
    expect(foundByBaselines(single, 'yes')).toEqual([{ id: 'tfidf', title: 'Keywords', found: 1 }])
  })

  test.each([
    ['letter', 'letters'],
    ['summary', 'summaries'],
    ['essay', 'essays'],
    ['box', 'boxes'],
    ['texts', 'rows'],
    ['Free text (en)', 'rows'],
    [null, 'rows']
  ])('speaks of rows by their text column: %s', (column, noun) => {
    expect(nounOf(column)).toBe(noun)
  })
})
