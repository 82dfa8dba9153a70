import { describe, expect, it } from 'vitest'
import type { DatasetSpec } from '../../../../src/main/data/dataset-types.ts'
import { loadDataset } from '../../../../src/main/data/dataset.ts'
import { splitDataset } from '../../../../src/main/data/split.ts'
import { refusalOf, testFolder } from './folder.ts'

const { put } = testFolder()

const lines = (...rows: readonly object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('')
const mark = (start: number, end: number, label: string) => ({ start, end, label })

async function load(content: string, more: Partial<DatasetSpec> = {}) {
  const file = await put('marks.jsonl', content)
  return loadDataset({ task: 'token-classification', text: 'text', label: 'marks', file, ...more })
}

describe('marks of token classification', () => {
  it('come as a list or as its text, counted in code points, and leave rows that nobody marked out', async () => {
    const dataset = await load(
      lines(
        { text: '😀 Anna', marks: [mark(2, 6, 'NAME')] },
        { text: 'In Rom', marks: JSON.stringify([mark(3, 6, 'PLACE')]) },
        { text: 'Nothing', marks: [] },
        { text: 'Unread', marks: null }
      )
    )
    expect(dataset.labels).toEqual({ kind: 'spans', values: [[mark(3, 7, 'NAME')], [mark(3, 6, 'PLACE')], []] })
    expect(dataset.classNames).toEqual(['NAME', 'PLACE'])
    expect(dataset.classCounts).toEqual([1, 1])
    expect(dataset.skippedCounts.missing_label).toBe(1)
  })

  const overlapping = [mark(0, 10, 'NAME'), mark(3, 5, 'PLACE'), mark(8, 12, 'PLACE')]
  const content = lines({ text: 'a', marks: [] }, { text: 'Anna Rosa Berg', marks: overlapping })

  it('are refused by line where they overlap', async () => {
    expect(await refusalOf(() => load(content))).toBe(
      "data_spans_overlap: Line 2 of marks.jsonl: two passages in the column 'marks' overlap. A word can be of one type only. Correct the marks, or set data.overlapping to outermost to keep the outer one."
    )
  })

  it('are kept from outside where that is asked for, and that is another data set', async () => {
    const dataset = await load(content, { overlapping: 'outermost' })
    expect(dataset.labels).toEqual({ kind: 'spans', values: [[], [mark(0, 10, 'NAME')]] })
    expect(dataset.notes.map(({ code }) => code)).toEqual(['marks_outermost'])
    const one = lines({ text: 'Anna', marks: [mark(0, 4, 'NAME')] })
    expect((await load(one)).contentHash).not.toBe((await load(one.replace('0,"end":4', '0,"end":3'))).contentHash)
  })

  it('are refused where nothing is marked, and where a type was never trained', async () => {
    expect(await refusalOf(() => load(lines({ text: 'a', marks: [] })))).toContain('marks no passage in any row')
    const unknown = load(lines({ text: 'Anna', marks: [mark(0, 4, 'NAME')] }), { classNames: ['PLACE'] })
    expect(await refusalOf(() => unknown)).toContain("data_label_unseen: The type 'NAME' in marks.jsonl (first at line 1)")
  })

  it('are split so that each part has its share of every type', async () => {
    const rows = Array.from({ length: 60 }, (_, i) => ({
      text: `Anna ${i}`,
      marks: i % 6 === 0 ? [mark(0, 4, 'RARE')] : i % 2 === 0 ? [mark(0, 4, 'NAME')] : []
    }))
    const split = splitDataset(await load(lines(...rows)), { train: 0.6, validation: 0.2, test: 0.2 }, 1)
    expect(split.classCounts).toEqual({ train: [12, 6], validation: [4, 2], test: [4, 2] })
  })
})

it('A list in the column of a text classification, or in that of a text, is refused with what to do', async () => {
  const advice = 'but a column can only hold text or a number. Write several labels as one text with a separator.'
  const file = await put(
    'bad.jsonl',
    '{"text":"a","labels":"x"}\n{"text":"a","labels":["x","y"],"other":[1]}\n{"text":{"a":1}}\n'
  )
  const spec = { task: 'text-classification', text: 'text', file } as const
  expect(await refusalOf(() => loadDataset({ ...spec, label: 'labels' }))).toBe(
    `data_json_nested: Line 2 of bad.jsonl: 'labels' holds a list, ${advice}`
  )
  expect(await refusalOf(() => loadDataset({ ...spec, task: 'masked-lm' }))).toBe(
    `data_json_nested: Line 3 of bad.jsonl: 'text' holds an object, ${advice}`
  )
})
