import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import writeXlsxFile from 'write-excel-file/node'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ProjectId } from '../../../../../src/preload/contract/common.ts'
import { loadDataset } from '../../../../../src/main/data/dataset.ts'
import { divisionKeys, splitBy } from '../../../../../src/main/data/datasets/division.ts'
import { specOf } from '../../../../../src/main/data/datasets/report.ts'
import { compoundFile } from '../../../../helpers/compound-file.ts'
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
      separator: null,
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
    const { id, name, rows: count, columns, readAs } = await datasets.open(path)
    expect(readAs).toEqual({ encoding: 'an Excel workbook', delimiter: null })
    expect([name, count, columns.map((column) => column.name)]).toEqual(['w.xlsx', 30, ['text', 'label', 'nr']])
    expect((await datasets.rows({ id, from: 1, count: 1 })).rows).toEqual([['a text of several words 1', 'yes', '001']])
    expect([...(await datasets.textsAt(id, [3]))]).toEqual([[3, 'a text of several words 1']])
  })

  test.each([
    [
      'under a password',
      ['DataSpaces', 'Version', 'DataSpaceMap', 'EncryptionInfo', 'EncryptedPackage'],
      'letters.xlsx is password-protected. Remove the password in Excel and drop it again.'
    ],
    [
      'of the old kind',
      ['Workbook', 'SummaryInformation'],
      'letters.xlsx is a workbook of Excel 97 to 2003 (XLS), whatever its ending says. Open it in Excel, save it as "Excel Workbook (*.xlsx)" and drop that file.'
    ],
    ['that is another old document', ['WordDocument'], 'letters.xlsx cannot be read as a workbook. It may be damaged']
  ])('%s is refused with what to do', async (_, streams, sentence) => {
    const path = await file('letters.xlsx', '')
    await writeFile(path, compoundFile(streams))
    await expect(datasets.open(path)).rejects.toThrow(sentence)
  })

  test('and JSON Lines with ids that repeat ask what belongs together', async () => {
    const cells = (...values: string[]): { value: string }[] => values.map((value) => ({ value }))
    const body = letters.map((line) => line.replaceAll('"', '').split(/,(?! )/))
    const workbook = join(folder, 'ids.xlsx')
    await writeXlsxFile([cells('patient_id', 'letter', 'urgency'), ...body.map((row) => cells(...row))]).toFile(workbook)
    const lines = body.map(([patient_id, letter, urgency]) => JSON.stringify({ patient_id, letter, urgency }))
    for (const path of [workbook, await file('ids.jsonl', lines.join('\n'))]) {
      const { roles } = await datasets.open(path)
      expect(roles).toMatchObject({ text: 'letter', answer: 'urgency', group: 'patient_id', belonging: null })
    }
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

describe('versions of a data set', () => {
  const parts = async (id: string): Promise<ReadonlyMap<number, string>> => {
    const division = datasets.divisionOf(id)
    const dataset = await loadDataset(specOf(datasets.pathOf(id), datasets.get(id).roles, division))
    const split = await splitBy(dataset, division)
    return new Map(
      (['train', 'validation', 'test'] as const).flatMap((part) =>
        [...split[part]].map((row) => [dataset.lines[row]!, part] as const)
      )
    )
  }
  const opened = async () => {
    const { id, roles } = await datasets.open(await file('a.csv', table))
    await datasets.setRoles(id, { ...roles, belonging: 'column' })
    return id
  }
  const set = (line: number, value: string) => ({ line, column: 'urgency', value })

  test('are made by edits, say what was changed, and leave the one before as it was', async () => {
    const first = await opened()
    const second = await datasets.revise({
      id: first,
      edits: [
        { kind: 'set', cells: [set(2, 'soon'), set(3, 'soon'), set(4, '')] },
        { kind: 'drop', lines: [61] }
      ],
      note: null
    })
    expect(second).toMatchObject({ name: 'a.csv', root: first, parent: first, version: 2, rows: 59 })
    expect(second.note).toBe('1 label corrected, 1 label taken away, 1 row dropped')
    expect(await readFile(datasets.pathOf(first), 'utf8')).toBe(table)
    const { rows, lines } = await datasets.rows({ id: second.id, from: 0, count: 3 })
    expect(rows.map((row) => row.at(-1))).toEqual(['soon', 'soon', ''])
    expect(rows[0]).toHaveLength(3)
    expect(lines).toEqual([2, 3, 4])
    const third = await datasets.revise({
      id: second.id,
      edits: [{ kind: 'rename', column: 'urgency', from: ['soon'], to: 'Soon' }],
      note: null
    })
    expect(third.note).toBe("'soon' renamed to 'Soon' (30 rows)")
    expect(datasets.versions(second.id).map(({ version, parent }) => [version, parent])).toEqual([
      [1, null],
      [2, first],
      [3, second.id]
    ])
  })

  test('keep every row in its part, whatever becomes of its label', async () => {
    const first = await opened()
    const before = await parts(first)
    // Every second label changes, so that a new draw would put rows elsewhere.
    const cells = [...before.keys()]
      .filter((line) => line % 3 === 0)
      .map((line) => set(line, line % 2 === 0 ? 'soon' : 'routine'))
    const second = await datasets.revise({ id: first, edits: [{ kind: 'set', cells }], note: null })
    expect(await parts(second.id)).toEqual(before)
    expect((await datasets.report(second.id)).split?.from).toBe('version')
    const third = await datasets.revise({ id: second.id, edits: [{ kind: 'drop', lines: [2, 5, 9] }], note: null })
    const after = await parts(third.id)
    expect(after.size).toBe(57)
    for (const [line, part] of after) expect(part).toBe(before.get(line))
  })

  test('are divided anew where other rows belong together, or where the person asks', async () => {
    const first = await opened()
    const second = await datasets.revise({ id: first, edits: [{ kind: 'drop', lines: [2] }], note: null })
    const alone = await datasets.setRoles(second.id, { ...second.roles, group: null, belonging: 'no' })
    expect(alone.split?.from).toBe('draw')
    expect((await datasets.setRoles(second.id, second.roles)).split?.from).toBe('version')
    const anew = await datasets.setSplit(second.id, { ...second.split, train: 0.5, validation: 0.25, test: 0.25 })
    expect(anew.split).toMatchObject({ from: 'draw' })
    expect(anew.split!.train).toBeLessThan(35)
  })

  test('take rows whose part a column tells as it tells', async () => {
    const told = letters.map((line, i) => `${line},${['train', 'Test', 'dev', ''][Math.floor((i % 20) / 5)]}`)
    const { id, roles, split } = await datasets.open(
      await file('told.csv', `patient_id,letter,urgency,part\n${told.join('\n')}\n`)
    )
    await datasets.setRoles(id, { ...roles, belonging: 'column' })
    const report = await datasets.setSplit(id, { ...split, column: 'part' })
    expect(report.split?.from).toBe('column')
    const found = await parts(id)
    expect([found.get(2), found.get(7), found.get(12)]).toEqual(['train', 'test', 'validation'])
    const torn = told.map((line, i) => (i === 20 ? line.replace(/train$/, 'test') : line))
    const other = await datasets.open(await file('torn.csv', `patient_id,letter,urgency,part\n${torn.join('\n')}\n`))
    await datasets.setRoles(other.id, { ...roles, belonging: 'column' })
    expect((await datasets.setSplit(other.id, { ...split, column: 'part' })).blocked).toMatch(
      /Lines 2 and 22 of .* different parts/
    )
    expect((await datasets.setSplit(other.id, { ...split, column: 'letter' })).blocked).toMatch(/names no part/)
  })

  test('refuse what would change nothing, unknown columns and an empty table, and leave no folder behind', async () => {
    const id = await opened()
    const revise = (edits: Parameters<Datasets['revise']>[0]['edits']) => datasets.revise({ id, edits, note: null })
    await expect(revise([{ kind: 'set', cells: [set(2, 'urgent')] }])).rejects.toMatchObject({ code: 'revision-empty' })
    await expect(revise([{ kind: 'drop-classes', column: 'nope', classes: ['x'] }])).rejects.toMatchObject({
      code: 'revision-column'
    })
    await expect(revise([{ kind: 'drop-classes', column: 'urgency', classes: ['soon', 'urgent'] }])).rejects.toMatchObject({
      code: 'revision-leaves-nothing'
    })
    await expect(revise([{ kind: 'add-column', column: 'letter' }])).rejects.toMatchObject({ code: 'revision-column-taken' })
    expect(await readdir(join(folder, 'datasets'))).toEqual([id])
  })

  test('rename and merge classes inside cells that hold several', async () => {
    const several = Array.from({ length: 40 }, (_, i) => `text ${i} about something,${['a; b', 'b', 'c;a', ';'][i % 4]}`)
    const { id, roles } = await datasets.open(await file('m.csv', `text,tags\n${several.join('\n')}\n`))
    await datasets.setRoles(id, { ...roles, text: 'text', answer: 'tags', separator: ';' })
    const merged = await datasets.revise({
      id,
      edits: [{ kind: 'rename', column: 'tags', from: ['a', 'b'], to: 'ab' }],
      note: null
    })
    const { rows } = await datasets.rows({ id: merged.id, from: 0, count: 4 })
    expect(rows.map((row) => row[1])).toEqual(['ab', 'ab', 'c; ab', ';'])
  })

  test('take the rows of another data set as the test, without those that repeat one of them', async () => {
    const id = await opened()
    const others = Array.from({ length: 10 }, (_, i) => `Q${i},"Another letter ${i} about a hip",${i % 2 ? 'soon' : 'urgent'}`)
    const repeated = 'P1,"DEAR colleague,  letter number 1 about a knee",soon'
    const test = await datasets.open(await file('second.csv', `patient_id,letter,urgency\n${[...others, repeated].join('\n')}\n`))
    const { roles } = datasets.get(id)
    const made = await datasets.testOn({ id, test: test.id })
    expect(made).toMatchObject({ version: 2, parent: id, roles, rows: 70, split: { column: 'part', test: 0 } })
    expect(made.note).toBe('11 rows of second.csv are the test, 1 row that repeats one of them dropped')
    const report = await datasets.report(made.id)
    expect(report.blocked).toBeNull()
    // Rows of a group that is in the test go with it.
    expect((report.split?.test ?? 0) - 11).toBe(roles.belonging === 'column' ? 2 : 0)
    const dataset = await loadDataset(specOf(datasets.pathOf(made.id), made.roles, datasets.divisionOf(made.id)))
    const split = await splitBy(dataset, datasets.divisionOf(made.id))
    for (const row of split.train) expect(dataset.texts[row]).not.toMatch(/another letter|letter number 1 about/i)
    const short = await datasets.open(
      await file('short.csv', `letter,class\n${others.map((each) => each.split(',').slice(1).join(',')).join('\n')}\n`)
    )
    await expect(datasets.testOn({ id, test: short.id })).rejects.toMatchObject({ code: 'test-file-columns' })
  })

  test('are divided by date or by folds as their split says, and keep evening out to training', async () => {
    const dated = letters.map((line, i) => `${line},2024-02-${String(1 + (i % 28)).padStart(2, '0')}`)
    const { id, roles, split } = await datasets.open(
      await file('dated.csv', `patient,letter,urgency,seen\n${dated.join('\n')}\n`)
    )
    await datasets.setRoles(id, { ...roles, text: 'letter', answer: 'urgency', group: null, belonging: 'no' })
    const byDate = await datasets.setSplit(id, { ...split, date: 'seen' })
    expect(byDate).toMatchObject({ blocked: null, split: { from: 'date', folds: null } })
    expect(byDate.findings.find(({ code }) => code === 'split-by-date')?.weight).toBe('fyi')
    const byFolds = await datasets.setSplit(id, { ...split, folds: 5, balance: 'repeat', cap: 100 })
    expect(byFolds).toMatchObject({ blocked: null, split: { from: 'draw', folds: 5, test: 12 } })
    expect(divisionKeys(datasets.divisionOf(id))).toMatchObject({
      folds: 5,
      cap_per_class: 100,
      oversample: 'balanced',
      split_date: null
    })
    // Told by a column, nothing else says which rows are the test.
    await datasets.setSplit(id, { ...split, folds: 5, date: 'seen', column: 'seen' })
    expect(divisionKeys(datasets.divisionOf(id))).toMatchObject({ folds: null, split_date: null, split_column: 'seen' })
  })
})
