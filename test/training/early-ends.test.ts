import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RunId } from '../../src/preload/contract/common.ts'
import type { DatasetSummary } from '../../src/preload/contract/data.ts'
import type { ModelSummary } from '../../src/preload/contract/models.ts'
import type { LogLine, RunDraft, RunSummary } from '../../src/preload/contract/runs.ts'
import type { Sweep, SweepPlan, SweepPrior, SweepRequest } from '../../src/preload/contract/sweeps.ts'
import { openTestApplication, type Application } from '../helpers/application.ts'
import { TestPage } from '../helpers/loopback-page.ts'

let folder: string
let application: Application
let page: TestPage

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-early-ends-'))
  application = await openTestApplication(folder)
  page = await TestPage.open(application.shell)
})

afterAll(async () => {
  await application.dispose()
  await rm(folder, { recursive: true, force: true })
})

const RATE = 'training.learning_rate'
/** The last one moves no weight by more than rounding. */
const rates = [0.004, 0.003, 0.005, 0.0035, 1e-9]

async function draftOf(): Promise<RunDraft> {
  const { id: dataset } = await page.call<DatasetSummary>('data:openSample', 'letters')
  const [model] = await page.call<ModelSummary[]>('models:list')
  const changed = {
    ...{
      'training.bootstrap_resamples': 50,
      'training.baselines': false,
      'training.early_stopping.patience': 20,
      'training.metric_for_best_model': 'loss'
    },
    ...{ 'training.max_steps': 16, 'training.eval_strategy': 'steps', 'training.eval_steps': 4 }
  }
  return { dataset, model: model!.id, thoroughness: 0, changed, mustNotMiss: null, quietly: false, name: null }
}

async function until(id: string, isMeant: (run: RunSummary) => boolean): Promise<RunSummary> {
  for (let wait = 0; wait < 120_000; wait += 100) {
    const run = await page.call<RunSummary>('runs:get', id)
    if (isMeant(run)) return run
    if (run.state === 'failed') throw new Error(`The run has failed: ${run.failure?.message}`)
    await new Promise((done) => setTimeout(done, 100))
  }
  throw new Error('The run has not come there within two minutes.')
}

const isAtRest = ({ state }: RunSummary): boolean => state === 'finished' || state === 'stopped'
const isTested = ({ state, test: tested }: RunSummary): boolean => state === 'finished' && tested !== null

async function weightsOf(id: string): Promise<string> {
  const report: unknown = JSON.parse(await readFile(join(folder, 'data/runs', `${id}-1`, 'report.json'), 'utf8'))
  return (report as { readonly run: { readonly weightsHash: string } }).run.weightsHash // Written by the trainer.
}

describe('a sweep that ends poor runs early', () => {
  test(
    'ends the rate that learns nothing, ranks it below, and trains it to its end when the person says so',
    { timeout: 400_000 },
    async () => {
      const draft = await draftOf()
      const request: SweepRequest = { draft, axes: [{ path: RATE, values: rates }], endEarly: true }
      expect(await page.call<SweepPlan>('sweeps:plan', request)).toMatchObject({ runs: 5, problem: null, endEarlyProblem: null })
      const id = await page.call<string>('sweeps:start', request)
      const members = (await page.call<Sweep>('sweeps:get', id)).runs
      for (const { run } of members) await until(run.id, isAtRest)

      const sweep = await page.call<Sweep>('sweeps:get', id)
      const poor = sweep.runs.find(({ values }) => values[0] === 1e-9)!
      expect(poor).toMatchObject({ isBest: false, run: { state: 'stopped', interruption: 'poorer', failure: null } })
      const { endedEarly, step, totalSteps, best } = poor.run
      // Judged from the second of four looks on.
      expect(endedEarly).toMatchObject({ metric: 'loss', step: 8, others: expect.any(Number) })
      expect(endedEarly?.value).toBeGreaterThan(endedEarly?.median ?? Infinity)
      expect(best).toMatchObject({ metric: 'loss', value: endedEarly?.value })
      expect(step).toBeGreaterThanOrEqual(8)
      expect(step).toBeLessThan(totalSteps)
      const places = sweep.runs.map(({ run }) => run.interruption === 'poorer')
      expect(places).toEqual(places.toSorted((a, b) => Number(a) - Number(b)))
      expect(places.slice(0, 3)).toEqual([false, false, false])
      const steps = sweep.runs.reduce((sum, { run }) => sum + run.totalSteps - run.step, 0)
      expect(sweep).toMatchObject({ endsEarly: true, saved: { runs: places.filter(Boolean).length, steps } })
      expect(sweep.saved?.seconds).toBeGreaterThan(0)
      const log = await page.call<LogLine[]>('runs:log', poor.run.id)
      expect(log.map(({ text }) => text).join('\n')).toMatch(/Ended early at step 8: loss \d\.\d+ at best so far/)

      const prior = await page.call<SweepPrior | null>('sweeps:prior', { draft, paths: [RATE] })
      const [first] = sweep.runs
      expect(prior).toMatchObject({ run: { id: first?.run.id }, among: places.filter((isPoor) => !isPoor).length })
      expect(prior?.settings).toMatchObject([{ path: RATE, value: first?.values[0] }])

      // Resuming all leaves it, and the folders tell of it where the tracker is lost.
      await page.call('sweeps:resume', id)
      await application.dispose()
      await writeFile(join(folder, 'data/attune.sqlite'), 'no database at all'.repeat(500))
      // The practice model is not copied anew: a run does not go on from one whose files are newer.
      application = await openTestApplication(folder, { noModel: true })
      page = await TestPage.open(application.shell)
      expect(await page.call<Sweep>('sweeps:get', id)).toEqual(sweep)

      await page.call('runs:resume', poor.run.id)
      const whole = await until(poor.run.id, isAtRest)
      expect(whole).toMatchObject({ state: 'finished', step: totalSteps, interruption: null, endedEarly: null })
      await page.call('sweeps:test', poor.run.id)
      await until(poor.run.id, isTested)
      const alone = await page.call<RunId>('runs:start', { ...draft, changed: { ...draft.changed, [RATE]: 1e-9 } })
      await until(alone, isTested)
      expect(await weightsOf(poor.run.id)).toBe(await weightsOf(alone))
    }
  )
})
