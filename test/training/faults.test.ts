import { cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Random } from '../../src/main/base/random.ts'
import type { RunId } from '../../src/preload/contract/common.ts'
import type { DatasetSummary } from '../../src/preload/contract/data.ts'
import type { ModelSummary } from '../../src/preload/contract/models.ts'
import type { RunDraft, RunSummary } from '../../src/preload/contract/runs.ts'
import { bundle, type Bundles } from '../helpers/bundle.ts'
import { FaultyApplication, fillDisk, freeDisk, Gone, tearDown, tearNewestCheckpoint, type Fault } from '../helpers/faults.ts'
import { makeTinyProject, tinyTable } from '../helpers/tiny-project.ts'
import { trainerProgram } from '../helpers/attune.ts'
import { trainersOf } from '../helpers/trainers.ts'

/** Faults in all, over two applications that work side by side. */
const FAULTS = 100
/** A dead application takes longest to come back: those are a quarter. */
const kinds: readonly Fault['kind'][] = [
  ...['trainer', 'full-disk', 'drive', 'checkpoint', 'trainer', 'drive'],
  ...['main', 'power-cut']
] as Fault['kind'][]

/** What a run says that such a fault befell. */
const expected: Readonly<
  Record<Fault['kind'], Partial<Pick<RunSummary, 'state' | 'interruption'>> & { readonly says?: RegExp }>
> = {
  trainer: {
    state: 'failed',
    interruption: null,
    says: /signal SIGKILL\)\. .*(?:Nothing up to there is lost|start the run again)/
  },
  main: { state: 'stopped', interruption: 'program-ended' },
  'full-disk': { state: 'failed', interruption: null, says: /is full\. Free some space/ },
  drive: { state: 'failed', interruption: null, says: /^Training stopped(?: at step \d+)?\. .* Connect the drive/ },
  checkpoint: { state: 'failed', interruption: null, says: /signal SIGKILL/ },
  'power-cut': { state: 'stopped', interruption: 'pc-restarted' }
}

let root: string
let resources: string
let bundles: Bundles

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'attune-faults-'))
  bundles = await bundle('main-process', 'toy-trainer')
  const { folder } = await makeTinyProject(join(root, 'tiny'))
  resources = join(root, 'resources')
  await mkdir(join(resources, 'data'), { recursive: true })
  await cp(join(folder, 'model'), join(resources, 'model'), { recursive: true })
  await writeFile(join(root, 'table.csv'), tinyTable(60, 3))
})

afterAll(async () => {
  await bundles.remove()
  await rm(root, { recursive: true, force: true })
})

/** One application and the runs that it was given. */
class Trial {
  readonly application: FaultyApplication
  readonly #model: string
  readonly started: RunId[] = []
  #draft: RunDraft | null = null

  private constructor(application: FaultyApplication, model: string) {
    this.application = application
    this.#model = model
  }

  static async open(name: string, trainer = bundles.programs['toy-trainer']!, changed: RunDraft['changed'] = {}): Promise<Trial> {
    const folder = join(root, name)
    const own = join(folder, 'resources')
    await mkdir(folder)
    await cp(resources, own, { recursive: true })
    const application = new FaultyApplication({ folder, resources: own, trainer, program: bundles.programs['main-process']! })
    await application.open()
    const trial = new Trial(application, join(own, 'model'))
    const { id: dataset } = await application.call<DatasetSummary>('data:open', 'f-1', join(root, 'table.csv'))
    const [model] = await application.call<ModelSummary[]>('models:list')
    trial.#draft = { dataset, model: model!.id, thoroughness: 0, changed, mustNotMiss: null, quietly: false, name: null }
    return trial
  }

  runFolder(id: RunId): string {
    return join(this.application.dataFolder, 'runs', `${id}-1`)
  }

  async start(): Promise<RunId> {
    const id = await this.application.call<RunId>('runs:start', this.#draft)
    this.started.push(id)
    return id
  }

  /** The run at rest; null where the application died first. */
  async rest(id: RunId): Promise<RunSummary | null> {
    try {
      for (;;) {
        const run = await this.application.call<RunSummary>('runs:get', id)
        if (['failed', 'stopped', 'paused', 'finished'].includes(run.state)) return run
        await new Promise((done) => setTimeout(done, 20))
      }
    } catch (error) {
      if (!(error instanceof Gone)) throw error
      return null
    }
  }

  async befall(fault: Fault): Promise<RunSummary> {
    await writeFile(join(this.application.dataFolder, 'fault.json'), JSON.stringify(fault))
    const id = await this.start()
    const run = await this.rest(id)
    if (fault.kind === 'checkpoint') await tearNewestCheckpoint(this.runFolder(id))
    if (run !== null) return run
    await this.application.untilDead()
    if (fault.kind === 'power-cut') await tearDown(this.application.dataFolder, this.runFolder(id))
    await this.application.open()
    return this.application.call<RunSummary>('runs:get', id)
  }

  /** The same for a trainer that knows of no faults: it is watched, and what goes wrong is done to it. */
  async inflict({ kind, step }: Fault, id: RunId): Promise<RunSummary> {
    while ((await this.application.call<RunSummary>('runs:get', id)).step < step) await new Promise((done) => setTimeout(done, 2))
    const folder = this.runFolder(id)
    if (kind === 'full-disk') await fillDisk(folder)
    else if (kind === 'main' || kind === 'power-cut') process.kill(this.application.pid, 'SIGKILL')
    else for (const pid of await trainersOf(this.application.pid)) process.kill(pid, 'SIGKILL')
    const run = await this.rest(id)
    if (kind === 'checkpoint') await tearNewestCheckpoint(folder)
    if (run !== null) return run
    await this.application.untilDead()
    if (kind === 'power-cut') await tearDown(this.application.dataFolder, folder)
    await this.application.open()
    return this.application.call<RunSummary>('runs:get', id)
  }

  async weightsHash(id: RunId): Promise<string> {
    const report = JSON.parse(await readFile(join(this.runFolder(id), 'report.json'), 'utf8')) as { run: { weightsHash: string } }
    return report.run.weightsHash
  }

  /** Puts right what a person would. */
  async mend({ kind }: Fault, id: RunId): Promise<void> {
    if (kind === 'full-disk') await freeDisk(this.runFolder(id))
    if (kind === 'drive') await rename(`${this.#model}-away`, this.#model)
  }

  async resumed(id: RunId): Promise<RunSummary | null> {
    await this.application.call('runs:resume', id)
    return this.rest(id)
  }
}

async function endure(name: string, faults: number): Promise<void> {
  const random = new Random(11, name)
  const trial = await Trial.open(name)
  const reference = await trial.rest(await trial.start())
  expect(reference?.state).toBe('finished')
  for (let i = 0; i < faults; i++) {
    const kind = kinds[random.below(kinds.length)] ?? 'trainer'
    // Behind the second checkpoint, where it is the newest that is torn.
    const fault: Fault = { kind, step: kind === 'checkpoint' ? 7 + random.below(5) : 1 + random.below(12) }
    const what = `fault ${i}: ${kind} at step ${fault.step}`
    const run = await trial.befall(fault)
    // A trainer may be done before it notices that its application is gone.
    if (run.state === 'finished' && (kind === 'main' || kind === 'power-cut')) {
      expect(run.test, what).toEqual(reference?.test)
      continue
    }
    const { says, ...states } = expected[kind]
    expect(run, what).toMatchObject(states)
    if (says) expect(run.failure?.message, what).toMatch(says)
    await trial.mend(fault, run.id)
    const after = await trial.resumed(run.id)
    expect(after, what).toMatchObject({ state: 'finished', failure: null, interruption: null, step: 12, test: reference?.test })
  }
  const listed = await trial.application.call<RunSummary[]>('runs:list')
  expect(listed.map(({ id }) => id).toSorted()).toEqual(trial.started.toSorted())
  await trial.application.close()
}

describe.runIf(process.platform === 'linux')(`${FAULTS} faults`, () => {
  test('lose no run: each says what happened, goes on, and learns what it would have learned', { timeout: 300_000 }, async () => {
    await Promise.all(['left', 'right'].map((name) => endure(name, FAULTS / 2)))
  })

  test('of the real trainer end with the weights of a run that nothing befell', { timeout: 300_000 }, async () => {
    const changed = {
      'training.num_train_epochs': 40,
      'training.save_steps': 5,
      'training.eval_strategy': 'no',
      'training.early_stopping': null,
      'training.baselines': false,
      'training.bootstrap_resamples': 50
    }
    const trial = await Trial.open('real', trainerProgram, changed)
    const reference = await trial.start()
    expect(await trial.rest(reference)).toMatchObject({ state: 'finished' })
    for (const kind of ['trainer', 'checkpoint', 'full-disk', 'main', 'power-cut'] as const) {
      const id = await trial.start()
      const run = await trial.inflict({ kind, step: 12 }, id)
      const { says, ...states } = expected[kind]
      expect(run, kind).toMatchObject(states)
      expect(run.step, kind).toBeLessThan(run.totalSteps)
      if (says) expect(run.failure?.message, kind).toMatch(says)
      await trial.mend({ kind, step: 12 }, id)
      expect(await trial.resumed(id), kind).toMatchObject({ state: 'finished', failure: null })
      expect(await trial.weightsHash(id), kind).toBe(await trial.weightsHash(reference))
    }
    await trial.application.close()
  })
})
