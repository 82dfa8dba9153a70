import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DatasetId, ModelId, RunId } from '../../src/preload/contract/common.ts'
import type { DatasetReport, DatasetSummary, Roles } from '../../src/preload/contract/data.ts'
import type { ModelSummary } from '../../src/preload/contract/models.ts'
import type { Answer, Curves, RunDraft, RunPlan, RunSummary } from '../../src/preload/contract/runs.ts'
import type { RunOrigin } from '../../src/preload/contract/supervision.ts'
import type { Sweep, SweepPlan } from '../../src/preload/contract/sweeps.ts'
import { parseRunConfig } from '../../src/main/config/run-config.ts'
import { openTestApplication, type Application } from '../helpers/application.ts'
import { TestPage } from '../helpers/loopback-page.ts'
import { marksFile, tinyDocuments } from '../helpers/tiny-marks.ts'
import { tinyQuestions } from '../helpers/tiny-questions.ts'

let folder: string
let application: Application
let page: TestPage
let dataset: DatasetId
let model: ModelId

/** The same questions for every text, answered by what is marked. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-answers-application-'))
  application = await openTestApplication(folder)
  page = await TestPage.open(application.shell)
  const handle = await page.upload('marks.jsonl', marksFile(tinyDocuments(60, 1)))
  const opened = await page.call<DatasetSummary>('data:open', handle)
  dataset = opened.id
  const questions = { NAME: [...tinyQuestions.NAME], PLACE: [tinyQuestions.PLACE] }
  const roles: Roles = { ...opened.roles, task: 'question-answering', questions, group: null, belonging: 'no' }
  const report = await page.call<DatasetReport>('data:setRoles', { id: dataset, roles })
  expect(report.questions).toMatchObject({ asked: 120, texts: 60 })
  // Kept in the record, in the order of their wordings.
  expect((await page.call<DatasetSummary>('data:get', dataset)).roles.questions).toEqual(questions)
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
  changed: { 'training.learning_rate': 0.01, 'training.bootstrap_resamples': 50, ...changed },
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

test('a run that answers questions pauses, answers, goes on, stops with its best weights, and can be tried again', async () => {
  const draft = draftWith({ 'training.num_train_epochs': 400, 'training.early_stopping': null })
  const plan = await page.call<RunPlan>('runs:plan', draft)
  expect(plan.blocked).toBeNull()
  expect(plan.rows.train + plan.rows.validation + plan.rows.test).toBe(120)
  // An answer is shown where it begins and ends; a text without one points to its first token.
  const [answered] = plan.examples
  expect(answered?.tags).toEqual(expect.arrayContaining([expect.stringMatching(/^first/)]))
  expect(answered?.answer).toMatch(/^[a-f]+(?: [a-f]+)*$/)
  const config = parseRunConfig(await page.call<string>('runs:yaml', draft), 'run.yaml')
  expect(config).toMatchObject({
    task: 'question-answering',
    data: { answers: 'marks', question: null, questions: tinyQuestions }
  })

  const id = await page.call<RunId>('runs:start', draft)
  const best = await until(id, [], (run) => run.best !== null)
  expect(best).toMatchObject({ task: 'question-answering', method: 'full', best: { metric: 'answer_f1' } })
  await page.call('runs:pause', id)
  await until(id, ['paused'])
  const text = 'dab abba bed cede dace fade'
  const asked = { id, texts: [text, text], questions: [tinyQuestions.NAME[0], tinyQuestions.PLACE] }
  const answers = await page.call<Answer[]>('runs:answer', asked)
  expect(answers).toHaveLength(2)
  for (const { found, label } of answers) {
    expect(found?.sure).toBeGreaterThan(0)
    expect(label).toBe(found?.place ? text.slice(found.place.start, found.place.end) : 'no answer')
  }
  await expect(page.call('runs:answer', { id, texts: [text] })).rejects.toThrow(/Write a question beside each text/)
  await page.call('runs:resume', id)
  await until(id, ['running'])
  await page.call('runs:finish', id)
  const finished = await until(id, ['finished'])
  expect(finished).toMatchObject({ failure: null, test: { metric: 'answer_f1', measured: { low: expect.any(Number) } } })
  expect(finished.step).toBeLessThan(finished.totalSteps)
  const { evaluations } = await page.call<Curves>('runs:curves', id)
  expect(evaluations.at(-1)?.metrics).toMatchObject({ answer_f1: expect.any(Number), exact_match: expect.any(Number) })
  expect(await page.call<RunOrigin>('supervision:origin', id)).toEqual({ draft, problem: null })
  expect(await page.call('runs:result', id)).toMatchObject({ headline: expect.stringMatching(/^Answer(?:s|ed) \d+/) })
})

test('a sweep of such runs ranks them by the F1 of validation, and tests the one that is chosen', async () => {
  const draft = draftWith({ 'training.num_train_epochs': 3, 'training.early_stopping': null })
  const axes = [{ path: 'head.max_answer_length', values: [1, 30] }]
  expect(await page.call<SweepPlan>('sweeps:plan', { draft, axes })).toMatchObject({ runs: 2, problem: null })
  const id = await page.call<string>('sweeps:start', { draft, axes })
  const members = (await page.call<Sweep>('sweeps:get', id)).runs.map(({ run }) => run.id)
  for (const member of members) await until(member, ['finished'])
  const { metric, runs } = await page.call<Sweep>('sweeps:get', id)
  expect(metric).toBe('answer_f1')
  expect(runs[0]?.validation?.value).toBeGreaterThanOrEqual(runs[1]?.validation?.value ?? 1)
  expect(runs[0]?.validation?.low).toBeLessThanOrEqual(runs[0]?.validation?.value ?? 0)
  const untested = await Promise.all(members.map((member) => readdir(join(folder, 'data/runs', `${member}-1`))))
  expect(untested.flat().filter((name) => /test\.json$/.test(name))).toEqual([])
  const chosen = runs[0]!.run.id
  await page.call('sweeps:test', chosen)
  const tested = await until(chosen, [], ({ state, test: measured }) => state === 'finished' && measured !== null)
  expect(tested.test?.metric).toBe('answer_f1')
})
