import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { usualContents } from '../../src/main/export/paper/contents.ts'
import { runTask } from '../../src/main/runs/supervisor.ts'
import type { DatasetSummary } from '../../src/preload/contract/data.ts'
import type { ModelSummary } from '../../src/preload/contract/models.ts'
import type { KeptPack, PackCandidate } from '../../src/preload/contract/packs.ts'
import type { Attribution } from '../../src/preload/contract/results.ts'
import type { Answer, RunDraft, RunSummary } from '../../src/preload/contract/runs.ts'
import type { UseJob } from '../../src/preload/contract/use.ts'
import type { TrainerTask } from '../../src/main/worker/protocol.ts'
import { openTestApplication, type Application } from '../helpers/application.ts'
import { TestPage } from '../helpers/loopback-page.ts'
import { trainerProgram } from '../helpers/attune.ts'

const passphrase = 'four words are better'
const TEXTS = ['Dear colleague, she has chest pain since this morning.', 'The blood pressure is well controlled.', 'Thank you.']

let root: string
let here: { readonly application: Application; readonly page: TestPage }
let there: { readonly application: Application; readonly page: TestPage }
let run: string
let pack: Buffer
let locked: Buffer

async function opened(name: string): Promise<typeof here> {
  await mkdir(join(root, name))
  const application = await openTestApplication(join(root, name))
  return { application, page: await TestPage.open(application.shell) }
}

async function upload(page: TestPage, name: string, body: Buffer | string): Promise<string> {
  const headers = { 'X-Attune-Name': encodeURIComponent(name), 'Content-Type': 'application/octet-stream' }
  return (JSON.parse((await page.post('/upload', body, headers)).body) as { handle: string }).handle // Written by our own server.
}

async function packed(name: string, secret: string | null): Promise<Buffer> {
  const runs = join(root, 'here/data/runs')
  const [folder = ''] = (await readdir(runs)).filter((entry) => entry.startsWith('r-'))
  const outFolder = join(root, name)
  const task: TrainerTask = {
    kind: 'export',
    runFolder: join(runs, folder),
    format: 'attune',
    dtype: 'fp32',
    outFolder,
    version: '0.0.0',
    externalData: false,
    keyFolder: join(root, 'here/data/signing'),
    contents: usualContents,
    datasheetFile: null
  }
  const outcome = await runTask(task, { entry: trainerProgram, secret, onEvent: () => undefined })
  expect(outcome.event === 'failed' ? outcome.message : '').toBe('')
  expect(outcome).toMatchObject({ event: 'finished', replay: { changed_rows: 0 } })
  return readFile(outFolder)
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'attune-packs-'))
  here = await opened('here')
  const { page } = here
  const { id: dataset } = await page.call<DatasetSummary>('data:openSample', 'letters')
  const [model] = await page.call<ModelSummary[]>('models:list')
  const changed = { 'training.bootstrap_resamples': 50, 'training.baselines': false, 'training.max_steps': 4 }
  const draft: RunDraft = { dataset, model: model!.id, thoroughness: 0, changed, mustNotMiss: null, quietly: false, name: null }
  run = await page.call<string>('runs:start', draft)
  while ((await page.call<RunSummary>('runs:get', run)).state !== 'finished') await new Promise((done) => setTimeout(done, 100))
  pack = await packed('letters.attune', null)
  locked = await packed('locked.attune', passphrase)
  there = await opened('there')
})

afterAll(async () => {
  await here.application.dispose()
  await there.application.dispose()
  await rm(root, { recursive: true, force: true })
})

const models = (): Promise<readonly string[]> => readdir(join(root, 'there/data/models'))

test('a pack is shown first, and nothing of it stays where it is not wanted', async () => {
  const { page } = there
  const file = await upload(page, 'letters.attune', pack)
  const candidate = await page.call<PackCandidate>('packs:open', { file, passphrase: null })
  expect(candidate).toMatchObject({
    ...{ name: 'letters', base: 'model', method: 'LoRA', isOwn: false, staysPlain: false, problem: null },
    answers: { problem: 'single_label_classification', pairs: false },
    tested: { part: 'test', rows: expect.any(Number) },
    licence: { isNoticed: true, text: null }
  })
  expect(candidate.tested.metrics.map(({ id }) => id)).toContain('accuracy')
  expect(await models()).toHaveLength(1)
  await page.call('packs:drop', candidate.id)
  expect(await models()).toEqual([])
  await expect(page.call('packs:keep', candidate.id)).rejects.toThrow(/pack-gone/)
})

test('a pack that was changed or cut off is refused, and so is any other file', async () => {
  const { page } = there
  const cut = await upload(page, 'my "own".attune', pack.subarray(0, 20_000))
  await expect(page.call('packs:open', { file: cut, passphrase: null })).rejects.toThrow(/"my \\"own\\"\.attune" is damaged/)
  const changed = Buffer.from(pack)
  changed[changed.length - 3000] = (changed[changed.length - 3000] ?? 0) ^ 1
  for (const [bytes, code] of [
    [changed, /verify-|pack-damaged/],
    [pack.subarray(0, 20_000), /pack-damaged/],
    [Buffer.from('a,b\n1,2\n'), /pack-damaged/]
  ] as const)
    await expect(page.call('packs:open', { file: await upload(page, 'x.attune', bytes), passphrase: null })).rejects.toThrow(code)
  const table = await upload(page, 'x.csv', 'a,b\n1,2\n')
  await expect(page.call('packs:open', { file: table, passphrase: null })).rejects.toThrow(/file-gone/)
  expect(await models()).toEqual([])
  expect(await readdir(join(root, 'there/data/temporary'))).toEqual([])
})

test('an encrypted pack asks for its passphrase, and what it holds answers on the other PC as the run does here', async () => {
  const { page } = there
  const file = await upload(page, 'locked.attune', locked)
  await expect(page.call('packs:open', { file, passphrase: null })).rejects.toThrow(/pack-locked/)
  await expect(page.call('packs:open', { file, passphrase: 'another one' })).rejects.toThrow(/pack-passphrase/)
  const { id } = await page.call<PackCandidate>('packs:open', { file, passphrase })
  const kept = await page.call<KeptPack>('packs:keep', id)
  if (!('model' in kept)) throw new Error('an adapter came of it')
  const { model, isKnown } = kept
  expect({ isKnown, name: model.name, state: model.state }).toEqual({ isKnown: false, name: 'locked', state: 'ready' })
  expect((await page.call<ModelSummary[]>('models:list')).find((each) => each.id === model.id)?.answers?.labels).toEqual(
    model.answers?.labels
  )

  const own = await here.page.call<Answer[]>('runs:answer', { id: run, texts: TEXTS })
  const theirs = await page.call<Answer[]>('runs:answer', { id: model.id, texts: TEXTS })
  expect(theirs.map(({ label }) => label)).toEqual(own.map(({ label }) => label))
  theirs.forEach(({ probabilities }, i) =>
    probabilities!.forEach(({ value }, c) => expect(value).toBeCloseTo(own[i]!.probabilities![c]!.value, 5))
  )
  const words = { line: null, text: TEXTS[0], pair: null }
  const [mine, other] = await Promise.all([
    here.page.call<Attribution>('results:attribute', { id: run, ...words }),
    page.call<Attribution>('results:attribute', { id: model.id, ...words })
  ])
  expect(other.label).toBe(mine.label)
  other.words.forEach(({ value }, i) => expect(value).toBeCloseTo(mine.words[i]!.value, 3))

  const table = await upload(page, 'own.csv', `letter,urgency\n${TEXTS.map((text) => `"${text}",urgent`).join('\n')}\n`)
  const job = await page.call<UseJob>('use:open', { run: model.id, files: [table] })
  expect(job).toMatchObject({ text: 'letter', answer: 'urgency', rows: 3 })
  await page.call('use:start', { id: job.id, run: model.id, text: 'letter', pair: null, answer: 'urgency', limit: null })
  let state = job
  while (!['answered', 'failed'].includes(state.state)) state = await page.call<UseJob>('use:get', job.id)
  expect(state).toMatchObject({ state: 'answered', done: 3, measure: { rows: 3, looks: 1 }, problem: null })
  const saved = await page.call<{ name: string }>('use:save', { id: job.id, format: 'csv' })
  expect(saved.name).toBe('own answered.csv')

  const again = await page.call<PackCandidate>('packs:open', { file, passphrase })
  expect(await page.call('packs:keep', again.id)).toMatchObject({ isKnown: true, model: { id: model.id } })
  expect(await models()).toEqual([model.id])
})

test('a model that no run of Attune has trained is not asked', async () => {
  const [practice] = await there.page.call<ModelSummary[]>('models:list')
  expect(practice!.answers).toBeUndefined()
  await expect(there.page.call('runs:answer', { id: practice!.id, texts: TEXTS })).rejects.toThrow(/model-untrained/)
})
