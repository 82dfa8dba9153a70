import { cp, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AdapterCandidate, ImportedAdapter } from '../../src/preload/contract/adapters.ts'
import type { ModelSummary } from '../../src/preload/contract/models.ts'
import type { Attribution } from '../../src/preload/contract/results.ts'
import type { DatasetSummary } from '../../src/preload/contract/data.ts'
import type { Answer, RunPlan, RunSummary } from '../../src/preload/contract/runs.ts'
import type { UseJob, UseRowsPage } from '../../src/preload/contract/use.ts'
import { openTestApplication, type Application } from '../helpers/application.ts'
import { TestPage } from '../helpers/loopback-page.ts'

const fixtures = join(import.meta.dirname, '../fixtures')

let folder: string
let application: Application
let page: TestPage
let model: ModelSummary
let adapter: ImportedAdapter

/** Brings a folder as a page does with one that was dropped on it. */
async function drop(path: string, name: string): Promise<string> {
  const { body } = await page.post('/folder', JSON.stringify({ name }))
  const { handle } = JSON.parse(body) as { handle: string } // Written by our own server.
  for (const file of await readdir(path)) {
    const headers = { 'X-Attune-Name': file, 'X-Attune-Folder': handle, 'Content-Type': 'application/octet-stream' }
    await page.post('/upload', await readFile(join(path, file)), headers)
  }
  return handle
}

const dropAdapter = (): Promise<string> => drop(join(fixtures, 'adapters/suffixes'), 'urgency-lora')

async function bring(classNames: readonly string[]): Promise<{ adapter: ImportedAdapter; isKnown: boolean }> {
  return page.call('adapters:bring', { folder: await dropAdapter(), model: model.id, classNames, isMultiLabel: false })
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-imported-adapter-'))
  application = await openTestApplication(folder)
  page = await TestPage.open(application.shell)
  const base = join(folder, 'bert-3')
  await mkdir(base)
  for (const name of ['config.json', 'model.safetensors'])
    await cp(join(fixtures, 'encoders/models/bert-3', name), join(base, name))
  await cp(join(fixtures, 'adapters/tokenizer-bert.json'), join(base, 'tokenizer.json'))
  const brought = await page.call<{ model: ModelSummary }>('library:bring', {
    folder: await drop(base, 'bert-3'),
    place: 'copied'
  })
  model = brought.model
})

afterAll(async () => {
  await application.dispose()
  await rm(folder, { recursive: true, force: true })
})

test('is known for what it is, found its model, and asked for its classes', async () => {
  const candidate = await page.call<AdapterCandidate>('adapters:look', await dropAdapter())
  expect(candidate).toMatchObject({ name: 'urgency-lora', baseName: 'bert-3', rank: 4, problem: null })
  const [first, ...others] = candidate.bases
  expect(first).toEqual({ model: model.id, name: 'bert-3', isNamed: true, labels: 3, classNames: null })
  // The practice model of the tests has the same widths: it could be the one.
  expect(others).toMatchObject([{ name: 'Practice model', isNamed: false }])
  const base = await drop(join(folder, 'bert-3'), 'bert-3')
  expect(await page.call('adapters:look', base)).toBeNull()
  await expect(bring([])).rejects.toThrow("adapter-labels: Nothing names the adapter's 3 outputs.")
  await expect(bring(['one', 'two'])).rejects.toThrow('adapter-labels')
  expect(await page.call('adapters:list')).toEqual([])
})

test('answers texts and tables once it is imported, and what its words say', async () => {
  const brought = await bring(['first', 'second', 'third'])
  ;({ adapter } = brought)
  expect(brought).toMatchObject({ isKnown: false, adapter: { rank: 4, layers: 4, problem: null, model: { id: model.id } } })
  expect(await page.call('adapters:list')).toEqual([adapter])
  expect((await bring(['first', 'second', 'third'])).isKnown).toBe(true)

  const { texts, logits } = JSON.parse(await readFile(join(fixtures, 'adapters/suffixes/case.json'), 'utf8')) as {
    texts: string[]
    logits: number[][]
  }
  const told = logits.map((row) => ['first', 'second', 'third'][row.indexOf(Math.max(...row))])
  const answers = await page.call<Answer[]>('adapters:answer', { id: adapter.id, texts })
  expect(answers.map(({ label }) => label)).toEqual(told)
  const hints = await page.call<Attribution>('adapters:attribute', { id: adapter.id, text: texts[0] })
  expect(hints.label).toBe(told[0])
  expect(hints.words.length).toBeGreaterThan(2)

  const headers = { 'X-Attune-Name': 'october.csv', 'Content-Type': 'application/octet-stream' }
  const upload = await page.post('/upload', `text\n${texts.join('\n')}\n`, headers)
  const { handle } = JSON.parse(upload.body) as { handle: string } // Written by our own server.
  const job = await page.call<UseJob>('use:open', { run: adapter.id, files: [handle] })
  expect(job).toMatchObject({ rows: texts.length, text: 'text', needsPair: false })
  await page.call('use:start', { id: job.id, run: adapter.id, text: 'text', pair: null, answer: null, limit: null })
  while ((await page.call<UseJob>('use:get', job.id)).state !== 'answered') await new Promise((done) => setTimeout(done, 50))
  const { rows } = await page.call<UseRowsPage>('use:rows', { id: job.id, from: 0, count: 10, unsureFirst: false })
  expect(rows.map(({ answer }) => answer)).toEqual(told)
  expect(await page.call('use:save', { id: job.id, format: 'xlsx' })).toMatchObject({ name: 'october answered.xlsx' })
})

test('is where a run starts from: its ranks, and its head for the same classes', async () => {
  const { texts } = JSON.parse(await readFile(join(fixtures, 'adapters/suffixes/case.json'), 'utf8')) as { texts: string[] }
  const names = ['first', 'second', 'third'] as const
  const lines = Array.from(
    { length: 60 },
    (_, i) => `${texts[i % texts.length] ?? ''} ${'abcdefghij'.charAt(i % 10)} ${i % 7},${names[i % 3] ?? ''}`
  )
  const headers = { 'X-Attune-Name': 'rows.csv', 'Content-Type': 'application/octet-stream' }
  const upload = await page.post('/upload', `text,label\n${lines.join('\n')}\n`, headers)
  const { handle } = JSON.parse(upload.body) as { handle: string } // Written by our own server.
  const { id: dataset, roles } = await page.call<DatasetSummary>('data:open', handle)
  await page.call('data:setRoles', { id: dataset, roles: { ...roles, text: 'text', answer: 'label', belonging: 'no' } })
  const changed = { 'training.bootstrap_resamples': 50, 'training.baselines': false, 'training.max_steps': 2 }
  const draft = {
    dataset,
    model: model.id,
    adapter: adapter.id,
    thoroughness: 0,
    changed,
    mustNotMiss: null,
    quietly: false,
    name: null
  }
  const plan = await page.call<RunPlan>('runs:plan', draft)
  expect(plan.blocked).toBeNull()
  const run = await page.call<string>('runs:start', draft)
  for (;;) {
    const { state, failure } = await page.call<RunSummary>('runs:get', run)
    if (failure) throw new Error(failure.message)
    if (state === 'finished') break
    await new Promise((done) => setTimeout(done, 100))
  }
  const [home = ''] = await readdir(join(folder, 'data/runs')).then((all) => all.filter((name) => name.startsWith('r-')))
  const { config } = JSON.parse(await readFile(join(folder, 'data/runs', home, 'config.json'), 'utf8')) as {
    config: { method: Record<string, unknown> }
  }
  expect(config.method).toMatchObject({ r: 4, lora_alpha: 8, adapter_labels: ['first', 'second', 'third'] })
  await page.call('runs:discard', run)
})

test('says so when its model goes, and leaves nothing once it is removed', async () => {
  await page.call('models:remove', model.id)
  const [stranded] = await page.call<ImportedAdapter[]>('adapters:list')
  expect(stranded?.problem).toContain('bert-3, is no longer in the library')
  await expect(page.call('adapters:answer', { id: adapter.id, texts: ['a'] })).rejects.toThrow('adapter-unusable')
  await page.call('adapters:remove', adapter.id)
  expect(await page.call('adapters:list')).toEqual([])
  expect(await readdir(join(folder, 'data/adapters'))).toEqual([])
  await expect(page.call('adapters:answer', { id: adapter.id, texts: ['a'] })).rejects.toThrow('adapter-gone')
})
