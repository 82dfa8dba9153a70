import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { ProjectId } from '../../../../../src/preload/contract/common.ts'
import { inspectMarks } from '../../../../../src/main/cli/inspect-marks.ts'
import { loadDataset } from '../../../../../src/main/data/dataset.ts'
import { Datasets, type StoredDataset } from '../../../../../src/main/data/datasets/datasets.ts'
import { markedDocuments } from '../../../../../src/main/data/marks/read-marks.ts'
import { writeMarks } from '../../../../../src/main/data/marks/write-marks.ts'
import { gather, testFolder } from '../folder.ts'

const { at, put } = testFolder()

/** Data sets with an index in memory. */
function makeDatasets(): Datasets {
  const known = new Map<string, StoredDataset>()
  return new Datasets({
    folder: at('datasets'),
    samplesFolder: at('samples'),
    index: {
      list: () => [...known.values()],
      find: (id) => known.get(id) ?? null,
      save: (dataset) => void known.set(dataset.id, dataset),
      saveChoices: (dataset) => void known.set(dataset.id, dataset)
    },
    projects: {
      reserve: async () => 'p-new' as ProjectId,
      release: async () => undefined,
      forFile: async (name) => `p-${name}` as ProjectId,
      forSample: async ({ id }) => `p-practice-${id}` as ProjectId
    },
    restore: async () => undefined,
    now: () => '2026-01-01T00:00:00Z',
    onReading: () => undefined
  })
}

const documents = Array.from({ length: 30 }, (_, i) => ({
  id: i,
  text: `Dr. Nr${i} saw Ann 🙂 on day ${i}`,
  label:
    i === 3
      ? [[0, 99, 'NAME']]
      : [
          [4, 6 + String(i).length, 'NAME'],
          [11 + String(i).length, 14 + String(i).length, 'NAME']
        ],
  annotator: i % 2 ? 'b' : 'a'
}))
const doccano = documents.map((each) => `${JSON.stringify(each)}\n`).join('')
const left = 'Its mark 1 lies outside the text of 26 characters.'

describe('a file of marks that is opened', () => {
  test('is laid down as texts and marks, with what cannot be used listed', async () => {
    const datasets = makeDatasets()
    const opened = await datasets.open(await put('marks.jsonl', doccano), 'marks.jsonl')
    expect(opened.readAs).toEqual({ encoding: 'marks of doccano, UTF-8', delimiter: null })
    expect(opened.columns.map(({ name, looksLike }) => [name, looksLike])).toEqual([
      ['text', 'text'],
      ['spans', 'marks'],
      ['id', 'id'],
      ['annotator', 'classes']
    ])
    expect(opened.rows).toBe(29)
    expect(opened.roles).toMatchObject({ task: 'token-classification', text: 'text', answer: 'spans' })
    expect(await datasets.rejected(opened.id, 0, 9)).toMatchObject({
      total: 1,
      items: [{ file: 'marks.jsonl', place: 'line 4', reason: left }]
    })
    // The person's own file stays beside what was made of it.
    expect(await readdir(at(`datasets/${opened.id}`))).toEqual(expect.arrayContaining(['marks.jsonl', 'table.jsonl']))
    const report = await datasets.setRoles(opened.id, { ...opened.roles, belonging: 'no' })
    expect(report).toMatchObject({ kinds: [{ name: 'NAME', count: 58 }], classes: null, scores: null, blocked: null })
    expect(report.split).toMatchObject({ train: 20, validation: 5, test: 4 })
    // To sort the same texts, the marks beside them are still something to know.
    const roles = { ...opened.roles, task: 'text-classification', answer: 'annotator', belonging: 'no' } as const
    expect((await datasets.setRoles(opened.id, roles)).findings.map(({ code, sentence }) => [code, sentence])).toContainEqual([
      'marks',
      '29 texts have marked passages: NAME 58.'
    ])
    // What was made of it is a table that no longer depends on what is recognised.
    expect(await inspectMarks(datasets.pathOf(opened.id))).toBeNull()
    const spec = { task: 'token-classification', text: 'text', label: 'spans' } as const
    const made = await loadDataset({ ...spec, file: datasets.pathOf(opened.id) })
    const own = await loadDataset({ ...spec, file: at('marks.jsonl') })
    expect(made.labels).toEqual(own.labels)
    expect(made.contentHash).toBe(own.contentHash)
  })

  test('can be one of tagged words, or a list', async () => {
    const datasets = makeDatasets()
    const conll = await datasets.open(await put('t.conll', 'Ann\tB-NAME\n\nBo\tO\n'), 't.conll')
    expect([conll.rows, conll.readAs.encoding]).toEqual([2, 'marks of CoNLL (IOB2), UTF-8'])
    const list = await datasets.open(await put('t.json', JSON.stringify(documents)), 't.json')
    expect([list.rows, list.readAs.encoding]).toEqual([29, 'marks of doccano, UTF-8'])
  })
})

describe('texts in which passages are to be found', () => {
  const mark = (start: number, end: number, label: string) => ({ start, end, label })
  const rows = Array.from({ length: 40 }, (_, i) => ({
    text: `Ann Lee saw number ${i} on Monday`,
    spans: i % 4 === 0 ? [] : [mark(0, 7, i < 3 ? 'Name' : 'NAME'), ...(i % 2 ? [mark(0, 3, 'NAME')] : [])]
  }))

  async function reportOf(extra: readonly object[] = []) {
    const datasets = makeDatasets()
    const lines = [...rows, ...extra].map((row) => JSON.stringify(row)).join('\n')
    const { id, roles } = await datasets.open(await put('rows.jsonl', lines), 'rows.jsonl')
    return datasets.setRoles(id, { ...roles, belonging: 'no' })
  }

  test('have the findings that make sense of marks, and none of classes', async () => {
    const { findings, blocked } = await reportOf([
      rows[1]!,
      { text: 'Ann Lee', spans: [] },
      { text: 'Ann Lee', spans: [mark(0, 3, 'NAME')] }
    ])
    expect(blocked).toBeNull()
    const told = new Map(findings.map(({ code, sentence }) => [code, sentence]))
    expect([...told.keys()].toSorted()).toEqual([
      'conflicting-duplicates',
      'duplicates',
      'few-rows',
      'marks-none',
      'marks-outermost',
      'rare-kinds',
      'similar-kinds',
      'split-absent-classes'
    ])
    expect(told.get('marks-none')).toMatch(/^In 11 texts of 43 nothing is marked\. /)
    expect(told.get('rare-kinds')).toBe("Fewer than 20 passages are marked as 'Name': expect little there, and a wide interval.")
    expect(told.get('conflicting-duplicates')).toBe('1 text stands in several rows with different marks. Look which is right.')
    expect(told.get('marks-outermost')).toMatch(/^2\d marks were left out/)
  })

  test('cannot be trained on without a column of marks, or without a mark', async () => {
    const datasets = makeDatasets()
    const bare = rows.map(({ text }) => JSON.stringify({ text, spans: '[]' })).join('\n')
    const { id, roles } = await datasets.open(await put('bare.jsonl', bare), 'bare.jsonl')
    expect(roles).toMatchObject({ task: 'text-classification', answer: null })
    const marks = { ...roles, task: 'token-classification', belonging: 'no' } as const
    expect((await datasets.setRoles(id, marks)).blocked).toMatch(/^No column with marks is chosen\./)
    expect((await datasets.setRoles(id, { ...marks, answer: 'spans' })).blocked).toMatch(/marks no passage in any row/)
  })
})

describe('a run on marks', () => {
  const spec = { task: 'token-classification', text: 'text', label: 'spans', group: 'annotator' } as const

  test('leaves documents out that cannot be used, and says so', async () => {
    const { count, notes, classNames } = await loadDataset({ ...spec, file: await put('marks.jsonl', doccano) })
    expect([count, classNames]).toEqual([29, ['NAME']])
    expect(notes.find(({ code }) => code === 'documents_rejected')?.message).toBe(
      `1 document or page was left out. 'marks.jsonl' (line 4): ${left}`
    )
  })

  test('reads CoNLL that is called train.txt, and a folder of BRAT', async () => {
    const path = await put('train.txt', 'Ann\tB-NAME\n\nBo\tO\n')
    const { count } = await loadDataset({ task: spec.task, text: 'text', label: 'spans', file: path })
    expect(count).toBe(2)
    await put('marks.jsonl', doccano)
    const out = at(`brat-${Date.now()}`)
    await writeMarks('brat', markedDocuments(at('marks.jsonl'), { text: 'text', spans: 'spans' }), out)
    await mkdir(join(out, 'more'))
    await writeFile(join(out, 'more', 'bad.txt'), 'Ann')
    await writeFile(join(out, 'more', 'bad.ann'), 'T1\tNAME 0 9\tAnn\nR1\tx Arg1:T1 Arg2:T1\n')
    const brat = await loadDataset({ task: spec.task, text: 'text', label: 'spans', file: out })
    const own = await loadDataset({ ...spec, file: at('marks.jsonl') })
    expect(brat.count).toBe(29)
    const shown = ({ texts, labels }: typeof own) =>
      labels.kind === 'spans'
        ? texts.map((text, i) => [text, labels.values[i]] as const).sort(([a], [b]) => (a < b ? -1 : 1))
        : []
    expect(shown(brat)).toEqual(shown(own))
    expect(brat.notes.map(({ message }) => message).join()).toContain(
      "'more/bad.txt': Its mark 1 lies outside the text of 3 characters."
    )
    expect(await inspectMarks(out)).toMatchObject({ format: 'BRAT', documents: 29, types: { NAME: 58 }, rejected: 1 })
    expect(await gather(markedDocuments(out, { text: 'text', spans: 'spans' }))).toHaveLength(29)
  })
})
