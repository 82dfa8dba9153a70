import { randomBytes } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { DatasetId, RunId, SweepId } from '../../preload/contract/common.ts'
import type { Answer, AnswerRequest, Curves, LogLine, RunDraft, RunPlan, RunResult, RunSummary, SettingRow } from '../../preload/contract/runs.ts'
import { InputError } from '../base/errors.ts'
import { writeFile } from '../base/sealed/fs.ts'
import { keyRing } from '../base/sealed/key-ring.ts'
import { storageProblem } from '../base/storage-problem.ts'
import type { Datasets } from '../data/datasets/datasets.ts'
import type { Models } from '../library/models.ts'
import { isModelId } from '../library/trained-model.ts'
import { evaluationsOfRun, metricsOfRun } from '../tracker/queries/metrics.ts'
import { purposeOf } from '../tracker/queries/projects.ts'
import {
  addRun,
  findRun,
  listRuns,
  logOfRun,
  markInterrupted,
  waitingRuns,
  type RunRow
} from '../tracker/queries/runs.ts'
import { findSweep } from '../tracker/queries/sweeps.ts'
import type { WritableDb } from '../tracker/tracker.ts'
import type { TrainerTask } from '../worker/protocol.ts'
import { answerWith } from './answers.ts'
import { allAttached, attach, attachedTo, type Attached } from './attached.ts'
import { curvesOf } from './curves.ts'
import { writeIdentity } from './identity.ts'
import { Keeper } from './keeper.ts'
import { Plans, type PlansOptions } from './plans.ts'
import type { Drafting, DraftFacts, PowerSource, ReadResult, RecordRun, RunFolders, RunListener } from './ports.ts'
import { poorerInSweep } from './pruning.ts'
import { Queue, type QueueOptions } from './queue.ts'
import type { Outcome } from '../worker/protocol.ts'
import { secondsFor } from './speed.ts'
import { summaryOf } from './summary.ts'
import { materialProblem, Supervision } from './supervision.ts'
import type { TaskOptions } from './supervisor.ts'

export interface RunsOptions {
  readonly db: WritableDb
  readonly datasets: Datasets
  readonly models: Models
  readonly folders: RunFolders
  /** The trainer's program. */
  readonly entry: string
  readonly runTask: (task: TrainerTask, options: TaskOptions) => Promise<Outcome>
  readonly drafting: Drafting
  readonly readResult: ReadResult
  readonly listener: RunListener
  readonly power: PowerSource
  /** Writes down what was done. */
  readonly record: RecordRun
  /** Puts a run into the bin. */
  readonly discard: (id: RunId) => Promise<void>
  /** Whether less of a metric is better. */
  readonly isLess: (metric: string) => boolean
  /** Told of each run that has come to its result. */
  readonly onResult: (id: RunId) => void
  /** How the last use of this data folder ended; null where it was closed. */
  readonly cutShort: RunRow['interruption']
}

/** Runs: from a draft over the queue and its trainer to the result. The folder of each run holds everything; the tracker is its index. */
export class Runs {
  readonly #options: RunsOptions
  readonly #queue: Queue
  readonly #plans: Plans
  readonly #keeper: Keeper
  readonly supervision: Supervision
  #writing: Promise<void> = Promise.resolve()

  constructor(options: RunsOptions) {
    this.#options = options
    const { db, entry, runTask, drafting, folders, listener, power, datasets, models } = options
    const keeper = new Keeper(db)
    this.#keeper = keeper
    const onChange = (id: RunId): void => this.#tell(id)
    const onRest = (id: RunId): Promise<void> => this.#writeIdentity(id)
    const problemOf = (row: RunRow): Promise<InputError | null> => materialProblem(options, row)
    const onEnd = (id: RunId, step: number): void => this.#ended(id, step)
    const poorer: QueueOptions['poorer'] = (row) => poorerInSweep(db, row, options.isLess)
    const hooks = { onChange, onRest, onEnd, problemOf, poorer }
    this.#queue = new Queue({ db, keeper, entry, runs: folders.runs, runTask, listener, power, ...hooks })
    const speed: PlansOptions['secondsFor'] = ({ model }, device, tokens) => secondsFor(db, { model, device }, tokens)
    this.#plans = new Plans({ entry, runTask, drafting, folders, secondsFor: speed, purposeOf: ({ dataset }) => purposeOf(db, { dataset }) })
    const rowOf = (id: RunId): RunRow => this.#row(id)
    const [queue, plans] = [this.#queue, this.#plans]
    this.supervision = new Supervision({ db, keeper, queue, plans, power, datasets, models, rowOf, onChange, entry, runTask })
  }

  /** Marks what was under way when the program ended, and goes on with whatever waits. */
  async open(): Promise<void> {
    const { db, folders, cutShort } = this.#options
    for (const folder of [folders.runs, folders.configurations, folders.temporary, folders.bin])
      await mkdir(folder, { recursive: true, mode: 0o700 })
    for (const id of markInterrupted(db, cutShort ?? 'closed')) await this.#writeIdentity(id)
    this.#queue.next()
  }

  async settings(draft: RunDraft): Promise<readonly SettingRow[]> {
    return this.#options.drafting.settings(draft)
  }

  async facts(draft: RunDraft): Promise<DraftFacts> {
    return this.#options.drafting.facts(draft)
  }

  async plan(draft: RunDraft): Promise<RunPlan> {
    return this.#plans.plan(draft)
  }

  async yaml(draft: RunDraft): Promise<string> {
    return this.#options.drafting.yaml(draft)
  }

  /** Starts a run, or puts it behind those that wait. One of a sweep is not tested until it is chosen. */
  async start(draft: RunDraft, sweep: SweepId | null = null): Promise<RunId> {
    const { db, datasets, models, folders, drafting } = this.#options
    const { blocked } = await datasets.report(draft.dataset)
    if (blocked !== null) throw new InputError('dataset-blocked', blocked)
    const { task, method, metric } = await drafting.facts(draft)
    const id = newId()
    const dataset = datasets.get(draft.dataset)
    keyRing.belong({ id, project: dataset.project })
    const config_file = join(folders.configurations, `${id}.yaml`)
    const yaml = await drafting.yaml(draft)
    await writeFile(config_file, yaml, { mode: 0o600 }).catch((error: unknown) => {
      throw storageProblem(error, 'The run cannot be started', config_file)
    })
    const model = await models.get(draft.model)
    const row: RunRow = {
      ...untouched,
      id,
      name: draft.name ?? this.#freeName(dataset.name),
      sweep_id: sweep,
      is_tested: sweep === null ? 1 : 0,
      task,
      method,
      best_metric: metric,
      must_not_miss: draft.mustNotMiss,
      dataset_id: dataset.id,
      dataset_name: dataset.name,
      project_id: dataset.project,
      model_id: model.id,
      model_name: model.name,
      config_file,
      created_at: new Date().toISOString(),
      draft: JSON.stringify(draft),
      is_quiet: draft.quietly ? 1 : 0
    }
    this.#keeper.demand(() => addRun(db, row))
    await this.#writeIdentity(id)
    this.#options.record('run-started', id)
    this.#queue.add(id)
    return id
  }

  list(): readonly RunSummary[] {
    const { db } = this.#options
    const [places, attached] = [this.#places(), allAttached(db)]
    return listRuns(db).map((row) => this.#summary({ ...row, ...this.#keeper.pending(row.id) }, places, attached(row.id)))
  }

  get(id: RunId): RunSummary {
    return this.#summary(this.#row(id), this.#places(), attachedTo(this.#options.db, id))
  }

  curves(id: RunId): Curves {
    this.#row(id)
    return curvesOf(metricsOfRun(this.#options.db, id), evaluationsOfRun(this.#options.db, id))
  }

  log(id: RunId): readonly LogLine[] {
    this.#row(id)
    return logOfRun(this.#options.db, id)
  }

  async result(id: RunId): Promise<RunResult> {
    const row = this.#row(id)
    return { id, ...(await this.#options.readResult(row)) }
  }

  pause(id: RunId): void {
    this.#queue.pause(this.#row(id))
  }

  finish(id: RunId): void {
    this.#queue.finish(this.#row(id))
  }

  resume(id: RunId): void {
    this.#queue.resume(this.#row(id))
    this.#options.record('run-resumed', id)
  }

  /** Looks at the test rows of a run of a sweep. */
  test(id: RunId): void {
    this.#queue.test(this.#row(id))
  }

  /** Ends a run's trainer, if it has one, takes it out of the queue, and waits until its files are written. */
  async end(id: string): Promise<void> {
    await this.#queue.end(id)
    await this.#writing
    this.#keeper.flush()
  }

  /** Ends a run and puts it into the bin. */
  async discard(id: RunId): Promise<void> {
    this.#row(id)
    await this.#options.discard(id)
  }

  rename({ id, name }: { readonly id: RunId; readonly name: string }): void {
    this.#row(id)
    this.#keeper.change(id, { name })
    void this.#writeIdentity(id)
    this.#options.record('renamed', id)
    this.#tell(id)
  }

  /** Attaches tags or a note to a run, in the place of those before. */
  attach({ id, ...what }: { readonly id: RunId } & Partial<Attached>): void {
    this.#row(id)
    attach(this.#options.db, id, what)
    void this.#writeIdentity(id)
    this.#tell(id)
  }

  async answer({ id, texts, questions }: AnswerRequest): Promise<readonly Answer[]> {
    const { folder } = isModelId(id) ? await this.#options.models.trained(id) : this.#row(id)
    if (folder === null) throw new InputError('run-unfinished', 'This run has not learned anything yet. Let it finish first.')
    const answers = await answerWith(this.#options, folder, { texts, questions }, !this.#queue.isIdle)
    this.#options.record('answers-given', id, texts.length)
    return answers
  }

  /** Runs that need a data set: not yet ended, or able to go on. */
  using(dataset: string): readonly string[] {
    return listRuns(this.#options.db)
      .filter(({ dataset_id, state }) => dataset_id === dataset && state !== 'finished')
      .map(({ name }) => name)
  }

  /** Stops at a checkpoint. */
  async dispose(): Promise<void> {
    this.#plans.dispose()
    await this.#queue.dispose()
    await this.#writing
    this.#keeper.dispose()
    await rm(this.#options.folders.temporary, { recursive: true, force: true })
  }

  #row(id: string): RunRow {
    const row = findRun(this.#options.db, id)
    if (row) return { ...row, ...this.#keeper.pending(id) }
    throw new InputError('run-gone', 'This run is no longer there. It may have been discarded.')
  }

  #ended(id: RunId, step: number): void {
    const { record, onResult } = this.#options
    record('run-ended', id, step)
    if (findRun(this.#options.db, id)?.state !== 'finished') return
    record('test-consulted', id)
    onResult(id)
  }

  #tell(id: RunId): void {
    const { db, listener } = this.#options
    const row = findRun(db, id)
    if (row) listener.changed(this.#summary({ ...row, ...this.#keeper.pending(id) }, this.#places(), attachedTo(db, id)))
  }

  /** One after the other: two writers of one file would take each other's half. What the disk does not take now, the tracker still has. */
  #writeIdentity(id: string): Promise<void> {
    this.#writing = this.#writing.then(async () => {
      const { db, folders } = this.#options
      const row = findRun(db, id)
      if (!row) return
      const sweep = row.sweep_id === null ? null : findSweep(db, row.sweep_id)
      const known = { ...row, ...this.#keeper.pending(id) }
      await writeIdentity(folders.configurations, known, { ...attachedTo(db, id), sweep }).catch(() => undefined)
    })
    return this.#writing
  }

  #summary(row: RunRow, places: ReadonlyMap<string, number>, attached: Attached): RunSummary {
    const live = this.#queue.liveOf(row.id)
    const { step = row.step, ...known } = live ?? { progress: null, secondsLeft: null, cost: null }
    return summaryOf({ ...row, step }, places.get(row.id) ?? null, attached, known)
  }

  #places(): ReadonlyMap<string, number> {
    return new Map(waitingRuns(this.#options.db).map(({ id }, i) => [id, i + 1]))
  }

  /** `letters sweep 3`: the data set's name and what it is, numbered. */
  freeName(dataset: DatasetId, what: string): string {
    return this.#freeName(this.#options.datasets.get(dataset).name, ` ${what}`)
  }

  #freeName(file: string, what = ''): string {
    const base = `${file.replace(/\.[a-z0-9]{1,6}$/i, '')}${what}`
    const taken = new Set(listRuns(this.#options.db).map(({ name }) => name))
    for (let n = 1; ; n++) if (!taken.has(`${base} ${n}`) && !taken.has(`${base} ${n}.1`)) return `${base} ${n}`
  }
}

const untouched = {
  state: 'queued',
  folder: null,
  queue_order: null,
  step: 0,
  total_steps: 0,
  best_value: null,
  best_step: null,
  test_metric: null,
  test_value: null,
  test_low: null,
  test_high: null,
  failure_code: null,
  failure_message: null,
  failure_detail: null,
  interruption: null,
  micro_batch: null,
  best_low: null,
  best_high: null,
  discarded_at: null,
  discarded_with: null,
  ended_step: null,
  ended_value: null,
  ended_median: null,
  ended_others: null,
  ended_step_seconds: null,
  device: null
} as const satisfies Partial<RunRow>

/** Sorts by age, and cannot be guessed by another run's id. */
const newId = (): RunId => `r-${Date.now().toString(36)}-${randomBytes(3).toString('hex')}` as RunId // Minted here.
