import { appendFile, chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ProjectId, RunId } from '../../../../../src/preload/contract/common.ts'
import { Datasets, type StoredDataset } from '../../../../../src/main/data/datasets/datasets.ts'
import { labelEntry } from '../../../../../src/main/data/labels/entries.ts'
import { Journal } from '../../../../../src/main/data/labels/journal.ts'
import { classAgreement } from '../../../../../src/main/engine/evaluation/index.ts'
import { Labels } from '../../../../../src/main/data/labels/labels.ts'

let folder: string
let datasets: Datasets
let labels: Labels
let suggester: { run: RunId; name: string } | null

function makeLabels(): Labels {
  return new Labels({
    datasets,
    suggesterOf: () => suggester,
    answer: async ({ texts }) =>
      texts.map((text) => ({
        label: 'soon',
        score: null,
        needsPerson: null,
        probabilities: [
          { name: 'soon', value: text.includes('number 3') ? 0.55 : 0.9 },
          { name: 'urgent', value: text.includes('number 3') ? 0.45 : 0.1 }
        ]
      })),
    compare: (classes) => classAgreement(classes, { seed: 0, resamples: 100 }),
    order: async (texts) => texts.map((_, i) => texts.length - 1 - i),
    now: () => '2026-01-01T00:00:00Z'
  })
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-labels-'))
  const known = new Map<string, StoredDataset>()
  suggester = null
  datasets = new Datasets({
    folder: join(folder, 'datasets'),
    samplesFolder: folder,
    index: {
      list: () => [...known.values()],
      find: (id) => known.get(id) ?? null,
      save: (dataset) => void known.set(dataset.id, dataset),
      saveChoices: (dataset) => void known.set(dataset.id, dataset)
    },
    projects: {
      reserve: async () => 'p-1' as ProjectId,
      release: async () => undefined,
      forFile: async () => 'p-1' as ProjectId,
      forSample: async () => 'p-2' as ProjectId
    },
    restore: async () => undefined,
    now: () => '2026-01-01T00:00:00Z',
    onReading: () => undefined
  })
  labels = makeLabels()
})

afterEach(async () => {
  await labels.dispose()
  await rm(folder, { recursive: true, force: true })
})

async function bare(rows = 30) {
  const path = join(folder, 'letters.csv')
  await writeFile(
    path,
    `letter\n${Array.from({ length: rows }, (_, i) => `Dear colleague this is letter number ${i} of them`).join('\n')}\n`
  )
  const { id, roles } = await datasets.open(path)
  await datasets.setRoles(id, { ...roles, text: 'letter', answer: null })
  return id
}

const journalOf = (id: string): string => join(folder, 'datasets', id, 'labels.jsonl')

describe('labelling a table without answers', () => {
  test('says what is missing, counts, gives keys, and ends in a version that can be trained on', async () => {
    const id = await bare()
    expect(await labels.open({ id: id })).toMatchObject({ column: 'label', classes: [], total: 30, labelled: 0, pending: 0 })
    expect((await labels.open({ id: id })).missing).toBe('At least 2 classes with 10 rows each are needed. Name two classes.')
    await labels.setClass({ id, name: 'urgent', key: null })
    await labels.setClass({ id, name: 'soon', key: null })
    const { lines } = await labels.queue({ id, filter: 'unlabelled' })
    for (const line of lines.slice(0, 13)) await labels.mark({ id, line, value: 'urgent' })
    const book = await labels.mark({ id, line: lines[13]!, value: 'soon' })
    expect(book.classes).toEqual([
      { name: 'urgent', key: '1', count: 13 },
      { name: 'soon', key: '2', count: 1 }
    ])
    expect(book).toMatchObject({ labelled: 14, pending: 14, savedAt: '2026-01-01T00:00:00Z' })
    expect(book.missing).toBe("9 more labels are needed before training: 9 of 'soon'.")
    for (const line of lines.slice(14, 24)) await labels.mark({ id, line, value: 'soon' })
    expect((await labels.open({ id: id })).missing).toBeNull()
    const made = await labels.use(id)
    expect(made).toMatchObject({ version: 2, note: '24 rows labelled', roles: { answer: 'label' } })
    const report = await datasets.report(made.id)
    expect(report.classes).toEqual([
      { name: 'urgent', count: 13 },
      { name: 'soon', count: 11 }
    ])
    // The journal goes on over the new version, with the same keys and nothing pending.
    expect(await labels.open({ id: made.id })).toMatchObject({
      pending: 0,
      labelled: 24,
      classes: [
        { name: 'urgent', key: '1' },
        { name: 'soon', key: '2' }
      ]
    })
    expect(await readdir(join(folder, 'datasets', id))).not.toContain('labels.jsonl')
    await expect(labels.use(made.id)).rejects.toMatchObject({ code: 'revision-empty' })
  })

  test('keeps every mark through a crash that left half a line', async () => {
    const id = await bare()
    await labels.mark({ id, line: 2, value: 'urgent' })
    await labels.skip({ id, line: 3, skipped: true })
    await labels.mark({ id, line: 4, value: 'soon' })
    await labels.mark({ id, line: 4, value: null })
    await appendFile(journalOf(id), '{"do":"mark","line":5,"val')
    await labels.dispose()
    labels = makeLabels()
    expect(await labels.open({ id: id })).toMatchObject({ labelled: 1, pending: 2 })
    expect((await labels.queue({ id, filter: 'skipped' })).lines).toEqual([3])
    await labels.mark({ id, line: 6, value: 'soon' })
    const entries = (await readFile(journalOf(id), 'utf8')).trim().split('\n')
    expect(entries).toHaveLength(5)
    expect(JSON.parse(entries.at(-1)!)).toEqual({ do: 'mark', line: 6, value: 'soon' })
  })

  test('shows a mark only when it is on the disk', async () => {
    const id = await bare()
    await labels.mark({ id, line: 2, value: 'urgent' })
    await labels.dispose()
    labels = makeLabels()
    await rm(journalOf(id))
    await chmod(join(folder, 'datasets', id), 0o500)
    // The superuser writes everywhere, so that the refusal must come from what is there instead of the file.
    if (process.getuid?.() === 0) {
      await chmod(join(folder, 'datasets', id), 0o700)
      await import('node:fs/promises').then(({ mkdir }) => mkdir(journalOf(id)))
      await expect(labels.open({ id: id })).rejects.toThrow(/EISDIR/)
      await rm(journalOf(id), { recursive: true })
      return
    }
    await expect(labels.mark({ id, line: 3, value: 'soon' })).rejects.toMatchObject({ code: 'label-not-saved' })
    await chmod(join(folder, 'datasets', id), 0o700)
    expect((await labels.rows({ id, lines: [3] }))[0]).toMatchObject({ value: null })
    expect((await labels.mark({ id, line: 3, value: 'soon' })).labelled).toBe(1)
  })

  test('refuses rows that are not there', async () => {
    const id = await bare()
    await expect(labels.mark({ id, line: 900, value: 'x' })).rejects.toMatchObject({ code: 'label-row' })
    await expect(labels.document({ id, line: 1 })).rejects.toMatchObject({ code: 'label-row' })
  })

  test('suggests only where a run is there, and puts the doubtful first', async () => {
    const id = await bare(12)
    expect(await labels.suggest({ id, lines: [2] })).toEqual([])
    suggester = { run: 'r-1' as RunId, name: 'Urgency' }
    expect(await labels.suggest({ id, lines: [2] })).toEqual([{ line: 2, label: 'soon', sureness: 0.9 }])
    expect((await labels.queue({ id, filter: 'doubtful' })).lines[0]).toBe(5)
    expect(await labels.open({ id: id })).toMatchObject({ labelled: 0, suggester: { name: 'Urgency' } })
  })
})

describe('labelling over labels that are there', () => {
  async function labelled() {
    const path = join(folder, 'a.csv')
    const rows = Array.from(
      { length: 24 },
      (_, i) => `Dear colleague this is letter number ${i},${['urgent', 'soon', ''][i % 3]}`
    )
    await writeFile(path, `letter,urgency\n${rows.join('\n')}\n`)
    const { id } = await datasets.open(path)
    return id
  }

  test('begins with the classes of the table in their order', async () => {
    const id = await labelled()
    const { classes, column } = await labels.open({ id: id })
    expect(column).toBe('urgency')
    expect(classes).toEqual([
      { name: 'soon', key: '1', count: 8 },
      { name: 'urgent', key: '2', count: 8 }
    ])
    expect((await labels.queue({ id, filter: 'unlabelled' })).total).toBe(8)
  })

  test('renames and merges classes, and a key belongs to one class', async () => {
    const id = await labelled()
    await labels.mark({ id, line: 4, value: 'later' })
    await labels.setClass({ id, name: 'later', key: '1' })
    expect((await labels.open({ id: id })).classes.map(({ key }) => key)).toEqual([null, '2', '1'])
    await labels.renameClass({ id, from: 'soon', to: 'urgent' })
    const book = await labels.renameClass({ id, from: 'later', to: 'whenever' })
    expect(book.classes).toEqual([
      { name: 'urgent', key: '2', count: 16 },
      { name: 'whenever', key: '1', count: 1 }
    ])
    const made = await labels.use(id)
    expect(made.note).toBe("1 row labelled, 'soon' renamed to 'urgent', 'later' renamed to 'whenever' (8 rows)")
    expect((await datasets.report(made.id)).classes).toEqual([
      { name: 'urgent', count: 16 },
      { name: 'whenever', count: 1 }
    ])
  })
})

describe('documents as files', () => {
  test('become rows by name, with what their names have in common', async () => {
    for (const [name, text] of [
      ['P12-1.txt', 'One\r\ntwo'],
      ['P12-2.txt', 'Three'],
      ['P3.txt', 'Grüße'],
      ['x.pdf', '']
    ] as const)
      await writeFile(join(folder, name), text)
    const files = ['P12-2.txt', 'P3.txt', 'x.pdf', 'P12-1.txt'].map((name) => ({ path: join(folder, name), name }))
    const { id, name, columns, rows } = await datasets.openDocuments(files)
    const names = columns.map((column) => column.name)
    expect([name, rows, names]).toEqual(['3 documents', 3, ['file', 'text', 'belongs_to', 'date']])
    expect(await datasets.rejected(id, 0, 10)).toMatchObject({ total: 1, items: [{ file: 'x.pdf', place: null }] })
    expect((await datasets.rows({ id, from: 0, count: 3 })).rows).toEqual([
      ['P3.txt', 'Grüße', 'P3', ''],
      ['P12-1.txt', 'One\ntwo', 'P12', ''],
      ['P12-2.txt', 'Three', 'P12', '']
    ])
    await expect(datasets.openDocuments(files.slice(2, 3))).rejects.toMatchObject({ code: 'documents-too-few' })
  })
})

test('a journal that nobody wrote is empty', async () => {
  expect(await new Journal(join(folder, 'nothing.jsonl'), labelEntry).read()).toEqual([])
})

describe('two people', () => {
  test('do not see each other, are compared, and what is settled goes into the version', async () => {
    const id = await bare(12)
    for (const name of ['urgent', 'soon']) await labels.setClass({ id, name, key: null })
    const { lines } = await labels.queue({ id, filter: 'all' })
    for (const [i, line] of lines.entries()) {
      await labels.mark({ id, by: 'Ann', line, value: i < 6 ? 'urgent' : 'soon' })
      if (i < 10) await labels.mark({ id, by: 'Ben', line, value: i < 5 ? 'urgent' : 'soon' })
    }
    expect(await labels.open({ id })).toMatchObject({ labelled: 0, pending: 12, people: ['Ann', 'Ben'] })
    expect(await labels.open({ id, by: 'Ben' })).toMatchObject({ labelled: 10, classes: [{ count: 5 }, { count: 5 }] })
    expect((await labels.document({ id, by: 'Ben', line: lines[11]! })).value).toBeNull()
    const two = { id, first: 'Ann', second: 'Ben' }
    const found = await labels.agreement(two)
    // Nine of ten alike; by chance 0.6 · 0.5 + 0.4 · 0.5.
    expect(found).toMatchObject({ rows: 10, same: { value: 0.9 } })
    expect(found.kappa?.value).toBeCloseTo(0.8, 12)
    expect(found.disagreements).toMatchObject([{ line: lines[5], position: 6, first: 'urgent', second: 'soon', settled: null }])
    await labels.settle({ id, line: lines[5]!, value: 'soon' })
    labels = makeLabels()
    expect((await labels.agreement(two)).disagreements).toMatchObject([{ settled: 'soon' }])
    const made = await labels.use(id)
    expect((await labels.document({ id: made.id, line: lines[5]! })).value).toBe('soon')
    expect((await labels.document({ id: made.id, line: lines[11]! })).value).toBe('soon')
    expect(await labels.open({ id: made.id })).toMatchObject({ labelled: 12, pending: 0, people: ['Ann', 'Ben'] })
    expect((await labels.agreement({ ...two, id: made.id })).kappa).toEqual(found.kappa)
    await labels.mark({ id: made.id, line: lines[5]!, value: 'urgent' })
    const again = await labels.use(made.id)
    expect((await labels.document({ id: again.id, line: lines[5]! })).value).toBe('urgent')
  })

  test('rows that are most different come first where that is wished', async () => {
    const id = await bare(5)
    const { lines } = await labels.queue({ id, filter: 'all' })
    await labels.mark({ id, line: lines[4]!, value: 'urgent' })
    expect((await labels.queue({ id, filter: 'diverse' })).lines).toEqual(lines.slice(0, 4).toReversed())
  })
})
