import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DatasetSummary } from '../../src/preload/contract/data.ts'
import type {
  ExportCheck,
  ExportContents,
  ExportOptions,
  ExportPlace,
  ExportSummary
} from '../../src/preload/contract/exports.ts'
import type { ModelSummary } from '../../src/preload/contract/models.ts'
import type { AuditLine } from '../../src/preload/contract/record.ts'
import type { ProjectSummary } from '../../src/preload/contract/projects.ts'
import type { RunDraft, RunPlan, RunSummary } from '../../src/preload/contract/runs.ts'
import { openTestApplication, type Application } from '../helpers/application.ts'
import { TestPage } from '../helpers/loopback-page.ts'

const contents: ExportContents = { card: true, report: true, examples: false, groups: [] }
const usual = { passphrase: null, quantization: null, despite: false }
const quick = { 'training.bootstrap_resamples': 50, 'training.baselines': false, 'training.max_steps': 4 }
let folder: string
let target: string
let application: Application
let page: TestPage
let run: string
let dataset: DatasetSummary

/** A handle of the folder that exports go to, as the folder dialog gives it. */
async function chosen(): Promise<string> {
  const asked = async <T>(path: string, body: object): Promise<T> =>
    JSON.parse((await page.post(path, JSON.stringify(body))).body) as T // Written by our own server.
  const { folders } = await asked<{ folders: readonly { id: string; name: string }[] }>('/folders/list', { folder: null })
  const id = folders.find(({ name }) => name === 'out')!.id
  return (await asked<{ handle: string }>('/folders/choose', { folder: id, purpose: 'folder' })).handle
}

async function ended(id: string, of = run): Promise<ExportSummary> {
  for (;;) {
    const one = (await page.call<ExportSummary[]>('exports:list', of)).find((each) => each.id === id)
    if (!one) throw new Error('the export is gone')
    if (one.state !== 'working') return one
    await new Promise((done) => setTimeout(done, 50))
  }
}

const start = async (format: string, to: string | null): Promise<ExportSummary> =>
  ended((await page.call<ExportSummary>('exports:start', { run, format, dtype: 'fp32', contents, ...usual, to })).id)

/** Trains the practice model on the letters for a few steps. */
async function trained(name: string, changed: RunDraft['changed']): Promise<string> {
  const [model] = await page.call<ModelSummary[]>('models:list')
  const facts = { dataset: dataset.id, model: model!.id, thoroughness: 0, mustNotMiss: null, quietly: false }
  const id = await page.call<string>('runs:start', { ...facts, changed, name } satisfies RunDraft)
  while ((await page.call<RunSummary>('runs:get', id)).state !== 'finished') await new Promise((done) => setTimeout(done, 100))
  return id
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-exports-'))
  // Folders are chosen below the folder of the test.
  target = join(folder, 'out')
  await mkdir(target)
  application = await openTestApplication(folder)
  page = await TestPage.open(application.shell)
  dataset = await page.call<DatasetSummary>('data:openSample', 'letters')
  run = await trained('Urgency / v1', { ...quick, 'head.pooling': 'default' })
})

afterAll(async () => {
  await application.dispose()
  await rm(folder, { recursive: true, force: true })
})

test('a run is exported from the window, kept on its list, checked again with its data, and a changed file is found', async () => {
  const options = await page.call<ExportOptions>('exports:options', run)
  expect(options.last).toBeNull()
  const merged = options.forms.find(({ format }) => format === 'huggingface')!
  expect(merged.unsupported).toBeNull()
  for (const { unsupported, sizes } of options.forms) expect(sizes.length > 0).toBe(unsupported === null)

  const to = await chosen()
  expect(await page.call<ExportPlace>('exports:place', to)).toMatchObject({ folder: target })
  await expect(
    page.call('exports:start', { run, format: 'huggingface', dtype: 'fp32', contents, ...usual, to: null })
  ).rejects.toThrow(/Choose a folder/)

  await page.call('datasheets:save', { id: dataset.id, answers: { title: 'Letters for practice' } })
  const done = await start('huggingface', to)
  expect(done).toMatchObject({ state: 'done', name: 'Urgency _ v1 (Hugging Face)', folder: target, failure: null })
  expect(done.replay).toMatchObject({ changedRows: 0, part: 'test' })
  expect(done.replay!.metrics.map(({ before, after }) => Math.abs(before - after)).every((gap) => gap < 1e-4)).toBe(true)
  expect(done.memorisation?.sentence).toMatch(/^(?:Not shown|Some|Strong):/)
  const told = merged.sizes[0]!.bytes
  const bytes = done.bytes ?? 0
  // What was predicted are the weights; the tokenizer and the papers come on top.
  expect(bytes).toBeGreaterThan(told)
  expect(bytes).toBeLessThan(told + 2e6)

  const check = await page.call<ExportCheck>('exports:verify', done.id)
  expect(check).toMatchObject({ isOwn: true, signedBy: done.signedBy })
  expect(check.metrics!.map(({ id, value }) => [id, value.toFixed(6)])).toEqual(
    done.replay!.metrics.map(({ id, after }) => [id, after.toFixed(6)])
  )

  const sheet = await readFile(join(target, done.name, 'datasheet.md'), 'utf8')
  expect(sheet).toContain('# Datasheet of the data: Letters for practice')

  // The next goes beside it without being asked again, under a name of its own.
  const second = await start('huggingface', null)
  expect([second.state, second.name]).toEqual(['done', 'Urgency _ v1 (Hugging Face) 2'])
  expect((await readdir(target)).toSorted()).toEqual(['Urgency _ v1 (Hugging Face)', 'Urgency _ v1 (Hugging Face) 2'])
  const json = join(target, second.name, 'config.json')
  await writeFile(json, (await readFile(json, 'utf8')).replace('"urgent"', '"Urgent"'))
  await expect(page.call('exports:verify', second.id)).rejects.toThrow(/labels in config.json/)

  await page.call('exports:forget', second.id)
  expect((await page.call<ExportSummary[]>('exports:list', run)).map(({ id }) => id)).toEqual([done.id])
  const { lines } = await page.call<{ lines: AuditLine[] }>('record:log', { from: 0, count: 10 })
  expect(lines.filter(({ event, subject }) => event === 'exported' && subject === run)).toHaveLength(2)
})

test('leaves as int8 with ranges measured on validation rows, with the words and groups that were asked for', async () => {
  const options = await page.call<ExportOptions>('exports:options', run)
  expect(options.forms.find(({ format }) => format === 'onnx-int8')?.quantizations).toEqual(['dynamic', 'static'])
  expect(options.forms.filter(({ quantizations }) => quantizations.length > 0)).toHaveLength(1)
  const [column] = options.columns
  const words = { intended: 'Sorting letters of the ward', limits: '', further: '' }
  await page.call('cards:save', { run, words })
  expect(await page.call('cards:get', run)).toEqual(words)
  const asked = { ...usual, quantization: 'static', contents: { ...contents, groups: [column!] } }
  const request = { run, format: 'onnx-int8', dtype: 'fp32', ...asked, to: await chosen() }
  const one = await ended((await page.call<ExportSummary>('exports:start', request)).id)
  expect([one.failure, one.state, one.quantization, one.name]).toEqual([
    null,
    'done',
    'static',
    'Urgency _ v1 (ONNX, int8 static)'
  ])
  expect(one.replay?.loss?.metric).toBe('macro_f1')
  const out = join(target, one.name)
  const { entries } = JSON.parse(await readFile(join(out, 'manifest.json'), 'utf8')) as { entries: { kind: string }[] }
  expect(entries.find(({ kind }) => kind === 'quantization')).toMatchObject({
    activations: 'static',
    calibration: { part: 'validation' }
  })
  expect(await readFile(join(out, 'README.md'), 'utf8')).toContain('Sorting letters of the ward')
  expect(await readFile(join(out, 'report.html'), 'utf8')).toContain(`By ${column}`)
  expect((await page.call<ExportSummary[]>('exports:list', run))[0]).toMatchObject({ quantization: 'static' })
  await page.call('cards:save', { run, words: { ...words, intended: '' } })
})

test('a licence that speaks against what the project is for is told of before training, and asks for a deliberate word at the door', async () => {
  const [model] = await page.call<ModelSummary[]>('models:list')
  const draft: RunDraft = {
    dataset: dataset.id,
    model: model!.id,
    thoroughness: 0,
    mustNotMiss: null,
    quietly: false,
    changed: quick,
    name: null
  }
  const card = join(folder, 'resources/model/README.md')
  await writeFile(card, '---\nlicense: cc-by-nc-4.0\n---\n')
  try {
    expect((await page.call<RunPlan>('runs:plan', draft)).notes.join()).not.toContain('speaks against')
    await page.call('projects:setPurpose', { id: dataset.project, purpose: 'commercial' })
    const [project] = (await page.call<ProjectSummary[]>('projects:list')).filter(({ id }) => id === dataset.project)
    expect(project?.purpose).toBe('commercial')
    expect((await page.call<RunPlan>('runs:plan', draft)).notes.join()).toContain(
      'meant to be sold or given to others, and a licence speaks against that'
    )
    expect(await page.call('exports:options', run)).toMatchObject({
      purpose: 'commercial',
      conflict: expect.stringContaining('cc-by-nc-4.0')
    })
    const there = await readdir(target)
    const request = { run, format: 'onnx', dtype: 'fp32', contents, ...usual, to: await chosen() }
    const refused = await ended((await page.call<ExportSummary>('exports:start', request)).id)
    expect([refused.state, refused.failure?.code]).toEqual(['failed', 'export-purpose'])
    expect(await readdir(target)).toEqual(there)
    const kept = await ended((await page.call<ExportSummary>('exports:start', { ...request, to: null, despite: true })).id)
    expect([kept.failure, kept.state]).toEqual([null, 'done'])
  } finally {
    await rm(card)
    await page.call('projects:setPurpose', { id: dataset.project, purpose: 'unsaid' })
  }
})

test('a pack is one encrypted file; its passphrase is asked of main alone', async () => {
  const request = {
    run,
    format: 'attune',
    dtype: 'fp32',
    contents,
    ...usual,
    passphrase: 'four words make it',
    to: await chosen()
  }
  const one = await ended((await page.call<ExportSummary>('exports:start', request)).id)
  expect([one.state, one.name, one.failure]).toEqual(['done', 'Urgency _ v1 (Attune).attune', null])
  const bytes = await readFile(join(target, one.name))
  expect(bytes.subarray(0, 21).toString()).toBe('age-encryption.org/v1')
  expect(bytes.length).toBe(one.bytes)
  const written = await readFile(join(folder, 'data', 'attune.sqlite'))
  expect(written.includes('four words make it')).toBe(false)

  const place = { folder: await chosen(), pack: one.name, passphrase: null }
  await expect(page.call('exports:check', { ...place, dataset: null })).rejects.toThrow('pack-locked')
})

test('what the practice model learns, whose head no class of transformers has, leaves as ONNX and as a pack', async () => {
  const practice = await trained('Usual', quick)
  const { forms } = await page.call<ExportOptions>('exports:options', practice)
  let pack = ''
  expect(forms.filter(({ unsupported }) => unsupported?.includes('head.pooling: mean')).map(({ format }) => format)).toEqual([
    'huggingface',
    'peft',
    'attune-adapter'
  ])
  for (const [format, dtype] of [
    ['onnx', 'fp32'],
    ['attune', 'fp32']
  ] as const) {
    const request = { run: practice, format, dtype, contents, ...usual, to: await chosen() }
    const { id } = await page.call<ExportSummary>('exports:start', request)
    const one = await ended(id, practice)
    expect([one.state, one.failure, one.replay?.changedRows]).toEqual(['done', null, 0])
    const check = await page.call<ExportCheck>('exports:verify', id)
    expect(check.metrics!.map(({ id: name, value }) => [name, value.toFixed(5)])).toEqual(
      one.replay!.metrics.map(({ id: name, after }) => [name, after.toFixed(5)])
    )
    if (format === 'attune') pack = one.name
  }
  // A pack is checked and reviewed in the folder where it lies.
  const place = { folder: await chosen(), pack, passphrase: null }
  expect(await page.call('exports:packs', place.folder)).toContain(pack)
  expect(await page.call('exports:check', { ...place, dataset: null })).toMatchObject({ status: 'draft', isOwn: true })
  const statement = { status: 'retired', name: 'Dr. M. Ruiz', note: 'superseded' }
  expect(await page.call('exports:review', { of: place, ...statement })).toMatchObject({ status: 'retired' })
  expect(await page.call('exports:check', { ...place, dataset: null })).toMatchObject({ status: 'retired', reviews: [statement] })
  for (const other of ['../out/other.attune', 'gone.attune'])
    await expect(page.call('exports:check', { ...place, pack: other, dataset: null })).rejects.toThrow()
})

test('an export that is stopped keeps nothing, and only one is made at a time', async () => {
  const there = await readdir(target)
  const { id } = await page.call<ExportSummary>('exports:start', {
    run,
    format: 'huggingface',
    dtype: 'fp32',
    contents,
    ...usual,
    to: await chosen()
  })
  await expect(
    page.call('exports:start', { run, format: 'huggingface', dtype: 'fp32', contents, ...usual, to: null })
  ).rejects.toThrow(/under way/)
  await page.call('exports:stop', id)
  expect(await ended(id)).toMatchObject({ state: 'stopped', replay: null, failure: null })
  expect(await readdir(target)).toEqual(there)
})

test('refuses what is no form', async () => {
  const one = await start('pickle', await chosen())
  expect([one.state, one.failure?.message.includes('pickle')]).toEqual(['failed', true])
})
