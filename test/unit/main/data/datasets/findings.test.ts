import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import writeXlsxFile from 'write-excel-file/node'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ProjectId } from '../../../../../src/preload/contract/common.ts'
import type { Roles } from '../../../../../src/preload/contract/data.ts'
import { Datasets, type StoredDataset } from '../../../../../src/main/data/datasets/datasets.ts'
import { DatasetFindings } from '../../../../../src/main/data/datasets/finding-service.ts'

let folder: string
let datasets: Datasets
let findings: DatasetFindings

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-findings-'))
  const known = new Map<string, StoredDataset>()
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
      forFile: async (name) => `p-${name}` as ProjectId,
      forSample: async ({ id }) => `p-${id}` as ProjectId
    },
    restore: async () => undefined,
    now: () => '2026-01-01T00:00:00Z',
    onReading: () => undefined
  })
  findings = new DatasetFindings(datasets)
})

afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

async function opened(rows: readonly (readonly [string, string])[], roles: Partial<Roles> = {}) {
  const path = join(folder, 'a.csv')
  await writeFile(path, `text,answer\n${rows.map(([text, answer]) => `"${text}","${answer}"`).join('\n')}\n`)
  const { id, roles: guessed } = await datasets.open(path)
  await datasets.setRoles(id, {
    ...guessed,
    text: 'text',
    answer: 'answer',
    task: 'text-classification',
    belonging: 'no',
    ...roles
  })
  return id
}

const plain = Array.from({ length: 60 }, (_, i) => [`this is letter number ${i}`, i % 2 ? 'soon' : 'urgent'] as const)

async function linesOf(id: string, code: string) {
  const { lines, total } = await findings.rows({ id: id as StoredDataset['id'], code, from: 0, count: 100 })
  expect(total).toBe(lines.length)
  return lines
}

const codes = async (id: string): Promise<readonly string[]> => (await datasets.report(id)).findings.map(({ code }) => code)
const fix = (id: string, code: string, how: 'drop' | 'merge') => findings.fix({ id: id as StoredDataset['id'], code, fix: how })

describe('a finding', () => {
  test('shows its rows and drops them in a version of its own', async () => {
    const id = await opened([...plain, ['no answer here', ''], ['', 'soon'], ['no answer either', ' ']])
    expect(await codes(id)).toEqual(expect.arrayContaining(['unlabelled', 'empty-texts']))
    expect(await linesOf(id, 'unlabelled')).toEqual([62, 64])
    expect(await linesOf(id, 'empty-texts')).toEqual([63])
    const { rows } = await findings.rows({ id: id, code: 'unlabelled', from: 1, count: 1 })
    expect(rows).toEqual([['no answer either', ' ']])
    const made = await fix(id, 'unlabelled', 'drop')
    expect(made).toMatchObject({ rows: 61, note: '2 rows dropped', parent: id })
    expect(await codes(made.id)).not.toContain('unlabelled')
    expect(datasets.get(id).rows).toBe(63)
  })

  test('keeps the first of equal rows, and leaves those that disagree to the person', async () => {
    const id = await opened([...plain, ['THIS is  letter number 3', 'soon'], ['this is letter number 4', 'soon']])
    expect(await linesOf(id, 'duplicates')).toEqual([5, 6, 62, 63])
    expect(await linesOf(id, 'conflicting-duplicates')).toEqual([6, 63])
    const made = await fix(id, 'duplicates', 'drop')
    expect(made.note).toBe('1 row dropped')
    expect(await linesOf(made.id, 'conflicting-duplicates')).toEqual([6, 63])
    const { findings: left } = await datasets.report(made.id)
    expect(left.find(({ code }) => code === 'duplicates')?.fixes).toEqual([])
    await expect(fix(id, 'conflicting-duplicates', 'drop')).rejects.toMatchObject({ code: 'finding-without-fix' })
  })

  test('writes classes alike that differ in capitals or spaces', async () => {
    const id = await opened([
      ...plain,
      ['another', 'Soon'],
      ['a further', 'so on'],
      ['and this', 'Urgent '],
      ['one more', 'Urgent']
    ])
    expect(await codes(id)).toContain('similar-classes')
    expect(await linesOf(id, 'similar-classes')).toHaveLength(64)
    const made = await fix(id, 'similar-classes', 'merge')
    expect((await datasets.report(made.id)).classes).toEqual([
      { name: 'urgent', count: 32 },
      { name: 'soon', count: 32 }
    ])
  })

  test('drops rare classes', async () => {
    const id = await opened([...plain, ['another one', 'rare'], ['yet another', 'rare']])
    expect(await linesOf(id, 'rare-classes')).toEqual([62, 63])
    const made = await fix(id, 'rare-classes', 'drop')
    expect((await datasets.report(made.id)).classes?.map(({ name }) => name)).toEqual(['urgent', 'soon'])
  })

  test('recognises several answers in one cell, which then are classes of their own', async () => {
    const several = Array.from({ length: 60 }, (_, i) => [`this is letter number ${i}`, ['a; b', 'b', 'c;a'][i % 3]!] as const)
    const id = await opened(several)
    const { findings: found } = await datasets.report(id)
    expect(found.find(({ code }) => code === 'several-answers')?.sentence).toMatch(
      /^40 rows have several answers in one cell, divided by ';'/
    )
    expect(await linesOf(id, 'several-answers')).toHaveLength(40)
    const report = await datasets.setRoles(id, { ...datasets.get(id).roles, separator: ';' })
    expect(report.blocked).toBeNull()
    expect(report.classes).toEqual([
      { name: 'a', count: 40 },
      { name: 'b', count: 40 },
      { name: 'c', count: 20 }
    ])
    expect(report.findings.map(({ code }) => code)).not.toContain('several-answers')
  })

  test('that is about all of the data has no rows', async () => {
    const id = await opened(plain)
    expect((await datasets.report(id)).findings.find(({ code }) => code === 'few-rows')?.hasRows).toBe(false)
    await expect(linesOf(id, 'few-rows')).rejects.toMatchObject({ code: 'finding-without-rows' })
  })
})

describe('reading a file in another way', () => {
  test('previews and makes a version with another delimiter and encoding', async () => {
    const path = join(folder, 'b.csv')
    await writeFile(
      path,
      Buffer.from(`Grüße|n;m\n${Array.from({ length: 30 }, (_, i) => `wörter ${i} here|a;b`).join('\n')}\n`, 'latin1')
    )
    const first = await datasets.open(path)
    const { id } = first
    const preview = await datasets.preview({ id, read: { delimiter: '|' } })
    expect(preview).toMatchObject({ columns: ['Grüße', 'n;m'], kind: 'delimited', delimiter: '|', encoding: 'windows-1252' })
    expect(preview.rows[0]).toEqual(['wörter 0 here', 'a;b'])
    const other = first.readAs.delimiter === '|' ? ';' : '|'
    const made = await datasets.reread({ id, read: { delimiter: other } })
    expect(made).toMatchObject({ version: 2, parent: id, readAs: { delimiter: other }, rows: 30 })
    expect(made.note).toMatch(/^Read as Windows-1252, cells divided by (?:bar|semicolon)$/)
    expect(made.columns.map(({ name }) => name)).not.toEqual(first.columns.map(({ name }) => name))
  })

  test('finds the names in another line, or in none', async () => {
    const path = join(folder, 'c.csv')
    await writeFile(path, `Export of 3 May,\n,\ntext,answer\nfirst letter,a\nsecond letter,b\n`)
    const { id } = await datasets.open(path).catch(async () => datasets.open(path))
    const made = await datasets.reread({ id, read: { header: 3 } })
    expect(made.columns.map(({ name }) => name)).toEqual(['text', 'answer'])
    expect(made).toMatchObject({ rows: 2 })
    expect((await datasets.rows({ id: made.id, from: 0, count: 2 })).lines).toEqual([4, 5])
    const none = await datasets.preview({ id, read: { header: 0 } })
    expect(none.columns).toEqual(['column 1', 'column 2'])
  })

  test('takes another sheet of a workbook', async () => {
    const path = join(folder, 'd.xlsx')
    const sheet = (name: string, cells: readonly (readonly string[])[]) => ({
      data: cells.map((row) => row.map((value) => ({ value, type: String }))),
      sheet: name
    })
    await writeXlsxFile([
      sheet('Notes', [['remark'], ['see the other sheet']]),
      sheet('Letters', [
        ['text', 'answer'],
        ['a letter', 'soon']
      ])
    ]).toFile(path)
    const { id } = await datasets.open(path)
    expect(await datasets.preview({ id, read: {} })).toMatchObject({
      kind: 'workbook',
      sheets: ['Notes', 'Letters'],
      columns: ['remark']
    })
    const made = await datasets.reread({ id, read: { sheet: 2 } })
    expect(made).toMatchObject({ rows: 1, note: 'Read from sheet 2' })
    expect(made.columns.map(({ name }) => name)).toEqual(['text', 'answer'])
  })
})
