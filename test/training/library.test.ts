import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DatasetSummary } from '../../src/preload/contract/data.ts'
import type {
  AdapterSummary,
  ModelCandidate,
  ModelDetails,
  Feasibility,
  ModelFit,
  Verification
} from '../../src/preload/contract/library.ts'
import type { ModelSummary } from '../../src/preload/contract/models.ts'
import type { RunDraft, RunSummary } from '../../src/preload/contract/runs.ts'
import { openTestApplication, type Application } from '../helpers/application.ts'
import { TestPage } from '../helpers/loopback-page.ts'
import { makeTinyProject } from '../helpers/tiny-project.ts'

let folder: string
let application: Application
let page: TestPage

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-library-'))
  application = await openTestApplication(folder)
  page = await TestPage.open(application.shell)
})

afterAll(async () => {
  await application.dispose()
  await rm(folder, { recursive: true, force: true })
})

/** Brings a model's folder as a page does with one that was dropped on it. */
async function drop(model: string): Promise<string> {
  const { body } = await page.post('/folder', JSON.stringify({ name: 'my model' }))
  const { handle } = JSON.parse(body) as { handle: string } // Written by our own server.
  for (const name of await readdir(model)) {
    const headers = { 'X-Attune-Name': name, 'X-Attune-Folder': handle, 'Content-Type': 'application/octet-stream' }
    await page.post('/upload', await readFile(join(model, name)), headers)
  }
  return handle
}

test("leads from one's own model folder over its fit to a run, its adapter and a check of its files", async () => {
  const { folder: tiny } = await makeTinyProject(join(folder, 'own'))
  const handle = await drop(join(tiny, 'model'))
  const candidate = await page.call<ModelCandidate>('library:look', handle)
  expect(candidate).toMatchObject({ name: 'my model', family: 'BERT', problem: null, mustCopy: 'brought' })
  const { model, isKnown } = await page.call<{ model: ModelSummary; isKnown: boolean }>('library:bring', {
    folder: handle,
    place: 'referenced'
  })
  expect([model.state, isKnown]).toEqual(['ready', false])
  const details = await page.call<ModelDetails>('library:details', model.id)
  expect(details).toMatchObject({ place: 'copied', hash: expect.stringMatching(/^[0-9a-f]{64}$/) })
  expect(details.files.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['config.json', 'model.safetensors', 'tokenizer.json'])
  )
  expect((await page.call<Verification>('library:verify', model.id)).changes).toEqual([])

  const { id: dataset } = await page.call<DatasetSummary>('data:openSample', 'letters')
  const fit = await page.call<ModelFit>('library:fit', { model: model.id, dataset })
  expect(fit).toMatchObject({ model: model.id, limit: 20, texts: 300 })
  // Letters of some hundred words, read by a vocabulary of 40 tokens for twenty tokens.
  expect(fit.longTexts).toBeGreaterThan(0.9)
  expect(fit.wholeWords).toBeLessThan(0.5)
  const feasibility = await page.call<Feasibility>('library:feasibility', model.id)
  expect(feasibility).toMatchObject({ model: model.id, verdict: 'comfortable' })
  expect(feasibility.usual).toBeGreaterThan(30e6)

  const changed = { 'training.bootstrap_resamples': 50, 'training.baselines': false, 'training.max_steps': 2 }
  const draft: RunDraft = { dataset, model: model.id, thoroughness: 0, changed, mustNotMiss: null, quietly: false, name: null }
  const run = await page.call<string>('runs:start', draft)
  for (;;) {
    const { state, failure } = await page.call<RunSummary>('runs:get', run)
    if (failure) throw new Error(failure.message)
    if (state === 'finished') break
    await new Promise((done) => setTimeout(done, 100))
  }
  const [adapter] = await page.call<AdapterSummary[]>('library:adapters')
  expect(adapter).toMatchObject({ run, model: { id: model.id }, dataset: { id: dataset } })
  expect(adapter!.bytes).toBeGreaterThan(100)
})

test('recognises the same files a second time', async () => {
  const handle = await drop(join(folder, 'own/model'))
  const again = await page.call<{ model: ModelSummary; isKnown: boolean }>('library:bring', { folder: handle, place: 'copied' })
  expect(again.isKnown).toBe(true)
  expect(await readdir(join(folder, 'data/models'))).toEqual([again.model.id])
})
