import { describe, expect, it } from 'vitest'
import type { Mark } from '../../../../../src/main/base/mark.ts'
import { AVERAGE_KEYS } from '../../../../../src/main/engine/evaluation/averages.ts'
import { dictionaryAnswers } from '../../../../../src/main/engine/evaluation/baselines/dictionary.ts'
import { entityMeasure, entityMetrics, indexOfType, typeCounts } from '../../../../../src/main/engine/evaluation/entities.ts'
import { matchMarks, type Matching } from '../../../../../src/main/engine/evaluation/entity-matching.ts'
import type { FoundMark } from '../../../../../src/main/engine/evaluation/entity-errors.ts'
import { evaluateEntities } from '../../../../../src/main/engine/evaluation/entity-results.ts'
import { measureOnce } from '../../../../../src/main/engine/evaluation/intervals.ts'
import { decodeTags, marksOf, TagSet, type TagScheme } from '../../../../../src/main/engine/tasks/tags.ts'
import fixture from '../../../../fixtures/tokens/entities.json' with { type: 'json' }

// Written by scripts/reference/token_classification.py: seqeval (strict, or its default where tags break the scheme) and nervaluate.
interface Case {
  readonly scheme: string
  readonly truth: readonly (readonly string[])[]
  readonly said: readonly (readonly string[])[]
  readonly averages: Readonly<Record<string, readonly (number | null)[]>>
  readonly types: Readonly<Record<string, readonly number[]>>
  readonly matching?: Readonly<Record<string, readonly number[]>>
}
const cases = (fixture.cases as unknown as readonly Case[]).map((each, number) => ({ ...each, number })) // Our own fixture.

const types = ['LOC', 'ORG', 'PER']

function marksIn(scheme: string, documents: readonly (readonly string[])[]): Mark[][] {
  const tags = new TagSet(types, scheme as TagScheme) // Our own fixture.
  return documents.map((names) => {
    const words = names.map((_, i) => ({ start: i, end: i + 1 }))
    return marksOf(
      decodeTags(
        Int32Array.from(names, (name) => tags.names.indexOf(name)),
        tags
      ),
      words,
      tags
    )
  })
}

describe.each(cases)('tags of case $number ($scheme)', ({ scheme, truth, said, averages, types: perType, matching }) => {
  const data = { types, truth: marksIn(scheme, truth), said: marksIn(scheme, said) }

  it('have the precision, recall and F1 of seqeval', () => {
    const metrics = entityMetrics(data)
    for (const [i, key] of AVERAGE_KEYS.entries()) {
      const [average = '', number = ''] = key.split('_')
      const expected = averages[average]?.[['precision', 'recall', 'f1'].indexOf(number)]
      expect(metrics[key], `${key} (${i})`).toBeCloseTo(expected === null ? 0 : (expected ?? NaN), 12)
    }
    const values = measureOnce(entityMeasure(data))
    const counts = typeCounts(data)
    for (const [type, name] of types.entries()) {
      const [precision, recall, f1, support] = perType[name] ?? [0, 0, 0, 0]
      expect(values[indexOfType(type, 'precision')]).toBeCloseTo(precision ?? NaN, 12)
      expect(values[indexOfType(type, 'recall')]).toBeCloseTo(recall ?? NaN, 12)
      expect(values[indexOfType(type, 'f1')]).toBeCloseTo(f1 ?? NaN, 12)
      const there = counts.actual.reduce((sum, count, at) => (at % types.length === type ? sum + count : sum), 0)
      expect(there).toBe(support)
    }
  })

  // nervaluate reads valid BIO tags alone.
  it('are measured by softer rules for each type as if there were no other', () => {
    const values = measureOnce(entityMeasure(data))
    for (const [type, name] of types.entries()) {
      const alone = (all: readonly (readonly Mark[])[]): Mark[][] =>
        all.map((marks) => marks.filter(({ label }) => label === name))
      const metrics = entityMetrics({ types: [name], truth: alone(data.truth), said: alone(data.said) })
      for (const rule of ['partial', 'type'] as const)
        expect(values[indexOfType(type, 'f1', rule)], `${name} ${rule}`).toBeCloseTo(metrics[`${rule}_f1`], 12)
    }
  })

  if (!matching) return
  it('match as nervaluate counts', () => {
    const names = { strict: 'strict', exact: 'exact', partial: 'partial', type: 'ent_type' } as const
    const metrics = entityMetrics(data)
    for (const [rule, name] of Object.entries(names)) {
      const sums = { correct: 0, partial: 0, incorrect: 0, missed: 0, spurious: 0 }
      for (const [i, marks] of data.truth.entries()) {
        const own = matchMarks(marks, data.said[i] ?? [], rule as Matching) // A key of the object above.
        for (const key of Object.keys(sums) as (keyof typeof sums)[]) sums[key] += own[key] // Likewise.
      }
      const [correct, partial, incorrect, missed, spurious, f1] = matching?.[name] ?? []
      expect(sums, rule).toEqual({ correct, partial, incorrect, missed, spurious })
      if (rule !== 'strict') expect(metrics[`${rule as 'exact' | 'partial' | 'type'}_f1`]).toBeCloseTo(f1 ?? NaN, 12)
    }
  })
})

it('The cases hold valid tags, broken ones and both schemes', () => {
  expect(cases.filter(({ scheme }) => scheme === 'BILOU').length).toBeGreaterThan(10)
  expect(cases.filter(({ matching }) => matching).length).toBeGreaterThan(10)
})

describe('judged passages', () => {
  const mark = (start: number, end: number, label: string): FoundMark => ({ start, end, label, confidence: 0.9 })
  const truth = [[mark(0, 4, 'PER'), mark(10, 14, 'LOC')], [mark(3, 8, 'PER')], []]
  const said = [[mark(0, 4, 'LOC'), mark(20, 22, 'PER')], [mark(3, 6, 'PER')], []]
  const result = evaluateEntities(
    { types: ['LOC', 'PER'], truth, said },
    { seed: 1, resamples: 50, rowIds: [7, 8, 9], baselines: [{ id: 'dictionary', title: 'Dictionary', said: truth }] }
  )

  it('are told apart by what is wrong with them, with line and place', () => {
    expect(result.errors).toEqual({ missed: 1, invented: 1, boundary: 1, type: 1 })
    expect(result.flawless).toBe(1)
    expect(result.worstErrors).toContainEqual({
      row: 7,
      kind: 'type',
      truth: { start: 0, end: 4, type: 1 },
      said: { start: 0, end: 4, type: 0 },
      confidence: 0.9
    })
    expect(result.worstErrors.at(-1)).toMatchObject({ row: 7, kind: 'missed', said: null, confidence: 0 })
  })

  it('have a baseline beside them, and intervals that do not shrink to nothing', () => {
    expect(result.baselines[0]).toMatchObject({
      id: 'dictionary',
      metrics: { micro_f1: { value: 1 } },
      differences: { micro_f1: { value: -1 } }
    })
    expect(result.metrics.micro_recall?.value).toBe(0)
    expect(result.metrics.micro_recall?.high).toBeGreaterThan(0.3)
  })

  it('are softer of each type where they overlap: half, or whole', () => {
    const { softer, recall } = result.perType[1] ?? {}
    expect([recall, softer?.partial.recall, softer?.type.recall].map((estimate) => estimate?.value)).toEqual([0, 0.25, 0.5])
    for (const estimate of [softer?.partial.recall, softer?.type.precision]) {
      expect(estimate?.low).toBeLessThan(estimate?.value ?? 0)
      expect(estimate?.high).toBeGreaterThan(estimate?.value ?? 1)
    }
  })
})

describe('a dictionary of marked passages', () => {
  const texts = [
    'Dr. Weber saw Anna on 12.03.2021.',
    'Anna and Berta came on 01.04.2020.',
    'Dr. Kranz left.',
    'An april fool, may come.'
  ]
  const find = (text: string, part: string, label: string): Mark => ({
    start: text.indexOf(part),
    end: text.indexOf(part) + part.length,
    label
  })
  const parts = [
    [
      ['Weber', 'NAME'],
      ['Anna', 'NAME'],
      ['12.03.2021', 'DATE']
    ],
    [
      ['Anna', 'NAME'],
      ['Berta', 'NAME'],
      ['01.04.2020', 'DATE']
    ],
    [['Kranz', 'NAME']],
    []
  ]
  const marks = texts.map((text, i) => (parts[i] ?? []).map(([part = '', label = '']) => find(text, part, label)))
  const nothing = { texts: [], marks: [] }
  const answers = (text: string): Mark[] => dictionaryAnswers({ texts, marks }, nothing, [text], () => 0)[0] ?? []

  it('knows what it saw, digits by their pattern, and shapes behind the word before them', () => {
    const text = 'Berta met Dr. Holm on 30.11.1999.'
    expect(answers(text)).toEqual([find(text, 'Berta', 'NAME'), find(text, 'Holm', 'NAME'), find(text, '30.11.1999', 'DATE')])
  })

  it('does not believe what is rarely marked', () => {
    const rare = {
      texts: ['May came.', 'He may go.', 'May I go?', 'May I?', 'May you?'],
      marks: [[{ start: 0, end: 3, label: 'NAME' }], [], [], [], []]
    }
    expect(dictionaryAnswers(rare, nothing, ['Then May went.'], () => 0)).toEqual([[]])
  })
})
