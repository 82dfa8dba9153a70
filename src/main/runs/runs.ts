import { randomBytes } from 'node:crypto'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunId } from '../../preload/contract/common.ts'
import type { Answer, Curves, LogLine, RunDraft, RunPlan, RunResult, RunSummary, SettingRow } from '../../preload/contract/runs.ts'
import { InputError } from '../base/errors.ts'
import type { Datasets } from '../data/datasets/datasets.ts'
import type { Models } from '../library/models.ts'
import { evaluationsOfRun, metricsOfRun } from '../tracker/queries/metrics.ts'
import {
  addRun,
  changeRun,
  findRun,
  listRuns,
  logOfRun,
  markInterrupted,
  waitingRuns,
  type RunRow
} from '../tracker/queries/runs.ts'
import type { WritableDb } from '../tracker/tracker.ts'
import type { TrainerTask } from '../worker/protocol.ts'
import { answerWith } from './answers.ts'
import { allAttached, attach, attachedTo, writeIdentity, type Attached } from './attached.ts'
import { curvesOf } from './curves.ts'
import { Plans } from './plans.ts'
import type { Drafting, ReadResult, RecordRun, RunFolders, RunListener } from './ports.ts'
import { Queue } from './queue.ts'
import type { Outcome } from '../worker/protocol.ts'
import { secondsFor } from './speed.ts'
import { summaryOf } from './summary.ts'
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
  /** Writes down what was done. */
  readonly record: RecordRun
  /** Puts a run into the bin. */
  readonly discard: (id: RunId) => Promise<void>
  /** Told of each run that has come to its result. */
  readonly onResult: (id: RunId) => void
}

/** Runs: from a draft over the queue and its trainer to the result. The folder of each run holds everything; the tracker is its index. */
export class Runs {
  readonly #options: RunsOptions
  readonly #queue: Queue
  readonly #plans: Plans

  constructor(options: RunsOptions) {
    this.#options = options
    const { db, entry, runTask, drafting, folders, listener } = options
    const onChange = (id: RunId): void => this.#tell(id)
    const onFolder = (row: RunRow): void => void writeIdentity(db, row)
    const onEnd = (id: RunId, step: number): void => this.#ended(id, step)
    this.#queue = new Queue({ db, entry, runs: folders.runs, runTask, listener, onChange, onFolder, onEnd })
    const speed = (draft: RunDraft, tokens: number): RunPlan['time'] => secondsFor(db, draft.model, tokens)
    this.#plans = new Plans({ entry, runTask, drafting, folders, secondsFor: speed })
  }

  /** Marks what was under way when the program ended, and goes on with whatever waits. */
  async open(): Promise<void> {
    const { db, folders } = this.#options
    for (const folder of [folders.runs, folders.configurations, folders.temporary, folders.bin])
      await mkdir(folder, { recursive: true, mode: 0o700 })
    markInterrupted(db)
    this.#queue.next()
  }

  async settings(draft: RunDraft): Promise<readonly SettingRow[]> {
    return this.#options.drafting.settings(draft)
  }

  async plan(draft: RunDraft): Promise<RunPlan> {
    return this.#plans.plan(draft)
  }

  async yaml(draft: RunDraft): Promise<string> {
    return this.#options.drafting.yaml(draft)
  }

  async start(draft: RunDraft): Promise<RunId> {
    const { db, datasets, models, folders, drafting } = this.#options
    const { blocked } = await datasets.report(draft.dataset)
    if (blocked !== null) throw new InputError('dataset-blocked', blocked)
    const { task, method, metric } = await drafting.facts(draft)
    const id = newId()
    const config_file = join(folders.configurations, `${id}.yaml`)
    await writeFile(config_file, await drafting.yaml(draft), { mode: 0o600 })
    const dataset = datasets.get(draft.dataset)
    const model = await models.get(draft.model)
    addRun(db, {
      ...untouched,
      id,
      name: draft.name ?? this.#freeName(dataset.name),
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
      created_at: new Date().toISOString()
    })
    this.#options.record('run-started', id)
    this.#queue.add(id)
    return id
  }

  list(): readonly RunSummary[] {
    const { db } = this.#options
    const [places, attached] = [this.#places(), allAttached(db)]
    return listRuns(db).map((row) => this.#summary(row, places, attached(row.id)))
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

  /** Ends a run's trainer, if it has one, and takes it out of the queue. */
  async end(id: string): Promise<void> {
    await this.#queue.end(id)
  }

  /** Ends a run and puts it into the bin. */
  async discard(id: RunId): Promise<void> {
    this.#row(id)
    await this.#options.discard(id)
  }

  async rename({ id, name }: { readonly id: RunId; readonly name: string }): Promise<void> {
    const row = this.#row(id)
    changeRun(this.#options.db, id, { name })
    await writeIdentity(this.#options.db, { ...row, name })
    this.#options.record('renamed', id)
    this.#tell(id)
  }

  /** Attaches tags or a note to a run, in the place of those before. */
  async attach({ id, ...what }: { readonly id: RunId } & Partial<Attached>): Promise<void> {
    const row = this.#row(id)
    attach(this.#options.db, id, what)
    await writeIdentity(this.#options.db, row)
    this.#tell(id)
  }

  async answer({ id, texts }: { readonly id: RunId; readonly texts: readonly string[] }): Promise<readonly Answer[]> {
    const { folder } = this.#row(id)
    if (folder === null) throw new InputError('run-unfinished', 'This run has not learned anything yet. Let it finish first.')
    const answers = await answerWith(this.#options, folder, texts)
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
    await rm(this.#options.folders.temporary, { recursive: true, force: true })
  }

  #row(id: string): RunRow {
    const row = findRun(this.#options.db, id)
    if (row) return row
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
    const row = findRun(this.#options.db, id)
    if (row) this.#options.listener.changed(this.#summary(row, this.#places(), attachedTo(this.#options.db, id)))
  }

  #summary(row: RunRow, places: ReadonlyMap<string, number>, attached: Attached): RunSummary {
    const live = this.#queue.liveOf(row.id)
    const { step = row.step, ...known } = live ?? { progress: null, secondsLeft: null }
    return summaryOf({ ...row, step }, places.get(row.id) ?? null, attached, known)
  }

  #places(): ReadonlyMap<string, number> {
    return new Map(waitingRuns(this.#options.db).map(({ id }, i) => [id, i + 1]))
  }

  /** `letters 3`: the data set's name, numbered. */
  #freeName(file: string): string {
    const base = file.replace(/\.[a-z0-9]{1,6}$/i, '')
    const taken = new Set(listRuns(this.#options.db).map(({ name }) => name))
    for (let n = 1; ; n++) if (!taken.has(`${base} ${n}`)) return `${base} ${n}`
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
  discarded_at: null,
  discarded_with: null
} as const satisfies Partial<RunRow>

/** Sorts by age, and cannot be guessed by another run's id. */
const newId = (): RunId => `r-${Date.now().toString(36)}-${randomBytes(3).toString('hex')}` as RunId // Minted here.
