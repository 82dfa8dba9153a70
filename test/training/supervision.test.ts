import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RunId } from '../../src/preload/contract/common.ts'
import type { DatasetSummary } from '../../src/preload/contract/data.ts'
import type { ModelSummary } from '../../src/preload/contract/models.ts'
import type { Answer, RunDraft, RunPlan, RunResult, RunSummary } from '../../src/preload/contract/runs.ts'
import type { DeviceGuess, RunEffort } from '../../src/preload/contract/speed.ts'
import type { OtherTest, RunOrigin } from '../../src/preload/contract/supervision.ts'
import type { Sweep, SweepPlan } from '../../src/preload/contract/sweeps.ts'
import { attune } from '../helpers/attune.ts'
import { openTestApplication, type Application } from '../helpers/application.ts'
import { TestPage } from '../helpers/loopback-page.ts'
import { trainersOf } from '../helpers/trainers.ts'

let folder: string
let application: Application
let page: TestPage

// The trainer's source takes some 8 MB more than what is built of it: with the least limit that can be set, there is a plan that does not fit.
const trainer = join(import.meta.dirname, '../../src/main/worker/trainer.ts')

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-supervision-'))
  application = await openTestApplication(folder, { trainer })
  page = await TestPage.open(application.shell)
})

afterAll(async () => {
  await application.dispose()
  await rm(folder, { recursive: true, force: true })
})

async function draftWith(changed: RunDraft['changed']): Promise<RunDraft> {
  const { id: dataset } = await page.call<DatasetSummary>('data:openSample', 'letters')
  const [model] = await page.call<ModelSummary[]>('models:list')
  const small = { 'training.bootstrap_resamples': 50, 'training.baselines': false }
  return {
    dataset,
    model: model!.id,
    thoroughness: 0,
    changed: { ...small, ...changed },
    mustNotMiss: null,
    quietly: false,
    name: null
  }
}

/** The run once it is in one of the states, or fulfils what is asked. Any other failure of it is one of the test. */
async function until(id: string, states: readonly string[], isMeant = (_run: RunSummary): boolean => false): Promise<RunSummary> {
  for (let wait = 0; wait < 30_000; wait += 20) {
    const run = await page.call<RunSummary>('runs:get', id)
    if (states.includes(run.state) || isMeant(run)) return run
    if (['failed', 'stopped', 'finished'].includes(run.state)) throw new Error(`The run is ${run.state}: ${run.failure?.message}`)
    await new Promise((done) => setTimeout(done, 20))
  }
  throw new Error(`The run is not ${states.join(' or ')} within 30 s.`)
}

async function uploaded(name: string, text: string): Promise<string> {
  const headers = { 'Content-Type': 'application/octet-stream', 'X-Attune-Name': encodeURIComponent(name) }
  const { body } = await page.post('/upload', text, headers)
  return (JSON.parse(body) as { handle: string }).handle // Written by our own server.
}

const folderOf = (id: string): string => join(folder, 'data/runs', `${id}-1`)

async function reportOf(id: string): Promise<{ run: { weightsHash: string }; training: { steps: number } }> {
  return JSON.parse(await readFile(join(folderOf(id), 'report.json'), 'utf8')) as never // Written by the trainer.
}

describe('a run in the application', () => {
  test('keeps what it was started with, and gives a run.yaml with which the command line trains the same weights', async () => {
    const draft = await draftWith({ 'training.max_steps': 4, 'training.learning_rate': 0.004 })
    const id = await page.call<RunId>('runs:start', draft)
    await until(id, ['finished'])
    expect(await page.call<RunOrigin>('supervision:origin', id)).toEqual({ draft, problem: null })
    const table = await readFile(join(folder, 'resources/data/clinical-letters.csv'), 'utf8')
    const tested = await page.call<OtherTest>('supervision:evaluate', { id, file: await uploaded('more.csv', table) })
    expect(tested).toMatchObject({
      looks: 1,
      metrics: expect.arrayContaining([{ name: 'macro_f1', measured: expect.any(Object) }])
    })
    expect(tested.rows).toBeGreaterThan(600)
    const yaml = await page.call<string>('supervision:yaml', id)
    const file = join(folder, 'copied.yaml')
    await writeFile(file, yaml.replace(/^output:.*$/m, `output: ${join(folder, 'elsewhere')}`))
    const cli = await attune(['train', file, '--json'], { home: folder })
    expect(cli.events().at(-1)).toMatchObject({ event: 'finished', weights_hash: (await reportOf(id)).run.weightsHash })
  })

  test('answers with its best weights while it trains, and learns the same as if it had not been asked', async () => {
    const settings = { 'training.max_steps': 30, 'training.eval_strategy': 'steps', 'training.eval_steps': 2 }
    const asked = await page.call<RunId>('runs:start', await draftWith(settings))
    await until(asked, [], ({ best }) => best !== null)
    const answers = await page.call<Answer[]>('runs:answer', { id: asked, texts: ['abba baba'] })
    expect(answers[0]?.probabilities?.length).toBe(3)
    await until(asked, ['finished'])
    const left = await page.call<RunId>('runs:start', await draftWith(settings))
    await until(left, ['finished'])
    expect((await reportOf(asked)).run.weightsHash).toBe((await reportOf(left)).run.weightsHash)
  })

  test.runIf(process.platform === 'linux')('whose trainer was killed goes on with smaller batches in as many steps', async () => {
    const settings = { 'training.num_train_epochs': 2, 'training.per_device_train_batch_size': 32, 'training.save_steps': 2 }
    const id = await page.call<RunId>('runs:start', await draftWith(settings))
    await until(id, [], ({ step }) => step >= 3)
    for (const pid of await trainersOf(process.pid)) process.kill(pid, 'SIGKILL')
    await until(id, ['failed'])
    const batch = await page.call<number>('supervision:smaller', id)
    expect(batch).toBe(16)
    await page.call('supervision:resumeSmaller', { id, batch })
    const finished = await until(id, ['finished'])
    expect(finished.step).toBe(finished.totalSteps)
    const log = await page.call<{ text: string }[]>('runs:log', id)
    expect(log.some(({ text }) => /^Going on from step [1-9]/.test(text))).toBe(true)
  })

  test('says that its model has been disconnected, and goes on once it is back', async () => {
    const model = join(folder, 'resources/model')
    const id = await page.call<RunId>('runs:start', await draftWith({ 'training.num_train_epochs': 200 }))
    await until(id, ['running'])
    await page.call('runs:pause', id)
    await until(id, ['paused'])
    await rename(model, `${model}-away`)
    await page.call('runs:resume', id)
    const { failure } = await until(id, ['failed'])
    expect(failure).toMatchObject({ code: 'model-disconnected', message: expect.stringContaining('Connect the drive') })
    expect((await page.call<RunOrigin>('supervision:origin', id)).problem).toContain('Connect the drive')
    await rename(`${model}-away`, model)
    await page.call('runs:finish', id)
    expect((await until(id, ['finished'])).failure).toBeNull()
  })

  test('repeats itself with other seeds, says mean and deviation, and answers with the first', async () => {
    const draft = await draftWith({ 'training.max_steps': 4, 'training.seeds': '42, 43' })
    const id = await page.call<RunId>('runs:start', draft)
    const finished = await until(id, ['finished'])
    expect(finished.test).not.toBeNull()
    const log = (await page.call<{ text: string }[]>('runs:log', id)).map(({ text }) => text)
    expect(log.filter((text) => text.startsWith('Seed '))).toEqual(['Seed 42:', 'Seed 43:'])
    const result = await page.call<RunResult>('runs:result', id)
    expect(result.testRows).toBeGreaterThan(0)
    expect(result.seeds).toMatchObject({ count: 2, mean: expect.any(Number), deviation: expect.any(Number) })
    expect(await page.call<Answer[]>('runs:answer', { id, texts: ['abba baba'] })).toHaveLength(1)
  })

  test('says how long it takes from a trial step where no run tells', async () => {
    const time = await page.call<RunPlan['time']>('supervision:measure', await draftWith({ 'training.num_train_epochs': 3 }))
    expect(time?.seconds).toBeGreaterThan(8)
    expect(time?.spread).toBeGreaterThan(0)
  })

  test('says what it would take with settings that save memory, and what would compute it', async () => {
    const effort = async (changed: RunDraft['changed'], isTried = false): Promise<RunEffort> =>
      page.call<RunEffort>('supervision:effort', { draft: await draftWith(changed), isTried })
    // All texts at once, and few at a time when looked at: a step's values then outweigh, by 6 MB, what one process holds more than another (1 MB).
    const batches = { 'training.per_device_train_batch_size': 384, 'training.per_device_eval_batch_size': 2 }
    const whole = { 'method.type': 'full', ...batches }
    const own = await effort(whole)
    expect(own).toMatchObject({ work: 1, seconds: null, problem: null })
    const again = await effort({ ...whole, 'training.gradient_checkpointing': 'true' })
    expect(again.memory).toBeLessThan(own.memory)
    expect(again.work).toBeGreaterThan(1)
    expect((await effort(whole, true)).seconds).toBeGreaterThan(0)
    expect((await effort({ 'training.memory_limit': '64 MiB' })).problem).toMatch(/of memory/)
    expect(await page.call<DeviceGuess>('supervision:guessDevice', await draftWith({}))).toEqual({
      device: 'cpu',
      why: expect.stringContaining('were not tried yet'),
      steps: []
    })
  })

  test('of a sweep leaves the test rows alone until it is chosen; the sweep ranks by validation and survives its tracker', async () => {
    const draft = await draftWith({ 'training.max_steps': 6, 'training.eval_strategy': 'steps', 'training.eval_steps': 3 })
    const axes = [
      { path: 'training.learning_rate', values: [0.00001, 0.004] },
      { path: 'method.r', values: [2, 4] }
    ]
    expect(await page.call<SweepPlan>('sweeps:plan', { draft, axes })).toMatchObject({ runs: 4, problem: null })
    const refused = { path: 'training.learning_rate', values: [0.001, 'fast'] }
    expect((await page.call<SweepPlan>('sweeps:plan', { draft, axes: [refused] })).problem).toMatch(
      /^training\.learning_rate fast: /
    )
    const id = await page.call<string>('sweeps:start', { draft, axes })
    const members = (await page.call<Sweep>('sweeps:get', id)).runs.map(({ run }) => run.id)
    for (const member of members) await until(member, ['finished'])
    const sweep = await page.call<Sweep>('sweeps:get', id)
    expect(sweep).toMatchObject({ tried: 4, metric: 'macro_f1', axes: axes.map(({ path }) => path) })
    // The rows of four trainings are the same: the last three find their tokens.
    expect(sweep.cost).toMatchObject({ runs: 4, isPartial: false, energy: { low: expect.any(Number) } })
    expect(sweep.cost?.tokens).toBeGreaterThan(0)
    expect(sweep.cost?.reused.texts).toBeGreaterThan(0)
    const values = sweep.runs.map(({ validation }) => validation?.value ?? Number.NaN)
    expect(values).toEqual(values.toSorted((a, b) => b - a))
    expect(sweep.runs.map(({ isBest }) => isBest)).toEqual([true, false, false, false])
    const [best] = sweep.runs
    expect(best?.validation?.low).toBeLessThanOrEqual(best?.validation?.value ?? 0)
    expect(sweep.runs.every(({ run }) => run.test === null)).toBe(true)
    const written = await Promise.all(members.map((member) => readdir(folderOf(member))))
    expect(written.flat().filter((name) => /predictions-test/.test(name))).toEqual([])

    await page.call('sweeps:test', best?.run.id)
    const tested = await until(best?.run.id ?? '', [], ({ state, test: measured }) => state === 'finished' && measured !== null)
    expect(tested.test?.metric).toBe('macro_f1')
    const log = await page.call<{ text: string }[]>('runs:log', tested.id)
    expect(log.map(({ text }) => text).join('\n')).toContain('Chosen on validation rows among 4 runs')
    expect(await readFile(join(folderOf(tested.id), 'report.html'), 'utf8')).toContain('among 4 runs')

    const before = await page.call<Sweep>('sweeps:get', id)
    await application.dispose()
    await writeFile(join(folder, 'data/attune.sqlite'), 'no database at all'.repeat(500))
    application = await openTestApplication(folder, { trainer })
    page = await TestPage.open(application.shell)
    expect(await page.call<Sweep>('sweeps:get', id)).toEqual(before)
    await page.call('sweeps:discard', id)
    expect((await page.call<RunSummary[]>('runs:list')).filter(({ sweep: of }) => of === id)).toEqual([])
  })
})
