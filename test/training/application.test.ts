import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DatasetSummary } from '../../src/preload/contract/data.ts'
import type { ModelSummary } from '../../src/preload/contract/models.ts'
import type { Review, ReviewPage } from '../../src/preload/contract/results.ts'
import type { Answer, Curves, RunDraft, RunPlan, RunResult, RunSummary } from '../../src/preload/contract/runs.ts'
import { foreignConnections } from '../../src/main/shell/sockets.ts'
import { openTestApplication, type Application } from '../helpers/application.ts'
import { TestPage } from '../helpers/loopback-page.ts'
import { isTrainer } from '../helpers/trainers.ts'

let folder: string
let application: Application
let page: TestPage

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-app-'))
  application = await openTestApplication(folder)
  page = await TestPage.open(application.shell)
})

afterAll(async () => {
  await application.dispose()
  await rm(folder, { recursive: true, force: true })
})

/** A few steps of the bundled letters on a tiny model. */
async function tinyDraft(changed: RunDraft['changed']): Promise<RunDraft> {
  const { id: dataset } = await page.call<DatasetSummary>('data:openSample', 'letters')
  const [model] = await page.call<ModelSummary[]>('models:list')
  return {
    dataset,
    model: model!.id,
    thoroughness: 0,
    changed: { 'training.bootstrap_resamples': 50, ...changed },
    mustNotMiss: 'urgent',
    quietly: false,
    name: null
  }
}

async function untilState(id: string, states: readonly string[]): Promise<RunSummary> {
  for (;;) {
    const run = await page.call<RunSummary>('runs:get', id)
    if (states.includes(run.state)) return run
    if (run.state === 'failed') throw new Error(run.failure?.message)
    await new Promise((done) => setTimeout(done, 100))
  }
}

describe('the application over HTTP', () => {
  test('leads from the sample over the plan and live events to the result', async () => {
    const draft = await tinyDraft({ 'training.max_steps': 6 })
    const plan = await page.call<RunPlan>('runs:plan', draft)
    expect(plan.blocked).toBeNull()
    expect(plan.steps).toBe(6)
    expect(plan.rows.train + plan.rows.validation + plan.rows.test + plan.rows.skipped).toBe(645)
    expect(plan.examples).toHaveLength(3)
    expect(plan.examples[0]?.tokens.length).toBeGreaterThan(2)

    const heard: [string, unknown][] = []
    const socket = await page.listen((channel, payload) => heard.push([channel, payload]))
    const id = await page.call<string>('runs:start', draft)
    const finished = await untilState(id, ['finished', 'failed'])
    // The last events are at most a frame behind.
    await new Promise((done) => setTimeout(done, 100))
    socket.close()
    expect(finished).toMatchObject({ state: 'finished', step: 6, totalSteps: 6, failure: null, name: 'clinical-letters 1' })
    expect(finished.test?.metric).toBe('macro_f1')
    expect(new Set(heard.map(([channel]) => channel))).toContain('runs:curves')
    const states = heard.flatMap(([channel, payload]) => (channel === 'runs:changed' ? [(payload as RunSummary).state] : []))
    expect(states).toEqual(expect.arrayContaining(['preparing', 'running', 'finished']))

    const curves = await page.call<Curves>('runs:curves', id)
    expect(curves.loss.step).toEqual([1, 2, 3, 4, 5, 6])
    expect(curves.evaluations.length).toBeGreaterThan(0)
    const result = await page.call<RunResult>('runs:result', id)
    expect(result.headline).toMatch(/^(?:Found \d+ of \d+ urgent letters|Finds .* of urgent letters .*\d+ of \d+ here)/)
    expect(result.beside).toMatch(/baseline finds \d+\..* unseen letters, \d+ urgent, kept together by patient_id\./)
    expect(result.testRows).toBe(plan.rows.test)
    expect(result.baselines).toHaveLength(3)
    const review = await page.call<Review>('results:review', id)
    expect(review).toMatchObject({ isWhole: true, rows: plan.rows.test })
    const whole = { id, only: 'errors', answer: null, predicted: null, from: 0, count: 200 } as const
    const { total, rows } = await page.call<ReviewPage>('results:rows', whole)
    expect(total).toBe(review.errors)
    const letters = await readFile(join(folder, 'resources/data/clinical-letters.csv'), 'utf8')
    expect(rows.every(({ text }) => text.length > 20 && letters.includes(text.slice(0, 20)))).toBe(true)

    const answers = await page.call<Answer[]>('runs:answer', { id, texts: ['abba baba', 'cede'] })
    expect(answers).toHaveLength(2)
    expect(answers[0]?.probabilities?.reduce((sum, { value }) => sum + value, 0)).toBeCloseTo(1, 5)
  })

  test('keeps a paused run at its place, and tests the best so far when asked to finish', async () => {
    const id = await page.call<string>('runs:start', await tinyDraft({ 'training.num_train_epochs': 200 }))
    await untilState(id, ['running'])
    await page.call('runs:pause', id)
    const paused = await untilState(id, ['paused', 'failed'])
    expect(paused.state).toBe('paused')
    expect(paused.step).toBeGreaterThan(0)
    await page.call('runs:finish', id)
    const finished = await untilState(id, ['finished', 'failed'])
    expect(finished.failure).toBeNull()
    expect(finished.step).toBeLessThan(finished.totalSteps)
    expect((await page.call<RunResult>('runs:result', id)).testRows).toBeGreaterThan(0)
  })

  test('puts a discarded run into the bin', async () => {
    const id = await page.call<string>('runs:start', await tinyDraft({ 'training.num_train_epochs': 200 }))
    await untilState(id, ['preparing', 'running'])
    await page.call('runs:discard', id)
    await expect(page.call('runs:get', id)).rejects.toThrow('run-gone')
    expect((await page.call<RunSummary[]>('runs:list')).map((run) => run.id)).not.toContain(id)
  })

  test.runIf(process.platform === 'linux')('holds no connection but those on 127.0.0.1', async () => {
    const socket = await page.listen(() => undefined)
    const found = await foreignConnections()
    socket.close()
    expect(found?.foreign).toBe(0)
    expect(found?.loopback).toBeGreaterThanOrEqual(3)
  })

  test.runIf(process.platform === 'linux')(
    'keeps a run whose trainer is killed, says so, and resumes it to the end',
    async () => {
      const id = await page.call<string>('runs:start', await tinyDraft({ 'training.num_train_epochs': 3 }))
      await untilState(id, ['running'])
      const children = (await readFile(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8')).trim().split(' ')
      const trainers = await Promise.all(
        children.map(async (pid) => ({ pid, words: await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '') }))
      )
      const trainer = trainers.find(({ words }) => isTrainer(words))
      process.kill(Number(trainer?.pid), 'SIGKILL')
      while ((await page.call<RunSummary>('runs:get', id)).state !== 'failed') await new Promise((done) => setTimeout(done, 50))
      const failed = await page.call<RunSummary>('runs:get', id)
      expect(failed.failure).toMatchObject({ code: 'trainer-crashed', message: expect.stringContaining('signal SIGKILL') })
      await page.call('runs:resume', id)
      const finished = await untilState(id, ['finished'])
      expect([finished.failure, finished.step]).toEqual([null, finished.totalSteps])
    }
  )

  test('makes its list again from the folders when the tracker is damaged', async () => {
    const before = await page.call<RunSummary[]>('runs:list')
    const datasets = await page.call<DatasetSummary[]>('data:list')
    await application.dispose()
    await writeFile(join(folder, 'data/attune.sqlite'), 'no database at all'.repeat(500))
    application = await openTestApplication(folder)
    page = await TestPage.open(application.shell)
    const facts = ({ id, name, state, step, best, test: tested }: RunSummary): unknown => [id, name, state, step, best, tested]
    expect((await page.call<RunSummary[]>('runs:list')).map(facts)).toEqual(before.map(facts))
    expect(await page.call('data:list')).toEqual(datasets)
    const finished = before.find(({ state }) => state === 'finished')
    expect((await page.call<RunResult>('runs:result', finished?.id)).testRows).toBeGreaterThan(0)
  })
})
