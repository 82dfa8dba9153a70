import { describe, expect, test } from 'vitest'
import { RowsWriter, allRows, type StoredRow } from '../../../../../src/main/data/datasets/rows-file.ts'
import { parseAnswers } from '../../../../../src/main/data/questions/parse-answers.ts'
import { ruleFinder } from '../../../../../src/main/data/personal/find.ts'
import type { PersonalAction } from '../../../../../src/main/data/personal/actions.ts'
import { Pseudonyms } from '../../../../../src/main/data/personal/surrogates/pseudonyms.ts'
import { cleanTable, type CleanedTable } from '../../../../../src/main/data/personal/table/clean-table.ts'
import { pointingColumns } from '../../../../../src/main/data/personal/table/pointing.ts'
import { scanTable } from '../../../../../src/main/data/personal/table/scan-table.ts'
import { gather, testFolder } from '../folder.ts'

const { at } = testFolder()
const COLUMNS = ['context', 'question', 'answers']
/** A character of two UTF-16 units, before everything that is found: places count code points. */
const CONTEXT = '\u{1F600} Dr Weber met Mrs Weber on 4 May 2024. She takes ramipril. Call 020 7946 0018.'
const points = (words: string, from = 0): number => [...CONTEXT.slice(0, CONTEXT.indexOf(words, from))].length
const answers = (...words: readonly string[]): string =>
  JSON.stringify({ text: words, answer_start: words.map((each) => points(each)) })

let tables = 0

interface Cleaned extends CleanedTable {
  readonly rows: readonly StoredRow['cells'][]
}

async function cleaned(
  rows: readonly StoredRow['cells'][],
  action: PersonalAction,
  { columns = COLUMNS, answerColumn = null as string | null, kinds = ['NAME', 'DATE', 'PHONE'] } = {}
): Promise<Cleaned> {
  const rowsPath = at(`rows-${++tables}.jsonl`)
  const writer = new RowsWriter(rowsPath)
  for (const [i, cells] of rows.entries()) await writer.add(i + 1, cells)
  await writer.close()
  const outPath = `${rowsPath}-clean`
  const done = await cleanTable(
    {
      ...{ rowsPath, columns, outPath, groupColumn: null, textColumn: null, answerColumn, visible: 0 },
      choices: kinds.map((kind) => ({ column: 'context', kind, action }))
    },
    { find: ruleFinder(), pseudonyms: new Pseudonyms(), onRows: () => undefined }
  )
  return { ...done, rows: (await gather(allRows(outPath))).map(({ cells }) => cells) }
}

/** What a cell's answers say in their text, read as training reads them. */
const said = ([text = '', , cell = '']: StoredRow['cells']): readonly string[] =>
  parseAnswers(text, cell, { file: '', line: 0, column: '' }).answers.map(({ start, end }) => text.slice(start, end))

describe('places of answers move along with the text', () => {
  test('behind what was replaced, and to what was put in the place of the answer itself', async () => {
    const asked = [
      [CONTEXT, 'What does she take?', answers('ramipril')],
      [CONTEXT, 'When?', answers('4 May 2024', 'May 2024')],
      [CONTEXT, 'Which month?', answers('May')],
      [CONTEXT, 'Whom?', answers('Mrs Weber')],
      [CONTEXT, 'Why?', '{"text":[],"answer_start":[]}']
    ]
    const { rows, followed, cells } = await cleaned(asked, 'mask')
    expect(rows.map(said)).toEqual([['ramipril'], ['[DATE]', '[DATE]'], ['[DATE]'], ['Mrs [NAME]'], []])
    expect(rows[0]?.[0]).toBe('\u{1F600} Dr [NAME] met Mrs [NAME] on [DATE]. She takes ramipril. Call [PHONE].')
    expect(rows.map(([, , cell]) => cell).join('')).not.toMatch(/Weber|May/)
    expect([followed, cells]).toEqual([{ marks: 0, answers: 0, unfit: 0 }, 5])
    expect(rows[4]?.[2]).toBe(asked[4]?.[2])
  })

  test('in a list of objects too, with surrogates', async () => {
    const cell = JSON.stringify([{ text: 'Weber', answer_start: points('Weber', CONTEXT.indexOf('Mrs')), answer_id: 7 }])
    const { rows } = await cleaned([[CONTEXT, 'Who?', cell]], 'pseudonymise')
    const surname = /met Mrs (\p{L}+)/u.exec(rows[0]?.[0] ?? '')?.[1]
    expect([surname === 'Weber', said(rows[0]!)]).toEqual([false, [surname]])
    expect(rows[0]?.[2]).toMatch(/^\[\{"text":/)
  })

  test('an answer that was removed leaves its row without one, and is counted', async () => {
    const { rows, followed } = await cleaned(
      [
        [CONTEXT, 'When?', answers('4 May 2024')],
        [CONTEXT, 'What?', answers('ramipril', '020 7946 0018')]
      ],
      'remove'
    )
    expect(rows.map(([, , cell]) => cell === '')).toEqual([true, false])
    expect(said(rows[1]!)).toEqual(['ramipril'])
    expect(followed).toEqual({ marks: 0, answers: 2, unfit: 0 })
  })

  test('an answer that never stood where it was said to is emptied and counted, never kept with its words', async () => {
    const wrong = JSON.stringify({ text: ['Mrs Weber'], answer_start: [3] })
    const { rows, followed } = await cleaned(
      [
        [CONTEXT, 'When?', answers('May')],
        [CONTEXT, 'Who?', wrong]
      ],
      'mask'
    )
    expect([rows[1]?.[2], followed.unfit]).toEqual(['', 1])
  })
})

describe('answers without a place', () => {
  test('follow the text, and say which place they mean where a mask stands in several', async () => {
    const rows = [
      [CONTEXT, 'What?', 'ramipril'],
      [CONTEXT, 'Who?', 'Dr Weber'],
      [CONTEXT, 'When?', 'on 4 May 2024']
    ]
    const done = await cleaned(rows, 'mask', { answerColumn: 'answers' })
    expect(done.rows.map(([, , cell]) => cell)).toEqual(['ramipril', 'Dr [NAME]', 'on [DATE]'])
    const second = [['Weber came. Mrs Ada Marsh saw Mrs Weber.', 'Whom?', 'Mrs Weber']]
    const masked = await cleaned(second, 'mask', { answerColumn: 'answers' })
    const [row] = masked.rows
    expect(said(row!)).toEqual(['Mrs [NAME]'])
    expect(row?.[0]?.indexOf('Mrs [NAME]')).not.toBe(row?.[0]?.lastIndexOf('Mrs [NAME]'))
    const { start = 0 } = parseAnswers(row?.[0] ?? '', row?.[2] ?? '', { file: '', line: 0, column: '' }).answers[0] ?? {}
    expect(start).toBe(row?.[0]?.lastIndexOf('Mrs [NAME]'))
  })

  test('are a column like any other where no role says that they are answers', async () => {
    const { rows } = await cleaned([[CONTEXT, 'Who?', 'Dr Weber']], 'mask')
    expect(rows[0]?.[2]).toBe('Dr Weber')
  })
})

describe('what points into a text', () => {
  const row = (...cells: readonly string[]): StoredRow => ({ line: 1, cells })

  test('is told by what fits, not by the roles alone; what fits nothing is gone through like any other', () => {
    const roles = { textColumn: 'question', answerColumn: null }
    expect(pointingColumns(COLUMNS, [row(CONTEXT, 'What?', answers('ramipril'))], roles)).toEqual([
      { at: 2, kind: 'answers', text: 0 }
    ])
    expect(pointingColumns(COLUMNS, [row('Another text', 'What?', answers('ramipril'))], roles)).toEqual([])
  })

  test('is not scanned by itself, and named in the report', async () => {
    const rowsPath = at('scan.jsonl')
    const writer = new RowsWriter(rowsPath)
    await writer.add(1, [CONTEXT, 'When was Mrs Halden seen?', answers('4 May 2024')])
    await writer.close()
    const input = { rowsPath, columns: COLUMNS, rows: 1, textColumn: null, answerColumn: null }
    const { findings, following } = await scanTable(input, ruleFinder(), () => undefined)
    expect(following).toEqual(['answers'])
    expect(new Set(findings.map(({ column }) => column))).toEqual(new Set(['context', 'question']))
  })
})

test('marks of a column that no role names move too; one of which nothing is left goes, and is counted', async () => {
  const spans = [
    { start: points('ramipril'), end: points('ramipril') + 8, label: 'DRUG' },
    { start: points('4 May'), end: points('4 May') + 10, label: 'DATE' }
  ]
  const { rows, followed } = await cleaned([[CONTEXT, 'x', JSON.stringify(spans)]], 'remove')
  const [text = '', , cell = ''] = rows[0] ?? []
  const [mark, ...others] = JSON.parse(cell) as { start: number; end: number; label: string }[]
  expect([others, [...text].slice(mark?.start, mark?.end).join('')]).toEqual([[], 'ramipril'])
  expect(followed).toEqual({ marks: 1, answers: 0, unfit: 0 })
})
