import { describe, expect, test } from 'vitest'
import { lengthGroups } from '../../../../src/main/report/subgroups.ts'
import { groupRows, rowMetrics } from '../../../../src/main/results/groups.ts'
import { calibrationOf, withoutTemperature } from '../../../../src/main/results/reliability.ts'
import { softmaxRows } from '../../../../src/main/engine/evaluation/index.ts'
import { afterSection, checkAfterTest, type AfterTest } from '../../../../src/main/report/after-test.ts'
import type { StoredPredictions } from '../../../../src/main/report/predictions.ts'

const rows = 60
const stored: StoredPredictions = {
  format: 'attune-predictions-1',
  part: 'test',
  kind: 'single-label',
  classNames: ['no', 'yes'],
  splitHash: 's',
  lines: Array.from({ length: rows }, (_, i) => i + 2),
  keys: Array.from({ length: rows }, String),
  groups: null,
  truth: Array.from({ length: rows }, (_, i) => i % 2),
  answers: Array.from({ length: rows }, (_, i) => (i % 3 === 0 ? [0.3, 0.7] : [0.8, 0.2])).flat(),
  thresholds: null
}

describe('groups of rows', () => {
  test('are measured by what was right, found and wrongly called out', () => {
    const metrics = rowMetrics(stored)
    expect(metrics.map(({ id }) => id)).toEqual(['right', 'found:no', 'alarm:no', 'found:yes', 'alarm:yes'])
    const found = metrics.find(({ id }) => id === 'found:yes')!
    expect([...found.values].filter((value) => !Number.isNaN(value))).toHaveLength(30)
    // Only the 30 rows of the class count: of row 1, 3, 5 … every third one was found.
    expect(found.values.reduce((sum, value) => sum + (value || 0), 0)).toBe(10)
  })

  test('are merged where they have fewer than 20 rows, and that is said', () => {
    const [right] = rowMetrics(stored)
    const names = Array.from({ length: rows }, (_, i) => (i < 40 ? 'large' : i < 52 ? 'small' : ''))
    const shown = groupRows(right!, names, null)
    expect(shown.merged).toBe(2)
    expect(shown.rows.map((row) => [row.name, row.rows, row.isMerged, row.isFew])).toEqual([
      ['large', 40, false, false],
      ['2 groups under 20 rows, merged', 20, true, false]
    ])
  })

  test('of scores are measured by how far off they are', () => {
    const scores: StoredPredictions = {
      ...stored,
      kind: 'regression',
      classNames: [],
      truth: [1, 2],
      answers: [1.5, 1],
      lines: [2, 3],
      keys: ['a', 'b']
    }
    const [error] = rowMetrics(scores)
    expect([...error!.values]).toEqual([0.5, 1])
    expect(error?.isShare).toBe(false)
  })

  test('by length are thirds', () => {
    const names = lengthGroups(['a', 'bb', 'ccc', 'dddd', 'eeeee', 'ffffff'])
    expect(new Set(names).size).toBe(3)
    expect(names[0]).toBe('under 3 characters')
    expect(names[5]).toBe('5 characters or more')
  })
})

describe('calibration', () => {
  const logits = Float64Array.of(2, 0, -1, 0.5, 1, 0, -2, 1, 3)
  const read = (temperature: number): number[] => [...softmaxRows(logits, 3, temperature)]
  const three = { ...stored, classNames: ['a', 'b', 'c'], lines: [2, 3, 4], keys: ['a', 'b', 'c'], truth: [0, 1, 2] }

  test('can be taken out of stored answers again', () => {
    const before = withoutTemperature({ ...three, answers: read(2.5) }, [2.5])
    read(1).forEach((value, i) => expect(before.answers[i]).toBeCloseTo(value, 12))
    const label = { ...three, kind: 'multi-label' as const, truth: [], answers: [1 / (1 + Math.exp(-1 / 2)), 0.5, 1] }
    const [first, second, third] = withoutTemperature(label, [2, 3, 2]).answers
    expect(first).toBeCloseTo(1 / (1 + Math.exp(-1)), 12)
    expect([second, third]).toEqual([0.5, 1])
  })

  test('is shown before and after on validation, and checked on the test', () => {
    const view = calibrationOf({ ...three, answers: read(2.5) }, stored, [2.5])
    expect(view.before?.ece).not.toBe(view.after?.ece)
    expect(view.test?.rows).toBe(rows)
    expect(calibrationOf(null, null, null)).toEqual({ temperatures: [], before: null, after: null, test: null })
  })
})

describe('what was decided after the test', () => {
  const after: AfterTest = {
    looks: 4,
    alarm: {
      className: 'urgent',
      threshold: 0.31,
      goal: 'Miss at most 1 in 20',
      test: { rows: 122, positives: 25, alarms: 41, hits: 24 }
    },
    personBelow: 0.7,
    verdicts: { labelWrong: 3, modelWrong: 2, unclear: 0 },
    changedAfter: 3,
    changedBefore: 0
  }

  test('is written on the report', () => {
    const [block] = afterSection(after)!.blocks
    expect(block?.kind === 'list' && block.items.map((item) => item.replaceAll('\u00a0', ' '))).toEqual([
      '3 test labels were changed after the test; the numbers above are those of the labels as they were.',
      "'urgent' is called out from 0.31 on (Miss at most 1 in 20): on the test that found 24 of 25, and 24 of 41 alarms were right.",
      'Answers less than 70 % sure are left to a person.',
      'Looked at one by one: 3 labels called wrong, 2 answers of the model, 0 unclear.',
      'The test rows have been consulted 4 times.'
    ])
    expect(afterSection(undefined)).toBeNull()
  })

  test('is checked when a report is read', () => {
    expect(checkAfterTest(undefined)).toBeNull()
    expect(checkAfterTest(after)).toBeNull()
    expect(checkAfterTest({ ...after, looks: -1 })).not.toBeNull()
  })
})
