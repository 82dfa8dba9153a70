import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { fork } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { DatasetId, RunId } from '../../../../../src/preload/contract/common.ts'
import type { Passage } from '../../../../../src/preload/contract/marking.ts'
import type { Datasets } from '../../../../../src/main/data/datasets/datasets.ts'
import { Journal } from '../../../../../src/main/data/labels/journal.ts'
import { markEntry } from '../../../../../src/main/data/marking/entries.ts'
import { Marking } from '../../../../../src/main/data/marking/marking.ts'
import { passageAgreement } from '../../../../../src/main/engine/evaluation/index.ts'
import { ownDatasets } from '../../../../helpers/own-datasets.ts'

let folder: string
let datasets: Datasets
let marking: Marking
let suggester: { run: RunId; name: string } | null
let asked: readonly string[][]
let guidelines: readonly (readonly [string, string])[]

const makeMarking = (): Marking =>
  new Marking({
    datasets,
    suggesterOf: () => suggester,
    find: async ({ texts }) => {
      asked = [...asked, [...texts]]
      return texts.map((text) => ({
        passages: [{ start: 5, end: 9, kind: 'NAME', confidence: 0.8 }],
        sureness: text.includes('number 3') ? 0.4 : 0.9
      }))
    },
    order: async (texts) => texts.map((_, i) => texts.length - 1 - i),
    compare: (data) => passageAgreement(data, { seed: 0, resamples: 100 }),
    keepGuideline: async (_id, before, after) => void (guidelines = [...guidelines, [before, after]]),
    now: () => '2026-01-01T00:00:00Z'
  })

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-marking-'))
  suggester = null
  asked = []
  guidelines = []
  datasets = ownDatasets(folder)
  marking = makeMarking()
})

afterEach(async () => {
  await marking.dispose()
  await rm(folder, { recursive: true, force: true })
})

async function bare(rows = 14, text = (i: number): string => `Dear Anna Lee this is 😀 number ${i} of them`): Promise<DatasetId> {
  const path = join(folder, 'letters.csv')
  await writeFile(path, `letter\n${Array.from({ length: rows }, (_, i) => text(i)).join('\n')}\n`)
  const { id, roles } = await datasets.open(path)
  await datasets.setRoles(id, { ...roles, text: 'letter', answer: null })
  return id
}

/** Line 2 has two marks, of which the second stands behind a character of two UTF-16 units; line 3 has none; nobody looked at line 4. */
async function marked(): Promise<DatasetId> {
  const rows = [
    {
      text: 'Dear 😀 Anna Lee',
      marks: [
        { start: 0, end: 4, label: 'GREETING' },
        { start: 7, end: 15, label: 'NAME' }
      ]
    },
    { text: 'Nothing in here at all', marks: [] },
    { text: 'Dear Bob, all is well with you' }
  ]
  const path = join(folder, 'marked.jsonl')
  const line = ({ text, marks }: (typeof rows)[number]): string =>
    JSON.stringify({ text, marks: marks ? JSON.stringify(marks) : '' })
  await writeFile(path, rows.map((row) => `${line(row)}\n`).join(''))
  const { id, roles } = await datasets.open(path)
  await datasets.setRoles(id, { ...roles, task: 'token-classification', text: 'text', answer: 'marks' })
  return id
}

const by = ''
const name = (start: number, end: number): Passage => ({ start, end, kind: 'NAME' })
const journalOf = (id: string): string => join(folder, 'datasets', id, 'marks.jsonl')
const linesOf = async (id: DatasetId): Promise<readonly number[]> => (await marking.queue({ id, by, filter: 'all' })).lines

describe('kinds that are renamed after marking', () => {
  const other = { by: 'Eva' }
  const cellsOf = async (id: DatasetId): Promise<readonly (string | undefined)[]> => {
    const { columns } = datasets.get(id)
    const at = columns.findIndex((each) => each.name === 'marks')
    return (await datasets.rows({ id, from: 0, count: 3 })).rows.map((row) => row[at])
  }

  test('are renamed in a version of their own, and what is not used yet goes along; the version before stays as it was', async () => {
    const id = await marked()
    const [, second, third] = await linesOf(id)
    await marking.setNote({ id, by, kind: 'NAME', text: 'People alone' })
    await marking.change({ id, by, line: second!, remove: [], add: [name(0, 7)] })
    await marking.change({ ...other, id, line: third!, remove: [], add: [name(5, 8)] })
    const [journal, before] = [await readFile(journalOf(id)), await marking.open({ id, by })]
    const made = await marking.renameKinds({ id, from: ['NAME', 'GREETING'], to: 'WORDS' })
    expect(made).toMatchObject({ version: 2, note: "'NAME', 'GREETING' merged into 'WORDS' (2 documents)" })
    expect((await cellsOf(made.id)).map((cell) => cell?.match(/WORDS/g)?.length ?? 0)).toEqual([2, 1, 0])
    expect(await marking.open({ id: made.id, by })).toMatchObject({ kinds: [{ name: 'WORDS', note: 'People alone', count: 3 }] })
    expect((await marking.document({ ...other, id: made.id, line: third! })).passages).toEqual([{ ...name(5, 8), kind: 'WORDS' }])

    // Whoever goes back finds everything.
    expect(await readFile(journalOf(id))).toEqual(journal)
    marking = makeMarking()
    expect((await marking.open({ id, by })).kinds).toEqual(before.kinds)
    expect((await marking.document({ ...other, id, line: third! })).passages).toEqual([name(5, 8)])
  })

  test('are what a run that knows the old names suggests, through every version', async () => {
    suggester = { run: 'r-1' as RunId, name: 'Letters v1' } // As main mints them.
    const id = await marked()
    const [line] = await linesOf(id)
    const kindIn = async (version: DatasetId): Promise<string | undefined> =>
      (await marking.suggest({ id: version, lines: [line!] }))[0]?.passages[0]?.kind
    expect(await kindIn(id)).toBe('NAME')
    const second = await marking.renameKinds({ id, from: ['NAME'], to: 'PERSON' })
    expect(await kindIn(second.id)).toBe('PERSON')
    await marking.renameKind({ id: second.id, by, from: 'PERSON', to: 'WHO' })
    expect(await kindIn(second.id)).toBe('WHO')
    const third = await marking.use(second.id)
    expect([await kindIn(third.id), await kindIn(id)]).toEqual(['WHO', 'NAME'])
    await marking.setKind({ id: third.id, by, name: 'NAME', key: null })
    expect(await kindIn(third.id)).toBe('NAME')
  })

  test('are renamed in the table alone where nobody marked here', async () => {
    const id = await marked()
    const made = await marking.renameKinds({ id, from: ['GREETING'], to: 'WORD' })
    expect(made.note).toBe("'GREETING' renamed to 'WORD' (1 row)")
    expect((await cellsOf(made.id))[0]).toBe('[{"start":0,"end":4,"label":"WORD"},{"start":7,"end":15,"label":"NAME"}]')
    await expect(marking.renameKinds({ id, from: ['DRUG'], to: 'WORD' })).rejects.toMatchObject({ code: 'revision-empty' })
  })
})

describe('marking texts that have no marks', () => {
  test('says what is missing, counts, gives keys, and ends in a version whose marks can be learned', async () => {
    const id = await bare()
    expect(await marking.way(id)).toBe('sort')
    await marking.setWay({ id, way: 'mark' })
    expect(await marking.way(id)).toBe('mark')
    expect(await marking.open({ id, by })).toMatchObject({ column: 'marks', kinds: [], total: 14, finished: 0, pending: 0 })
    expect((await marking.open({ id, by })).missing).toMatch(/^Name a kind/)
    await marking.setKind({ id, by, name: 'NAME', key: null })
    const lines = await linesOf(id)
    for (const line of lines.slice(0, 10)) {
      await marking.change({ id, by, line, remove: [], add: [name(5, 13)] })
      await marking.finish({ id, by, line, finished: true })
    }
    const started = await marking.change({ id, by, line: lines[10]!, remove: [], add: [name(5, 9)] })
    expect(started).toMatchObject({ finished: 10, started: 1, pending: 10, missing: null, savedAt: '2026-01-01T00:00:00Z' })
    expect(started.kinds).toEqual([{ name: 'NAME', key: '1', count: 11, note: '' }])
    const made = await marking.use(id)
    expect(made).toMatchObject({ version: 2, note: '10 documents marked (10 passages)', roles: { answer: 'marks' } })
    expect(made.roles.task).toBe('token-classification')
    const { rows } = await datasets.rows({ id: made.id, from: 0, count: 12 })
    const column = made.columns.findIndex((each) => each.name === 'marks')
    expect(rows[0]?.[column]).toBe('[{"start":5,"end":13,"label":"NAME"}]')
    expect(rows[10]?.[column]).toBe('')
    // What was not finished goes on over the new version, and nothing else is pending.
    expect(await marking.open({ id: made.id, by })).toMatchObject({ finished: 10, started: 1, pending: 0 })
    expect((await marking.document({ id: made.id, by, line: lines[10]! })).passages).toEqual([name(5, 9)])
    expect(await readdir(join(folder, 'datasets', id))).not.toContain('marks.jsonl')
    await expect(marking.use(made.id)).rejects.toMatchObject({ code: 'revision-empty' })
  })

  test('tells the page of words and characters in UTF-16 units, and the table in code points', async () => {
    const id = await bare()
    const [line] = await linesOf(id)
    const { text, words } = await marking.document({ id, by, line: line! })
    const start = text.indexOf('number')
    expect(words).toContain(start)
    await marking.change({ id, by, line: line!, remove: [], add: [name(start, start + 6)] })
    await marking.finish({ id, by, line: line!, finished: true })
    const made = await marking.use(id)
    const { rows } = await datasets.rows({ id: made.id, from: 0, count: 1 })
    expect(rows[0]?.at(-1)).toBe(`[{"start":${start - 1},"end":${start + 5},"label":"NAME"}]`)
    expect((await marking.document({ id: made.id, by, line: line! })).passages).toEqual([name(start, start + 6)])
  })

  test('keeps everything through a crash that left half a line', async () => {
    const id = await bare()
    const [first, second] = await linesOf(id)
    await marking.change({ id, by, line: first!, remove: [], add: [name(5, 9)] })
    await marking.skip({ id, by, line: second!, skipped: true })
    const whole = await readFile(journalOf(id))
    await writeFile(journalOf(id), Buffer.concat([whole, Buffer.from('{"do":"change","by":"","li')]))
    marking = makeMarking()
    expect((await marking.document({ id, by, line: first! })).passages).toEqual([name(5, 9)])
    expect((await marking.document({ id, by, line: second! })).skipped).toBe(true)
    expect(await readFile(journalOf(id))).toEqual(whole)
  })

  test.each(['by hand', 'suggested'])('loses no mark that was reported when the process is killed: %s', async (way) => {
    const child = fork(join(import.meta.dirname, '../../../../helpers/endless-marking.ts'), [folder, way], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc']
    })
    const reported: { readonly id: string; readonly passage: Passage }[] = []
    await new Promise<void>((resolve) => {
      child.on('message', (one) => {
        reported.push(one as (typeof reported)[number]) // Sent by endless-marking.ts.
        if (reported.length === 60) child.kill('SIGKILL')
      })
      child.on('exit', () => resolve())
    })
    expect(child.signalCode).toBe('SIGKILL')
    const kept = await new Journal(journalOf(reported[0]!.id), markEntry).read()
    const added = kept.flatMap((entry) => (entry.do === 'change' ? entry.add : []))
    expect(added.slice(0, reported.length)).toEqual(reported.map(({ passage }) => passage))
  })

  test('shows no mark that the disk refused', async () => {
    const id = await bare()
    const [line] = await linesOf(id)
    await marking.change({ id, by, line: line!, remove: [], add: [name(5, 9)] })
    await rename(journalOf(id), `${journalOf(id)}.old`)
    await mkdir(journalOf(id))
    const refused = marking.change({ id, by, line: line!, remove: [], add: [name(10, 13)] })
    await expect(refused).rejects.toMatchObject({ code: 'label-not-saved' })
    expect((await marking.document({ id, by, line: line! })).passages).toEqual([name(5, 9)])
  })

  test('refuses passages that cross, nested ones unless that was chosen, and places that are none', async () => {
    const id = await bare()
    const [line] = await linesOf(id)
    const add = (start: number, end: number) => marking.change({ id, by, line: line!, remove: [], add: [name(start, end)] })
    await add(5, 13)
    await expect(add(10, 18)).rejects.toMatchObject({ code: 'mark-overlap' })
    await expect(add(10, 13)).rejects.toMatchObject({ code: 'mark-overlap' })
    await marking.setOverlap({ id, by, overlap: 'nested' })
    await add(10, 13)
    await expect(add(12, 18)).rejects.toMatchObject({ code: 'mark-overlap' })
    const emoji = (await marking.document({ id, by, line: line! })).text.indexOf('😀')
    for (const [start, end] of [
      [-1, 3],
      [3, 3],
      [30, 400],
      [emoji + 1, emoji + 4]
    ] as const)
      await expect(add(start, end)).rejects.toMatchObject({ code: 'mark-outside' })
    expect((await marking.document({ id, by, line: line! })).passages).toEqual([name(5, 13), name(10, 13)])
  })

  test('lets nobody see what another person marked, and takes the first who finished where the data say nothing', async () => {
    const id = await bare()
    const [line] = await linesOf(id)
    await marking.change({ id, by: 'Ann', line: line!, remove: [], add: [name(5, 9)] })
    await marking.finish({ id, by: 'Ann', line: line!, finished: true })
    expect((await marking.document({ id, by: 'Ben', line: line! })).passages).toEqual([])
    await marking.change({ id, by: 'Ben', line: line!, remove: [], add: [name(10, 13)] })
    const book = await marking.finish({ id, by: 'Ben', line: line!, finished: true })
    expect(book).toMatchObject({ people: ['Ann', 'Ben'], finished: 1 })
    expect(book.kinds).toMatchObject([{ name: 'NAME', count: 1 }])
    const made = await marking.use(id)
    expect((await marking.document({ id: made.id, by, line: line! })).passages).toEqual([name(5, 9)])
    expect((await marking.document({ id: made.id, by: 'Ben', line: line! })).passages).toEqual([name(10, 13)])
  })
})

describe('two people', () => {
  const marks =
    (who: string, id: DatasetId) =>
    async (line: number, ...add: readonly Passage[]) => {
      await marking.change({ id, by: who, line, remove: [], add })
      await marking.finish({ id, by: who, line, finished: true })
    }

  test('are compared over what both finished; what is settled goes into the version, and their own marks stay', async () => {
    const id = await bare()
    const [ann, ben, lines] = [marks('Ann', id), marks('Ben', id), await linesOf(id)] as const
    await ann(lines[0]!, name(5, 13))
    await ben(lines[0]!, name(5, 13))
    await ann(lines[1]!, name(5, 13), { start: 14, end: 18, kind: 'DATE' })
    await ben(lines[1]!, name(5, 9))
    await ann(lines[2]!, name(5, 13))
    const two = { id, first: 'Ann', second: 'Ben' }
    const found = await marking.agreement(two)
    expect(found).toMatchObject({ documents: 2, strict: { value: 2 / 5 }, overlap: { value: 4 / 5 } })
    expect(found.kinds).toMatchObject([
      { kind: 'NAME', first: 2, second: 2, both: 1 },
      { kind: 'DATE', first: 1, second: 0, both: 0 }
    ])
    expect(found.disagreements).toMatchObject([{ line: lines[1], position: 2, settled: false }])
    const { first, second, settled } = await marking.opinions({ ...two, line: lines[1]! })
    expect([first.length, second, settled]).toEqual([2, [name(5, 9)], null])
    const crossing = [name(5, 13), { start: 9, end: 16, kind: 'DATE' }]
    await expect(marking.settle({ id, by, line: lines[1]!, passages: crossing })).rejects.toMatchObject({ code: 'mark-overlap' })
    await marking.settle({ id, by, line: lines[1]!, passages: [name(5, 13)] })
    expect((await marking.agreement(two)).disagreements).toMatchObject([{ settled: true }])
    const made = await marking.use(id)
    expect(made.note).toBe('3 documents marked (3 passages)')
    expect((await marking.document({ id: made.id, by, line: lines[1]! })).passages).toEqual([name(5, 13)])
    expect((await marking.agreement({ ...two, id: made.id })).strict).toEqual(found.strict)
    // The data's own marks are those of the version now.
    expect(await marking.agreement({ id: made.id, first: '', second: 'Ann' })).toMatchObject({
      documents: 3,
      disagreements: [{ line: lines[1], settled: true }]
    })
  })
})

describe('marking a table that has marks', () => {
  test('begins with them, knows what nobody looked at, and writes what was corrected', async () => {
    const id = await marked()
    expect(await marking.way(id)).toBe('mark')
    const [first, second, third] = await linesOf(id)
    expect(await marking.open({ id, by })).toMatchObject({ column: 'marks', finished: 2, pending: 0 })
    expect((await marking.queue({ id, by, filter: 'open' })).lines).toEqual([third])
    const { text, passages } = await marking.document({ id, by, line: first! })
    expect(passages.map(({ start, end }) => text.slice(start, end))).toEqual(['Dear', 'Anna Lee'])
    await marking.change({ id, by, line: first!, remove: [passages[0]!], add: [] })
    const book = await marking.change({ id, by, line: third!, remove: [], add: [name(5, 8)] })
    expect(book.kinds).toMatchObject([
      { name: 'GREETING', key: '1', count: 0 },
      { name: 'NAME', key: '2', count: 2 }
    ])
    // Opened anew, the journal stands over the same cells.
    marking = makeMarking()
    expect((await marking.open({ id, by })).kinds).toEqual(book.kinds)
    await marking.finish({ id, by, line: third!, finished: true })
    const made = await marking.use(id)
    expect(made.note).toBe('2 documents marked (2 passages)')
    expect((await marking.document({ id: made.id, by, line: first! })).passages).toEqual([passages[1]])
    expect((await marking.document({ id: made.id, by, line: second! })).finished).toBe(true)
  })

  test('renames and merges kinds in the cells, too', async () => {
    const id = await marked()
    const [first, , third] = await linesOf(id)
    await marking.setNote({ id, by, kind: 'GREETING', text: 'How a letter begins' })
    await marking.setNote({ id, by, kind: null, text: 'Mark every name.' })
    expect(guidelines).toEqual([
      ['', 'GREETING: How a letter begins'],
      ['GREETING: How a letter begins', 'Mark every name.\nGREETING: How a letter begins']
    ])
    await marking.renameKind({ id, by, from: 'GREETING', to: 'NAME' })
    await marking.change({ id, by, line: third!, remove: [], add: [name(5, 8)] })
    expect(await marking.open({ id, by })).toMatchObject({
      kinds: [{ name: 'NAME', count: 3, note: 'How a letter begins' }],
      note: 'Mark every name.'
    })
    marking = makeMarking()
    const made = await marking.use(id)
    expect((await marking.document({ id: made.id, by, line: first! })).passages.map(({ kind }) => kind)).toEqual(['NAME', 'NAME'])
    expect(await marking.open({ id: made.id, by })).toMatchObject({
      kinds: [{ name: 'NAME', key: '2', count: 3, note: 'How a letter begins' }],
      note: 'Mark every name.',
      started: 1
    })
  })
})

describe('what a trained run says', () => {
  test('is offered, kept apart from marks, and asked once for each row', async () => {
    const id = await bare()
    const [first, second] = await linesOf(id)
    expect(await marking.suggest({ id, lines: [first!] })).toEqual([])
    suggester = { run: 'r-1' as RunId, name: 'Names v1' }
    const suggested = await marking.suggest({ id, lines: [first!, second!] })
    expect(suggested).toEqual([first, second].map((line) => ({ line, passages: [{ ...name(5, 9), confidence: 0.8 }] })))
    await marking.suggest({ id, lines: [second!] })
    expect(asked.map((texts) => texts.length)).toEqual([2])
    expect((await marking.document({ id, by, line: first! })).passages).toEqual([])
  })

  test('decides what is looked at first where that is wished', async () => {
    const id = await bare(6)
    const lines = await linesOf(id)
    suggester = { run: 'r-1' as RunId, name: 'Names v1' }
    expect((await marking.queue({ id, by, filter: 'unsure' })).lines[0]).toBe(lines[3])
    expect((await marking.queue({ id, by, filter: 'diverse' })).lines).toEqual(lines.toReversed())
  })
})
