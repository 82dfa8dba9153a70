import { access, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { xlsxImporter } from '../../src/main/data/importers/xlsx.ts'
import type { DatasetSummary } from '../../src/preload/contract/data.ts'
import type { ModelSummary } from '../../src/preload/contract/models.ts'
import type { RunDraft, RunSummary } from '../../src/preload/contract/runs.ts'
import type { Attribution } from '../../src/preload/contract/results.ts'
import type { UseJob, UseRowsPage, UseText } from '../../src/preload/contract/use.ts'
import { openTestApplication, type Application } from '../helpers/application.ts'
import { TestPage } from '../helpers/loopback-page.ts'

let folder: string
let application: Application
let page: TestPage
let run: string

const upload = async (name: string, body: string): Promise<string> => {
  const headers = { 'X-Attune-Name': encodeURIComponent(name), 'Content-Type': 'application/octet-stream' }
  const answer = await page.post('/upload', body, headers)
  return (JSON.parse(answer.body) as { handle: string }).handle // Written by our own server.
}

async function until(id: string, states: readonly UseJob['state'][]): Promise<UseJob> {
  for (;;) {
    const job = await page.call<UseJob>('use:get', id)
    if (states.includes(job.state)) return job
    if (job.state === 'failed') throw new Error(job.problem ?? 'failed')
    await new Promise((done) => setTimeout(done, 50))
  }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-use-'))
  application = await openTestApplication(folder)
  page = await TestPage.open(application.shell)
  const { id: dataset } = await page.call<DatasetSummary>('data:openSample', 'letters')
  const [model] = await page.call<ModelSummary[]>('models:list')
  const changed = { 'training.bootstrap_resamples': 50, 'training.baselines': false, 'training.max_steps': 4 }
  const draft: RunDraft = { dataset, model: model!.id, thoroughness: 0, changed, mustNotMiss: null, quietly: false, name: null }
  run = await page.call<string>('runs:start', draft)
  while ((await page.call<RunSummary>('runs:get', run)).state !== 'finished') await new Promise((done) => setTimeout(done, 100))
})

afterAll(async () => {
  await application.dispose()
  await rm(folder, { recursive: true, force: true })
})

test('answers a table, measures it, saves a workbook that Attune reads again, and forgets the rows', async () => {
  const letters = await readFile(join(folder, 'resources/data/clinical-letters.csv'), 'utf8')
  const handle = await upload('october.csv', letters)
  const job = await page.call<UseJob>('use:open', { run, files: [handle] })
  expect(job).toMatchObject({ name: 'october.csv', kind: 'table', rows: 645, state: 'ready', done: 0, answer: 'urgency' })
  expect(job.threshold).toEqual({ value: 0.7, source: 'usual' })
  const { id, text, answer } = job

  await page.call('use:start', { id, run, text, pair: null, answer: null, limit: 100 })
  expect(await until(id, ['answered'])).toMatchObject({ done: 100, rows: 645, measure: null })

  await page.call('use:start', { id, run, text, pair: null, answer, limit: null })
  const whole = await until(id, ['answered'])
  expect(whole).toMatchObject({ done: 645, measure: { looks: 1 } })
  expect(whole.measure!.rows + whole.measure!.left).toBe(645)
  const accuracy = whole.measure!.metrics.find((metric) => metric.id === 'accuracy')!.measured
  expect(accuracy.low).toBeLessThanOrEqual(accuracy.value)

  const all = await page.call<UseRowsPage>('use:rows', { id, from: 0, count: 500, unsureFirst: false })
  const rest = await page.call<UseRowsPage>('use:rows', { id, from: 500, count: 500, unsureFirst: false })
  const sure = [...all.rows, ...rest.rows].map((row) => row.sure!)
  expect(sure).toHaveLength(645)
  expect(whole.forPerson).toBe(sure.filter((value) => value < 0.7).length)
  const first = await page.call<UseRowsPage>('use:rows', { id, from: 0, count: 3, unsureFirst: true })
  expect(first.rows.map((row) => row.sure)).toEqual(sure.toSorted((a, b) => a - b).slice(0, 3))

  const { ticket, name } = await page.call<{ ticket: string; name: string }>('use:save', { id, format: 'xlsx' })
  expect(name).toBe('october answered.xlsx')
  const { path } = application.services.outbox.take(ticket)
  const { columns, format } = await xlsxImporter.probe(path)
  const own = letters.split('\n', 1)[0]!.split(',').length
  expect(columns.slice(own, own + 3)).toEqual(['answer', 'sure', 'needs a person'])
  let rows = 0
  for await (const row of xlsxImporter.rows(path, format)) if (row.values['answer'] !== '') rows++
  expect(rows).toBe(645)

  const use = join(folder, 'data/use')
  expect(await readdir(use)).toEqual([id])
  await page.call('use:drop', id)
  expect(await readdir(use)).toEqual([])
  await expect(page.call('use:get', id)).rejects.toThrow(/use-gone/)
})

test('measures by the threshold that was fixed, reads a row in full and shades the words of a long one', async () => {
  const words = Array.from({ length: 700 }, (_, i) => (i % 7 === 0 ? 'pain' : 'appointment'))
  const long = `Dear colleague ${words.join(' ')} end`
  const rows = [
    ...Array.from({ length: 30 }, (_, i) => `Letter ${i} about a pain,${i % 3 === 0 ? 'urgent' : 'routine'}`),
    `${long},urgent`
  ]
  const job = await page.call<UseJob>('use:open', {
    run,
    files: [await upload('own.csv', `letter,urgency\n${rows.join('\n')}\n`)]
  })
  // From 0 on everything is called out, whatever four steps have taught.
  await page.call('results:fixThreshold', { id: run, className: 'urgent', threshold: 0, goal: 'Miss none' })
  await page.call('results:fixPerson', { id: run, className: 'urgent', below: 0 })
  await page.call('use:start', { id: job.id, run, text: 'letter', pair: null, answer: 'urgency', limit: null })
  const { measure } = await until(job.id, ['answered'])
  expect(measure?.alarms).toEqual([{ className: 'urgent', threshold: 0, positives: 11, alarms: 31, hits: 11 }])
  expect(measure?.metrics.find((metric) => metric.id === 'accuracy')?.measured.value).toBeCloseTo(11 / 31, 12)
  expect(measure?.person).toMatchObject({ below: 0, kept: 31 })
  expect(measure?.person?.right?.value).toBeCloseTo(11 / 31, 12)

  const page30 = await page.call<UseRowsPage>('use:rows', { id: job.id, from: 30, count: 1, unsureFirst: false })
  expect(page30.rows[0]!.text.length).toBeLessThan(long.length)
  const whole = await page.call<UseText>('use:text', { id: job.id, place: 30, unsureFirst: false })
  expect(whole).toEqual({ text: long, pair: null, marks: null, answers: null })
  const first = await page.call<UseRowsPage>('use:rows', { id: job.id, from: 0, count: 1, unsureFirst: true })
  const least = await page.call<UseText>('use:text', { id: job.id, place: 0, unsureFirst: true })
  expect(least.text.startsWith(first.rows[0]!.text)).toBe(true)
  const hints = await page.call<Attribution>('results:attribute', { id: run, line: null, text: whole.text, pair: whole.pair })
  expect(hints.label).toBe('urgent')
  expect(hints.words.map(({ start, end }) => long.slice(start, end))).toEqual(long.match(/\S+/g))
  expect(hints.words[0]!.value).not.toBe(0)
  await expect(page.call('use:text', { id: job.id, place: 31, unsureFirst: false })).rejects.toThrow(/use-gone/)
  await page.call('results:dropThreshold', { id: run, className: 'urgent' })
  await page.call('results:fixPerson', { id: run, className: 'urgent', below: null })
  await page.call('use:drop', job.id)
})

test('answers several documents, stops when asked, and keeps them as data when asked', async () => {
  const texts = Array.from({ length: 3 }, (_, i) => `Dear colleague, letter number ${i}.\nSecond line.`)
  const files = []
  for (const [i, text] of texts.entries()) files.push(await upload(`letter-${i}.txt`, text))
  const job = await page.call<UseJob>('use:open', { run, files })
  expect(job).toMatchObject({ kind: 'documents', rows: 3, columns: ['document', 'text'], text: 'text' })
  await page.call('use:start', { id: job.id, run, text: 'text', pair: null, answer: null, limit: null })
  expect(await until(job.id, ['answered'])).toMatchObject({ done: 3 })
  const dataset = await page.call<string>('use:keep', job.id)
  expect(await page.call<DatasetSummary>('data:get', dataset)).toMatchObject({ rows: 3, name: 'documents.jsonl' })
})

test('stops within a second or so and keeps what it has', async () => {
  const lines = Array.from({ length: 6000 }, (_, i) => `${i},the patient has pain number ${i} and would like an appointment soon`)
  const job = await page.call<UseJob>('use:open', { run, files: [await upload('many.csv', `id,letter\n${lines.join('\n')}\n`)] })
  await page.call('use:start', { id: job.id, run, text: 'letter', pair: null, answer: null, limit: null })
  while (((await page.call<UseJob>('use:get', job.id)).progress?.done ?? 0) < 512)
    await new Promise((done) => setTimeout(done, 10))
  const asked = performance.now()
  await page.call('use:stop', job.id)
  const stopped = await until(job.id, ['stopped', 'answered'])
  expect(performance.now() - asked).toBeLessThan(3000)
  expect(stopped.state).toBe('stopped')
  expect(stopped.done).toBeGreaterThan(0)
  expect(stopped.done).toBeLessThan(6000)
  const { ticket } = await page.call<{ ticket: string }>('use:save', { id: job.id, format: 'csv' })
  const { path } = application.services.outbox.take(ticket)
  expect((await readFile(path, 'utf8')).trim().split('\n')).toHaveLength(stopped.done + 1)
  await page.call('use:drop', job.id)
})

test('refuses in a sentence what it cannot answer', async () => {
  const [table, text, broken] = [
    await upload('a.csv', 'x\ny\n'),
    await upload('b.txt', 'b'),
    await upload('c.xlsx', 'no workbook')
  ]
  await expect(page.call('use:open', { run, files: [table, text] })).rejects.toThrow(/use-mixed/)
  await expect(page.call('use:open', { run, files: [broken] })).rejects.toThrow(/c\.xlsx/)
  const job = await page.call<UseJob>('use:open', { run, files: [table] })
  const start = { id: job.id, run, text: 'no such column', pair: null, answer: null, limit: null }
  await expect(page.call('use:start', start)).rejects.toThrow(/use-column/)
  await expect(page.call('use:save', { id: job.id, format: 'csv' })).rejects.toThrow(/use-unanswered/)
})

test('leaves nothing behind when Attune is closed', async () => {
  await page.call('use:open', { run, files: [await upload('secret.csv', 'letter\nsecret words\n')] })
  await application.dispose()
  await expect(access(join(folder, 'data/use'))).rejects.toThrow()
  application = await openTestApplication(folder)
  page = await TestPage.open(application.shell)
  await writeFile(join(folder, 'data/use', 'left'), 'by a crash')
  await application.dispose()
  application = await openTestApplication(folder)
  expect(await readdir(join(folder, 'data/use'))).toEqual([])
})
