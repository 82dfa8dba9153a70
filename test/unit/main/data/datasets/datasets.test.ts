import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import writeXlsxFile from 'write-excel-file/node'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ProjectId } from '../../../../../src/preload/contract/common.ts'
import { Datasets, type StoredDataset } from '../../../../../src/main/data/datasets/datasets.ts'

let folder: string
let datasets: Datasets
let heard: { done: number }[]

/** An index in memory. */
function makeDatasets(): Datasets {
  const known = new Map<string, StoredDataset>()
  return new Datasets({
    folder: join(folder, 'datasets'),
    samplesFolder: join(import.meta.dirname, '../../../../../resources/sample/data'),
    index: {
      list: () => [...known.values()],
      find: (id) => known.get(id) ?? null,
      save: (dataset) => void known.set(dataset.id, dataset),
      saveRoles: (id, roles) => void known.set(id, { ...known.get(id)!, roles })
    },
    projects: {
      forFile: async (name) => `p-${name}` as ProjectId,
      forSample: async ({ id }) => `p-practice-${id}` as ProjectId
    },
    restore: async () => false,
    now: () => '2026-01-01T00:00:00Z',
    onReading: (progress) => void heard.push(progress)
  })
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-datasets-'))
  heard = []
  datasets = makeDatasets()
})

afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, text)
  return path
}

const letters = Array.from(
  { length: 60 },
  (_, i) => `P${i % 20},"Dear colleague, letter number ${i} about a knee",${i % 2 ? 'soon' : 'urgent'}`
)
const table = `patient_id,letter,urgency\n${letters.join('\n')}\n`

describe('a table of one’s own', () => {
  test('is copied under its content’s name, and opened twice it is one data set', async () => {
    const first = await datasets.open(await file('a.csv', table))
    const again = await datasets.open(await file('b.csv', table))
    expect(again.id).toBe(first.id)
    expect(first.id).toMatch(/^d-[0-9a-f]{20}$/)
    expect(await readFile(datasets.pathOf(first.id), 'utf8')).toBe(table)
    expect(await readdir(join(folder, 'datasets'))).toEqual([first.id])
    expect(heard.at(-1)).toMatchObject({ name: 'a.csv', phase: 'reading', done: 60 })
  })

  test('has its roles guessed, and asks whether rows belong together where ids repeat', async () => {
    const { roles, columns, readAs } = await datasets.open(await file('a.csv', table))
    expect(roles).toEqual({
      task: 'text-classification',
      text: 'letter',
      textPair: null,
      answer: 'urgency',
      group: 'patient_id',
      belonging: null
    })
    expect(columns.map(({ looksLike }) => looksLike)).toEqual(['id', 'text', 'classes'])
    expect(readAs).toEqual({ encoding: 'UTF-8', delimiter: ',' })
  })

  test('is blocked until that question is answered, then split with the rows of a group together', async () => {
    const { id, roles } = await datasets.open(await file('a.csv', table))
    expect((await datasets.report(id)).blocked).toMatch(/belong to one person or matter/)
    const report = await datasets.setRoles(id, { ...roles, belonging: 'column' })
    expect(report).toMatchObject({ blocked: null, rows: { total: 60, usable: 60 } })
    expect(report.split).toMatchObject({ by: 'patient_id' })
    const { train, validation, test: held } = report.split!
    expect(train + validation + held).toBe(60)
    expect(report.classes).toEqual([
      { name: 'urgent', count: 30 },
      { name: 'soon', count: 30 }
    ])
  })

  test('says what is wrong with it: rows without an answer, duplicates, one class', async () => {
    const rows = [
      'same text again and again,yes',
      'same text again and again,yes',
      'another text of some words,',
      'and one more text here,yes'
    ]
    const { id, roles } = await datasets.open(await file('a.csv', `text,label\n${rows.join('\n')}\n`))
    const report = await datasets.setRoles(id, { ...roles, text: 'text', answer: 'label', belonging: 'no' })
    expect(report.findings.map(({ code, weight }) => `${code} ${weight}`)).toEqual(
      expect.arrayContaining(['one-class stops', 'unlabelled look', 'few-rows look'])
    )
    expect(report.blocked).toMatch(/one class/)
  })

  test('gives any page of its rows, and the text at a line of the file', async () => {
    const long = 'x'.repeat(3000)
    const rows = Array.from({ length: 2500 }, (_, i) => `"row ${i}\nsecond line of it${i === 7 ? long : ''}",${i % 2}`)
    const { id, roles } = await datasets.open(await file('a.csv', `text,label\n${rows.join('\n')}\n`))
    const page = await datasets.rows({ id, from: 2498, count: 10 })
    expect(page.rows).toEqual([
      ['row 2498\nsecond line of it', '0'],
      ['row 2499\nsecond line of it', '1']
    ])
    expect((await datasets.rows({ id, from: 7, count: 1 })).rows[0]?.[0]).toHaveLength(2000)
    expect((await datasets.rows({ id, from: 9000, count: 5 })).rows).toEqual([])
    await datasets.setRoles(id, { ...roles, text: 'text', answer: 'label', belonging: 'no' })
    // The header is line 1 and each row has two lines.
    expect([...(await datasets.textsAt(id, [2, 5, 4]))]).toEqual([
      [2, 'row 0\nsecond line of it'],
      [4, 'row 1\nsecond line of it']
    ])
  })

  test('that cannot be read is refused under its own name and leaves nothing behind', async () => {
    await expect(datasets.open(await file('q.csv', 'a,b\n1\n'), 'mine.csv')).rejects.toThrow(/mine\.csv/)
    await expect(datasets.open(await file('q.pdf', '%PDF'))).rejects.toThrow(/cannot be read as a table/)
    expect(await readdir(join(folder, 'datasets'))).toEqual([])
  })
})

describe('a workbook', () => {
  test('is read from its first sheet, and line n of the data is row n of the sheet', async () => {
    const path = join(folder, 'w.xlsx')
    const cells = (...values: string[]): { value: string }[] => values.map((value) => ({ value }))
    const rows = Array.from({ length: 30 }, (_, i) => cells(`a text of several words ${i}`, i % 2 ? 'yes' : 'no', `00${i}`))
    await writeXlsxFile([cells('text', 'label', 'nr'), ...rows]).toFile(path)
    const { id, name, rows: count, columns } = await datasets.open(path)
    expect([name, count, columns.map((column) => column.name)]).toEqual(['w.xlsx', 30, ['text', 'label', 'nr']])
    expect((await datasets.rows({ id, from: 1, count: 1 })).rows).toEqual([['a text of several words 1', 'yes', '001']])
    expect([...(await datasets.textsAt(id, [3]))]).toEqual([[3, 'a text of several words 1']])
  })

  test('that is none is refused in one sentence', async () => {
    await expect(datasets.open(await file('w.xlsx', 'PK\x03\x04 not a workbook'))).rejects.toThrow(
      /w\.xlsx cannot be read as a workbook/
    )
  })
})

describe('the practice sets', () => {
  test('open with their roles answered and nothing in their way', async () => {
    for (const { id: sample, task } of datasets.samples()) {
      const { id, roles } = await datasets.openSample(sample)
      expect(roles).toMatchObject({ task, belonging: 'column' })
      const report = await datasets.report(id)
      expect([report.blocked, report.findings.filter(({ weight }) => weight === 'stops')]).toEqual([null, []])
    }
  })
})
