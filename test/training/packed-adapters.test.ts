import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ImportedAdapter } from '../../src/preload/contract/adapters.ts'
import type { ModelSummary } from '../../src/preload/contract/models.ts'
import type { KeptPack, PackCandidate } from '../../src/preload/contract/packs.ts'
import type { Answer } from '../../src/preload/contract/runs.ts'
import type { UseJob } from '../../src/preload/contract/use.ts'
import { openTestApplication, type Application } from '../helpers/application.ts'
import { keyIdOf } from '../../src/main/base/sealed/convert.ts'
import { attune, processesWith, type CliEvent } from '../helpers/attune.ts'
import { TestPage } from '../helpers/loopback-page.ts'
import { makeTinyProject, type TinyProject } from '../helpers/tiny-project.ts'

const passphrase = 'four words are better'
const TEXTS = ['dab abba bed', 'fade cede', 'faca ace bead']

let root: string
let home: string
let project: TinyProject
let run: string
let application: Application
let page: TestPage

const cli = async (words: readonly string[], input?: string): Promise<CliEvent> =>
  (await attune([...words, '--json'], { home, ...(input !== undefined && { input }) })).events().at(-1) ?? { event: 'nothing' }

async function pack(name: string, secret: string | null): Promise<string> {
  const out = join(root, name)
  const words = ['export', run, '--format', 'attune', '--adapter', '--out', out]
  const finished = await (secret === null ? cli(words) : cli([...words, '--encrypt', '--passphrase-stdin'], `${secret}\n`))
  expect(finished).toMatchObject({ event: 'finished' })
  return out
}

async function upload(path: string, name: string): Promise<string> {
  const headers = { 'X-Attune-Name': encodeURIComponent(name), 'Content-Type': 'application/octet-stream' }
  return (JSON.parse((await page.post('/upload', await readFile(path), headers)).body) as { handle: string }).handle // Written by our own server.
}

async function dropFolder(path: string, name: string): Promise<string> {
  const { handle } = JSON.parse((await page.post('/folder', JSON.stringify({ name }))).body) as { handle: string } // As above.
  for (const file of await readdir(path)) {
    const headers = { 'X-Attune-Name': file, 'X-Attune-Folder': handle, 'Content-Type': 'application/octet-stream' }
    await page.post('/upload', await readFile(join(path, file)), headers)
  }
  return handle
}

const open = async (path: string, secret: string | null): Promise<PackCandidate> =>
  page.call('packs:open', { file: await upload(path, 'ward-3.attune'), passphrase: secret })

/** What the run itself answers to the texts. */
async function ownAnswers(): Promise<readonly { label: string; probabilities: Record<string, number> }[]> {
  const [data, out] = [join(root, 'texts.csv'), join(root, 'texts.jsonl')]
  await writeFile(data, `id,text\n${TEXTS.map((text, row) => `${row},${text}`).join('\n')}\n`)
  await cli(['predict', run, '--data', data, '--out', out])
  const lines = (await readFile(out, 'utf8')).trim().split('\n')
  return lines.map((line) => JSON.parse(line) as { label: string; probabilities: Record<string, number> }) // Written by predict.
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'attune-packed-adapters-'))
  application = await openTestApplication(join(root, 'window'), { noModel: true })
  page = await TestPage.open(application.shell)
  home = join(root, 'home')
  // The command line finds the window's data folder where it looks for its own.
  await mkdir(join(home, '.local/share'), { recursive: true })
  await symlink(join(root, 'window/data'), join(home, '.local/share/attune'))
  project = await makeTinyProject(join(root, 'project'))
  const training = { num_train_epochs: 12, per_device_train_batch_size: 16, learning_rate: 0.01, early_stopping: null }
  const config = await project.config('ward', { ...training, bootstrap_resamples: 50, baselines: false })
  const finished = await cli(['train', config])
  expect(finished).toMatchObject({ event: 'finished' })
  run = String(finished['run'])
})

afterAll(async () => {
  await application.dispose()
  await rm(root, { recursive: true, force: true })
})

let adapter: ImportedAdapter

test('a packed adapter says which model it lacks, and nothing of it is kept', async () => {
  const candidate = await open(await pack('ward.attune', null), null)
  expect(candidate).toMatchObject({
    name: 'ward-3',
    holds: 'adapter',
    base: 'model',
    method: 'LoRA',
    answers: { labels: ['bad', 'good', 'odd'] }
  })
  expect(candidate.on).toBeNull()
  expect(candidate.problem).toContain("answers on 'model' alone, which is not in the library. Import that model first")
  await expect(page.call('packs:keep', candidate.id)).rejects.toThrow(/model-unusable/)
  await page.call('packs:drop', candidate.id)
  expect(await readdir(join(root, 'window/data/temporary'))).toEqual([])
})

test('once its model is there it is imported, encrypted too, and answers as its run', async () => {
  await page.call('library:bring', { folder: await dropFolder(join(project.folder, 'model'), 'ward-encoder'), place: 'copied' })
  const locked = await pack('locked.attune', passphrase)
  await expect(open(locked, null)).rejects.toThrow(/pack-locked/)
  const candidate = await open(locked, passphrase)
  expect(candidate).toMatchObject({ holds: 'adapter', on: { name: 'ward-encoder' }, problem: null, licence: { isNoticed: true } })
  const kept = await page.call<KeptPack>('packs:keep', candidate.id)
  if (!('adapter' in kept)) throw new Error('a model came of it')
  ;({ adapter } = kept)
  expect(kept).toMatchObject({
    isKnown: false,
    adapter: { name: 'ward-3', rank: 4, problem: null, made: { tested: { part: 'test', rows: 27 } } }
  })
  expect(adapter.made?.tested.metrics.map(({ title }) => title)).toContain('Accuracy')
  expect(await readdir(join(root, 'window/data/temporary'))).toEqual([])

  const own = await ownAnswers()
  const theirs = await page.call<Answer[]>('adapters:answer', { id: adapter.id, texts: TEXTS })
  expect(theirs.map(({ label }) => label)).toEqual(own.map(({ label }) => label))
  theirs.forEach(({ probabilities }, row) => {
    for (const { name, value } of probabilities ?? []) expect(value).toBeCloseTo(own[row]!.probabilities[name]!, 5)
  })
  const again = await page.call<KeptPack>('packs:keep', (await open(join(root, 'ward.attune'), null)).id)
  expect(again).toMatchObject({ isKnown: true, adapter: { id: adapter.id } })
})

test('it is used on a table, measured by what it had learned', async () => {
  const table = await upload(join(project.folder, 'more.csv'), 'more.csv')
  const job = await page.call<UseJob>('use:open', { run: adapter.id, files: [table] })
  expect(job).toMatchObject({ text: 'text', answer: 'label', rows: 30 })
  await page.call('use:start', { id: job.id, run: adapter.id, text: 'text', pair: null, answer: 'label', limit: null })
  let state = job
  while (!['answered', 'failed'].includes(state.state)) state = await page.call<UseJob>('use:get', job.id)
  expect(state).toMatchObject({ state: 'answered', done: 30, measure: { rows: 30 }, problem: null })
})

test('what a command imports while the window is open is seen in it', async () => {
  await page.call('adapters:remove', adapter.id)
  const seen: unknown[] = []
  const socket = await page.listen((channel, payload) => {
    if (channel === 'library:changed') seen.push(payload)
  })
  const merged = join(root, 'merged.attune')
  await cli(['export', run, '--format', 'attune', '--out', merged])
  const imported = await cli(['import', merged, '--yes'])
  expect(imported).toMatchObject({ event: 'finished', is_known: false })
  expect(await cli(['import', join(root, 'ward.attune'), '--yes'])).toMatchObject({ event: 'finished', is_known: false })
  while (seen.length === 0 || !JSON.stringify(seen).includes('"added":1')) await new Promise((done) => setTimeout(done, 50))
  const models = await page.call<ModelSummary[]>('models:list')
  expect(models.find(({ id }) => id === imported['model'])).toMatchObject({
    name: 'merged',
    state: 'ready',
    answers: { labels: ['bad', 'good', 'odd'] }
  })
  let adapters = await page.call<ImportedAdapter[]>('adapters:list')
  while (adapters.length === 0) adapters = await page.call<ImportedAdapter[]>('adapters:list')
  expect(adapters).toMatchObject([{ name: 'ward', problem: null }])
  socket.close()
})

test('in an encrypted data folder it is sealed, whoever imports it, and answers', async () => {
  const secret = 'correct horse battery staple'
  for (const { id } of await page.call<ImportedAdapter[]>('adapters:list')) await page.call('adapters:remove', id)
  await page.call('vault:protect', { passphrase: secret, keyring: false })
  const own = await ownAnswers()
  const requireSealed = async (id: string): Promise<void> => {
    const home = join(root, 'window/data/adapters', id)
    const names = ['about.json', 'model.json', 'adapter/adapter_model.safetensors', 'adapter/manifest.json']
    for (const name of names) expect(await keyIdOf(join(home, name)), name).toEqual(expect.any(String))
    const answers = await page.call<Answer[]>('adapters:answer', { id, texts: TEXTS })
    expect(answers.map(({ label }) => label)).toEqual(own.map(({ label }) => label))
  }
  const candidate = await open(join(root, 'ward.attune'), null)
  expect(candidate).toMatchObject({ problem: null, staysPlain: false })
  const kept = await page.call<KeptPack>('packs:keep', candidate.id)
  if (!('adapter' in kept)) throw new Error('a model came of it')
  await requireSealed(kept.adapter.id)
  await page.call('adapters:remove', kept.adapter.id)

  const words = ['import', join(root, 'ward.attune'), '--yes']
  expect(await cli(words)).toMatchObject({ code: 'passphrase-needed' })
  const imported = await cli([...words, '--passphrase-stdin'], `${secret}\n`)
  expect(imported).toMatchObject({ event: 'finished', is_known: false, adapter: kept.adapter.id, on: 'ward-encoder' })
  await requireSealed(kept.adapter.id)
  await page.call('vault:lock')
  while ((await processesWith(`ATTUNE_CACHE=${join(root, 'window/data/cache')}`)).some((pid) => pid !== process.pid))
    await new Promise((done) => setTimeout(done, 50))
})
