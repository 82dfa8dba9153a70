import { describe, expect, test } from 'vitest'
import type { StoredPassages } from '../../../../../src/main/report/passages.ts'
import { correctedCell } from '../../../../../src/main/results/passages/corrected-cell.ts'
import { confusionOf, errorsOf, filteredErrors } from '../../../../../src/main/results/passages/errors.ts'
import { passageMetrics } from '../../../../../src/main/results/passages/groups.ts'

const mark = (start: number, end: number, label: string) => ({ start, end, label })
const found = (start: number, end: number, label: string, confidence: number) => ({ ...mark(start, end, label), confidence })

const stored: StoredPassages = {
  format: 'attune-passages-1',
  part: 'test',
  types: ['DATE', 'NAME'],
  splitHash: 'x',
  groups: null,
  documents: [
    {
      line: 2,
      key: 'a',
      truth: [mark(0, 4, 'NAME'), mark(10, 14, 'DATE'), mark(20, 30, 'NAME')],
      said: [found(0, 4, 'NAME', 0.99), found(10, 14, 'NAME', 0.6), found(20, 26, 'NAME', 0.8), found(40, 44, 'DATE', 0.9)]
    },
    { line: 5, key: 'b', truth: [mark(3, 9, 'DATE')], said: [] },
    { line: 7, key: 'c', truth: [mark(1, 2, 'NAME')], said: [found(1, 2, 'NAME', 0.7)] }
  ]
}

describe('errors of a run that marks passages', () => {
  const errors = errorsOf(stored)

  test('are named by what is wrong, the surest first, what was missed last', () => {
    expect(errors.map(({ line, error, said }) => [line, error, said?.confidence ?? null])).toEqual([
      [2, 'invented', 0.9],
      [2, 'boundary', 0.8],
      [2, 'type', 0.6],
      [5, 'missed', null]
    ])
    expect(new Set(errors.map(({ key }) => key)).size).toBe(errors.length)
  })

  test('are filtered by kind of error, by what the data say, by what the model says, and by verdicts', () => {
    const lines = (filter: Parameters<typeof filteredErrors>[1]): string[] =>
      filteredErrors(errors, filter, new Map([[errors[3]?.key ?? '', 'unclear']])).map(({ error }) => error)
    expect(lines({ only: 'all', truth: null, said: null })).toHaveLength(4)
    expect(lines({ only: 'missed', truth: null, said: null })).toEqual(['missed'])
    expect(lines({ only: 'all', truth: 'DATE', said: null })).toEqual(['type', 'missed'])
    expect(lines({ only: 'all', truth: 'DATE', said: 'NAME' })).toEqual(['type'])
    expect(lines({ only: 'judged', truth: null, said: null })).toEqual(['missed'])
  })

  test('and what is right make the table of kinds, nothing last', () => {
    expect(confusionOf(stored)).toEqual([
      [0, 1, 1],
      [0, 3, 0],
      [1, 0, 0]
    ])
  })

  test('are measured for groups: passages found, passages right, whole documents', () => {
    const values = Object.fromEntries(passageMetrics(stored).map(({ id, values, documents }) => [id, { values, documents }]))
    expect(values['found']).toEqual({ values: [1, 0, 0, 0, 1], documents: [0, 0, 0, 1, 2] })
    expect(values['right']).toEqual({ values: [1, 0, 0, 0, 1], documents: [0, 0, 0, 0, 2] })
    expect(values['flawless']).toEqual({ values: [0, 0, 1], documents: [0, 1, 2] })
    expect(values['found:DATE']).toEqual({ values: [0, 0], documents: [0, 1] })
  })
})

describe('marks that people call wrong', () => {
  const errors = errorsOf(stored).filter(({ line }) => line === 2)
  const datasets = (cell: string, answer: string | null = 'marks') => ({
    get: () => ({ roles: { answer } }) as never, // Only the role is read.
    cellsAt: async () => new Map([['marks', cell]])
  })
  const cell = JSON.stringify([
    { start: 0, end: 4, label: 'NAME', by: 'anna' },
    { start: 2, end: 3, label: 'INNER' },
    { start: 10, end: 14, label: 'DATE' },
    { start: 20, end: 30, label: 'NAME' }
  ])

  test('become what the model says, and leave all others as they are', async () => {
    expect(JSON.parse(await correctedCell(datasets(cell), 'd-1', 2, errors))).toEqual([
      { start: 0, end: 4, label: 'NAME', by: 'anna' },
      { start: 2, end: 3, label: 'INNER' },
      { start: 10, end: 14, label: 'NAME' },
      { start: 20, end: 26, label: 'NAME' },
      { start: 40, end: 44, label: 'DATE' }
    ])
  })

  test('are refused where the data have no marks any more', async () => {
    await expect(correctedCell(datasets('urgent'), 'd-1', 2, errors)).rejects.toThrow('no answer column')
    await expect(correctedCell(datasets(cell, null), 'd-1', 2, errors)).rejects.toThrow('no answer column')
  })
})
