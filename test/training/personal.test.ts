import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPseudonyms } from '../../src/main/worker/mapping-file.ts'
import type { DatasetSummary, RowsPage } from '../../src/preload/contract/data.ts'
import type { PersonalChoice, PersonalExample, PersonalPassage, PersonalReport } from '../../src/preload/contract/personal.ts'
import { openTestApplication, type Application } from '../helpers/application.ts'
import { TestPage } from '../helpers/loopback-page.ts'

let folder: string
let application: Application
let page: TestPage

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-personal-'))
  application = await openTestApplication(folder)
  page = await TestPage.open(application.shell)
})
afterAll(async () => {
  await application.dispose()
  await rm(folder, { recursive: true, force: true })
})

const NAMES = ['Weber', 'Okafor', 'Lindqvist', 'Marsh']
/** Two letters of each of forty people, with a mark on the drug. */
const rows = Array.from({ length: 80 }, (_, i) => {
  const name = NAMES[i % 4] ?? ''
  const text = `Letter ${i}: I saw Mrs ${name} on ${10 + (i % 18)} March 2024. She takes ramipril. Her record is MRN ${40_000 + (i % 40)}.`
  const spans = [{ start: text.indexOf('ramipril'), end: text.indexOf('ramipril') + 8, label: 'DRUG' }]
  return {
    person: `P-${10_000 + (i % 40)}`,
    letter: text,
    urgency: i % 3 === 0 ? 'urgent' : 'routine',
    spans: JSON.stringify(spans)
  }
})

async function opened(): Promise<DatasetSummary> {
  const text = rows.map((row) => `${JSON.stringify(row)}\n`).join('')
  const headers = { 'Content-Type': 'application/octet-stream', 'X-Attune-Name': 'letters.jsonl' }
  const { body } = await page.post('/upload', text, headers)
  const { id, roles } = await page.call<DatasetSummary>('data:open', (JSON.parse(body) as { handle: string }).handle)
  await page.call('data:setRoles', {
    id,
    roles: { ...roles, text: 'letter', answer: 'urgency', group: 'person', belonging: 'column' }
  })
  return page.call<DatasetSummary>('data:get', id)
}

test('what is personal is found by column and kind, shown when asked, and taken out in a new version that can be undone', async () => {
  const { id } = await opened()
  const report = await page.call<PersonalReport>('personal:scan', id)
  expect([report.isCleaned, report.following]).toEqual([false, ['spans']])
  expect(report.findings).toEqual([
    { column: 'person', kind: 'RECORD', passages: 80, rows: 80, added: 0 },
    { column: 'letter', kind: 'NAME', passages: 80, rows: 80, added: 0 },
    { column: 'letter', kind: 'DATE', passages: 80, rows: 80, added: 0 },
    { column: 'letter', kind: 'RECORD', passages: 80, rows: 80, added: 0 }
  ])
  expect(JSON.stringify(report)).not.toMatch(/Weber|2024/)
  const examples = await page.call<readonly PersonalExample[]>('personal:examples', { id, column: 'letter', kind: 'NAME' })
  expect(examples.map(({ line, text }) => [line, text]).slice(0, 2)).toEqual([
    [1, 'Weber'],
    [2, 'Okafor']
  ])
  expect(examples[0]?.before).toBe('Letter 0: I saw Mrs ')

  const choices: readonly PersonalChoice[] = [
    { column: 'person', kind: 'RECORD', action: 'pseudonymise' },
    { column: 'letter', kind: 'NAME', action: 'pseudonymise' },
    { column: 'letter', kind: 'DATE', action: 'pseudonymise' },
    { column: 'letter', kind: 'RECORD', action: 'leave' }
  ]
  const remaining = await page.call<readonly PersonalPassage[]>('personal:remaining', { id, choices })
  expect(remaining.filter(({ text }) => /^MRN 4\d{4}$/.test(text))).toHaveLength(20)
  const made = await page.call<DatasetSummary>('personal:apply', { id, choices })
  expect(made).toMatchObject({ parent: id, version: 2, rows: 80 })
  expect(made.note).toBe('Personal data: 240 passages changed')
  const after = await page.call<RowsPage>('data:rows', { id: made.id, from: 0, count: 80 })
  const cell = (row: readonly string[], name: string): string =>
    row[made.columns.findIndex((column) => column.name === name)] ?? ''
  expect(JSON.stringify(after)).not.toMatch(/Weber|Okafor|Lindqvist|Marsh/)
  const people = new Set(after.rows.map((row) => cell(row, 'person')))
  expect(people.size).toBe(40)
  const surnames = new Set(after.rows.map((row) => /Mrs (\p{L}+)/u.exec(cell(row, 'letter'))?.[1]))
  expect(surnames.size).toBe(4)
  for (const row of after.rows) {
    const [{ start, end }] = JSON.parse(cell(row, 'spans')) as [{ start: number; end: number }]
    expect(cell(row, 'letter').slice(start, end)).toBe('ramipril')
    expect(cell(row, 'letter')).toMatch(/MRN 4\d{4}/)
  }
  const days = (index: number): number =>
    Date.parse(/on (\d+ \w+ \d{4})/.exec(cell(after.rows[index] ?? [], 'letter'))?.[1] ?? '') / 86_400_000
  // Rows 0 and 40 are of one person; in the file their letters are 4 days apart.
  expect(Math.round(days(40) - days(0))).toBe(4)
  expect(after.lines).toEqual(rows.map((_, i) => i + 1))

  expect((await page.call<PersonalReport>('personal:scan', made.id)).isCleaned).toBe(true)
  const before = await page.call<RowsPage>('data:rows', { id, from: 0, count: 1 })
  expect(JSON.stringify(before)).toContain('Weber')
  await page.call('data:remove', made.id)
  expect(await page.call<readonly unknown[]>('data:versions', id)).toHaveLength(1)
  expect((await readdir(join(folder, 'data', 'datasets'))).filter((name) => name.startsWith('.new'))).toEqual([])
})

test('a version in which nothing would change is not made, and what a page asks otherwise is refused', async () => {
  const { id } = await opened()
  const left = { column: 'letter', kind: 'NAME', action: 'leave' }
  await expect(page.call('personal:apply', { id, choices: [left] })).rejects.toThrow(/^revision-empty/)
  await expect(page.call('personal:apply', { id, choices: [{ ...left, action: 'sell' }] })).rejects.toThrow(/^bad-request/)
  await expect(page.call('personal:examples', { id, column: 'letter', kind: '../x' })).rejects.toThrow(/^bad-request/)
  await expect(page.call('personal:scan', 'd-another')).rejects.toThrow(/^dataset-gone/)
  expect(await page.call('personal:examples', { id, column: 'nothing', kind: 'NAME' })).toEqual([])
})

/** Every file below a folder, with what it holds. */
async function contents(below: string): Promise<readonly (readonly [string, string])[]> {
  const entries = await readdir(below, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return Promise.all(files.map(async (file) => [file, await readFile(file, 'latin1')] as const))
}

const uploaded = async (name: string, content: string | Buffer): Promise<string> => {
  const { body } = await page.post('/upload', content, { 'Content-Type': 'application/octet-stream', 'X-Attune-Name': name })
  return (JSON.parse(body) as { handle: string }).handle // Written by our own server.
}

const surnameIn = (text: string): string | undefined => /Mrs (\p{L}+)/u.exec(text)?.[1]

test('what stands for what is kept beside a clean version, only encrypted, gone on from, saved and destroyed', async () => {
  const { id } = await opened()
  const passphrase = 'four words and more'
  const choices = [{ column: 'letter', kind: 'NAME', action: 'pseudonymise' }]
  const wish = { id, choices, group: null, mapping: { keeps: true, known: null, passphrase } }
  await expect(page.call('personal:apply', { ...wish, mapping: { ...wish.mapping, passphrase: 'short' } })).rejects.toThrow(
    /^passphrase-short/
  )
  await expect(page.call('personal:apply', { ...wish, group: 'nobody' })).rejects.toThrow(/^data_column_missing/)
  expect(await page.call('mappings:of', id)).toBe(null)
  const made = await page.call<DatasetSummary>('personal:apply', wish)
  const kept = { dataset: made.id, name: 'letters.jsonl', version: made.version }
  expect(await page.call('mappings:of', made.id)).toEqual(kept)
  expect(await page.call('mappings:list')).toEqual([kept])

  // What the file holds is known here by its passphrase alone; nothing of it lies anywhere else.
  const file = join(folder, 'data', 'datasets', made.id, 'mapping.age')
  const { secret, mapping } = await openPseudonyms({ mappingFile: null, knownFile: file }, passphrase)
  expect(mapping.map(({ value }) => value).toSorted()).toEqual(NAMES.toSorted())
  const isClear = (text: string): boolean =>
    [passphrase, Buffer.from(secret).toString('base64'), 'attune_mapping'].some((clear) => text.includes(clear))
  const all = await contents(join(folder, 'data'))
  expect(all.filter(([, text]) => isClear(text)).map(([path]) => path)).toEqual([])
  const ofVersion = all.filter(([path]) => path.includes(made.id))
  expect(ofVersion.map(([path]) => basename(path))).toContain('mapping.age')
  for (const [path, text] of ofVersion) expect([path, NAMES.filter((name) => text.includes(name))]).toEqual([path, []])
  expect(await readFile(file, 'latin1')).toMatch(/^age-encryption\.org/)

  // Another table of the same people goes on from it; so does one from the file that was saved.
  const later = await page.call<DatasetSummary>(
    'data:open',
    await uploaded('later.csv', 'note\nMrs Weber came back\nMrs Quist came\n')
  )
  const next = { id: later.id, choices: [{ column: 'note', kind: 'NAME', action: 'pseudonymise' }] }
  const from = (known: object, words = passphrase): object => ({ ...next, mapping: { keeps: false, known, passphrase: words } })
  await expect(page.call('personal:apply', from({ dataset: made.id }, 'another one'))).rejects.toThrow(
    /passphrase of "letters version \d mapping\.age"/
  )
  const first = await page.call<RowsPage>('data:rows', { id: made.id, from: 0, count: 1 })
  const weber = surnameIn(first.rows[0]?.join(' ') ?? '')
  const again = await page.call<DatasetSummary>('personal:apply', from({ dataset: made.id }))
  const rowsOf = async (version: string): Promise<readonly string[]> =>
    (await page.call<RowsPage>('data:rows', { id: version, from: 0, count: 2 })).rows.map((row) => row.join(' '))
  const [back, new_] = (await rowsOf(again.id)).map(surnameIn)
  expect(back).toBe(weber)
  expect([weber, 'Quist', undefined]).not.toContain(new_)
  expect(await page.call('mappings:of', again.id)).toBe(null)

  const { ticket, name } = await page.call<{ ticket: string; name: string }>('mappings:save', made.id)
  expect(name).toBe(`letters version ${made.version} mapping.age`)
  const saved = await readFile(application.services.outbox.take(ticket).path)
  expect(saved.toString('latin1')).toBe(await readFile(file, 'latin1'))
  const byFile = await page.call<DatasetSummary>('personal:apply', from({ file: await uploaded('kept.age', saved) }))
  expect(byFile.id).toBe(again.id)

  await page.call('mappings:destroy', made.id)
  expect(await page.call('mappings:of', made.id)).toBe(null)
  await expect(page.call('personal:apply', from({ dataset: made.id }))).rejects.toThrow(/^mapping-gone/)
  await expect(page.call('mappings:destroy', made.id)).rejects.toThrow(/^mapping-gone/)
})
