import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DatasetId, ModelId, RunId } from '../../src/preload/contract/common.ts'
import type { DatasetReport, DatasetSummary } from '../../src/preload/contract/data.ts'
import type { ModelSummary } from '../../src/preload/contract/models.ts'
import type { Answer, Curves, RunDraft, RunPlan, RunSummary } from '../../src/preload/contract/runs.ts'
import type { RunOrigin } from '../../src/preload/contract/supervision.ts'
import type { Sweep, SweepPlan } from '../../src/preload/contract/sweeps.ts'
import { openTestApplication, type Application } from '../helpers/application.ts'
import { TestPage } from '../helpers/loopback-page.ts'
import { marksFile, tinyDocuments } from '../helpers/tiny-marks.ts'

let folder: string
let application: Application
let page: TestPage
let dataset: DatasetId
let model: ModelId

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-marks-application-'))
  application = await openTestApplication(folder)
  page = await TestPage.open(application.shell)
  const handle = await page.upload('marks.jsonl', marksFile(tinyDocuments(120, 1)))
  const opened = await page.call<DatasetSummary>('data:open', handle)
  expect(opened.roles).toMatchObject({ task: 'token-classification', text: 'text', answer: 'marks' })
  dataset = opened.id
  model = (await page.call<ModelSummary[]>('models:list'))[0]!.id
})

afterAll(async () => {
  await application.dispose()
  await rm(folder, { recursive: true, force: true })
})

const draftWith = (changed: RunDraft['changed']): RunDraft => ({
  dataset,
  model,
  thoroughness: 2,
  changed: { 'training.learning_rate': 0.02, 'training.bootstrap_resamples': 50, ...changed },
  mustNotMiss: null,
  quietly: false,
  name: null
})

/** The run once it is in one of the states, or fulfils what is asked. */
async function until(id: string, states: readonly string[], isMeant = (_run: RunSummary): boolean => false): Promise<RunSummary> {
  for (let wait = 0; wait < 90_000; wait += 20) {
    const run = await page.call<RunSummary>('runs:get', id)
    if (states.includes(run.state) || isMeant(run)) return run
    if (['failed', 'stopped', 'finished'].includes(run.state)) throw new Error(`The run is ${run.state}: ${run.failure?.message}`)
    await new Promise((done) => setTimeout(done, 20))
  }
  throw new Error(`The run is not ${states.join(' or ')} within 90 s.`)
}

const kindsOf = (report: DatasetReport): readonly string[] => report.kinds?.map(({ name }) => name) ?? []

test('a run that finds passages pauses, answers, goes on, stops with its best weights, and can be tried again', async () => {
  expect(kindsOf(await page.call<DatasetReport>('data:report', dataset)).toSorted()).toEqual(['NAME', 'PLACE'])
  const draft = draftWith({ 'training.num_train_epochs': 400, 'training.early_stopping': null })
  const plan = await page.call<RunPlan>('runs:plan', draft)
  expect(plan.blocked).toBeNull()
  const tags = plan.examples.flatMap(({ tags: own }) => own ?? [])
  expect(tags).toEqual(expect.arrayContaining(['O', 'B-NAME', 'B-PLACE', 'I-PLACE', null]))

  const id = await page.call<RunId>('runs:start', draft)
  const waiting = await page.call<RunId>('runs:start', draftWith({ 'training.max_steps': 4 }))
  expect((await page.call<RunSummary>('runs:get', waiting)).place).toBe(1)
  const best = await until(id, [], (run) => (run.best?.value ?? 0) > 0.3)
  expect(best).toMatchObject({ task: 'token-classification', method: 'full', best: { metric: 'micro_f1' } })
  await page.call('runs:pause', id)
  await until(id, ['paused'])
  await until(waiting, ['finished'])
  const text = 'dab abba bed cede dace fade'
  const [answer] = await page.call<Answer[]>('runs:answer', { id, texts: [text] })
  for (const { start, end, kind, sure } of answer?.marks ?? []) {
    expect(text.slice(start, end)).toMatch(/^[a-f]+(?: [a-f]+)*$/)
    expect(['NAME', 'PLACE']).toContain(kind)
    expect(sure).toBeGreaterThan(0)
  }
  expect(answer?.marks?.length).toBeGreaterThan(0)
  await page.call('runs:resume', id)
  await until(id, ['running'])
  await page.call('runs:finish', id)
  const finished = await until(id, ['finished'])
  expect(finished).toMatchObject({ failure: null, test: { metric: 'micro_f1', measured: { low: expect.any(Number) } } })
  expect(finished.step).toBeLessThan(finished.totalSteps)
  const { evaluations } = await page.call<Curves>('runs:curves', id)
  expect(evaluations.at(-1)?.metrics).toMatchObject({ micro_f1: expect.any(Number) })
  expect(await page.call<RunOrigin>('supervision:origin', id)).toEqual({ draft, problem: null })
})

test('a sweep of such runs ranks them by what validation finds, and tests the one that is chosen', async () => {
  const draft = draftWith({ 'training.num_train_epochs': 4, 'training.early_stopping': null })
  const axes = [{ path: 'head.scheme', values: ['BIO', 'BILOU'] }]
  expect(await page.call<SweepPlan>('sweeps:plan', { draft, axes })).toMatchObject({ runs: 2, problem: null })
  const id = await page.call<string>('sweeps:start', { draft, axes })
  const members = (await page.call<Sweep>('sweeps:get', id)).runs.map(({ run }) => run.id)
  for (const member of members) await until(member, ['finished'])
  const { metric, runs } = await page.call<Sweep>('sweeps:get', id)
  expect(metric).toBe('micro_f1')
  expect(runs.map(({ values }) => values[0]).toSorted()).toEqual(['BILOU', 'BIO'])
  expect(runs[0]?.validation?.value).toBeGreaterThanOrEqual(runs[1]?.validation?.value ?? 1)
  expect(runs[0]?.validation?.low).toBeLessThanOrEqual(runs[0]?.validation?.value ?? 0)
  const untested = await Promise.all(members.map((member) => readdir(join(folder, 'data/runs', `${member}-1`))))
  expect(untested.flat().filter((name) => /test\.json$/.test(name))).toEqual([])
  const chosen = runs[0]!.run.id
  await page.call('sweeps:test', chosen)
  const tested = await until(chosen, [], ({ state, test: measured }) => state === 'finished' && measured !== null)
  expect(tested.test?.metric).toBe('micro_f1')
  expect(await readFile(join(folder, 'data/runs', `${chosen}-1`, 'report.html'), 'utf8')).toContain('among 2 runs')
})
