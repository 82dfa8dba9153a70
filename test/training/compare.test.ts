import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Comparison } from '../../src/preload/contract/compare.ts'
import type { DatasetSummary } from '../../src/preload/contract/data.ts'
import type { ModelSummary } from '../../src/preload/contract/models.ts'
import type { RunDraft, RunResult, RunSummary } from '../../src/preload/contract/runs.ts'
import { openTestApplication, type Application } from '../helpers/application.ts'
import { TestPage } from '../helpers/loopback-page.ts'

let folder: string
let application: Application
let page: TestPage

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-compare-'))
  application = await openTestApplication(folder)
  page = await TestPage.open(application.shell)
})

afterAll(async () => {
  await application.dispose()
  await rm(folder, { recursive: true, force: true })
})

async function trained(changed: RunDraft['changed'], sample = 'letters'): Promise<string> {
  const { id: dataset } = await page.call<DatasetSummary>('data:openSample', sample)
  const [model] = await page.call<ModelSummary[]>('models:list')
  const settings = { 'training.bootstrap_resamples': 50, 'training.baselines': false, 'training.max_steps': 4, ...changed }
  const draft = { dataset, model: model!.id, thoroughness: 0, changed: settings, mustNotMiss: null, quietly: false, name: null }
  const id = await page.call<string>('runs:start', draft)
  for (;;) {
    const run = await page.call<RunSummary>('runs:get', id)
    if (run.failure) throw new Error(run.failure.message)
    if (run.state === 'finished') return id
    await new Promise((done) => setTimeout(done, 100))
  }
}

test('compares real runs on the rows that they share, and says why others are left out', async () => {
  const first = await trained({})
  const second = await trained({ 'training.learning_rate': 0.01 })
  const elsewhere = await trained({}, 'clauses')
  const looks = await readFile(join(folder, 'data/runs/test-looks.json'), 'utf8')
  const found = await page.call<Comparison>('compare:tests', [first, second, elsewhere])
  const { testRows, metrics } = await page.call<RunResult>('runs:result', first)
  const beside = (await page.call<RunResult>('runs:result', second)).metrics
  expect(found).toMatchObject({ metric: 'macro_f1', rows: testRows })
  expect(found.pairs).toHaveLength(1)
  const valueOf = (rows: RunResult['metrics']): number => rows.find(({ id }) => id === 'macro_f1')?.model?.value ?? Number.NaN
  // What was stored is what was judged: the difference of the stored answers is that of the two reports.
  expect(found.pairs[0]?.difference?.value).toBeCloseTo(valueOf(metrics) - valueOf(beside), 9)
  expect(found.unfit).toEqual([{ run: elsewhere, reason: 'other-rows', shared: 0 }])
  expect(await readFile(join(folder, 'data/runs/test-looks.json'), 'utf8')).toBe(looks)
})

test('refuses damaged answers in a sentence', async () => {
  const [one, two] = await page.call<RunSummary[]>('runs:list')
  const runs = join(folder, 'data/runs')
  await writeFile(join(runs, `${one!.id}-1`, 'predictions-test.json'), '{"format":')
  await expect(page.call('compare:tests', [one!.id, two!.id])).rejects.toThrow(/predictions-unreadable: The stored answers/)
})
