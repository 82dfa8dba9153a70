import { randomBytes } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { AnswererId, DatasetId } from '../../../preload/contract/common.ts'
import type { UseApi, UseEvents, UseFormat, UseId, UseJob, UseRowsPage, UseText } from '../../../preload/contract/use.ts'
import { InputError } from '../../base/errors.ts'
import type { Laying } from '../../data/intake/laying.ts'
import type { Models } from '../../library/models.ts'
import { isModelId } from '../../library/trained-model.ts'
import { findRun } from '../../tracker/queries/runs.ts'
import type { WritableDb } from '../../tracker/tracker.ts'
import type { Outcome, TrainerTask } from '../../worker/protocol.ts'
import type { TaskOptions } from '../supervisor.ts'
import { finishedOf } from '../outcome.ts'
import { Job } from './job.ts'
import { openInput, type GivenFile } from './open-input.ts'
import { usedModel, usedRun, type UsedRun } from './run-facts.ts'
import { documentsFile } from './keep-documents.ts'
import { aboutSheet } from './about.ts'

export interface UsingOptions {
  readonly db: WritableDb
  readonly models: Pick<Models, 'stored' | 'trained'>
  /** The trainer's program. */
  readonly entry: string
  readonly runTask: (task: TrainerTask, options: TaskOptions) => Promise<Outcome>
  /** Reads documents, as for data. */
  readonly laying: Pick<Laying, 'documents'>
  /** Emptied when Attune opens and closes: documents are not kept. */
  readonly folder: string
  /** Where looks at rows with known answers are counted. */
  readonly looksFolder: string
  readonly outbox: { readonly newPath: (ending?: string) => string; readonly offer: (path: string, name: string) => string }
  /** An imported adapter: what answers with it, and its names. */
  readonly adapter: (id: string) => Promise<{
    readonly folder: string
    readonly name: string
    readonly modelName: string
    readonly sha256: string
  }>
  /** The sureness that was fixed for a run; null where none was. */
  readonly fixedThreshold: (runFolder: string) => Promise<number | null>
  /** Opens a file as data. */
  readonly keep: (path: string, name: string) => Promise<{ readonly id: DatasetId }>
  readonly listener: { readonly changed: (job: UseJob) => void; readonly reading: (progress: UseEvents['reading']) => void }
}

type Request<Name extends keyof UseApi> = Parameters<UseApi[Name]>[0]

/** Documents and tables on their way through a finished run. They lie in a temporary folder and go when they are dropped. */
export class Using {
  readonly #options: UsingOptions
  readonly #jobs = new Map<UseId, Job>()

  constructor(options: UsingOptions) {
    this.#options = options
  }

  /** Sweeps what an earlier process left. */
  async prepare(): Promise<void> {
    await rm(this.#options.folder, { recursive: true, force: true })
    await mkdir(this.#options.folder, { recursive: true, mode: 0o700 })
  }

  async open(run: AnswererId, files: readonly GivenFile[]): Promise<UseJob> {
    const used = await this.#used(run)
    const id = `u-${randomBytes(8).toString('hex')}` as UseId // Minted here.
    const folder = join(this.#options.folder, id)
    const name = files[0]?.name ?? ''
    const onRows = (done: number): void => this.#options.listener.reading({ name, phase: 'reading', done, total: 0 })
    try {
      const input = await openInput(files, folder, used, { onRows, laying: this.#options.laying })
      const job = new Job(id, folder, files, input, used, await this.#thresholdOf(used))
      this.#jobs.set(id, job)
      return job.summary()
    } catch (error) {
      await rm(folder, { recursive: true, force: true })
      throw error
    }
  }

  async asks(run: AnswererId): Promise<UsedRun['asks']> {
    return (await this.#used(run)).asks
  }

  get(id: UseId): UseJob {
    return this.#job(id).summary()
  }

  async start(request: Request<'start'>): Promise<void> {
    const job = this.#job(request.id)
    if (job.state === 'answering') throw new InputError('use-busy', 'These rows are being answered already. Stop that first.')
    const used = await this.#used(request.run)
    const { entry, runTask, looksFolder } = this.#options
    const task = job.begin(request, used, await this.#thresholdOf(used), looksFolder)
    const tell = (): void => this.#tell(job)
    tell()
    const options: TaskOptions = {
      entry,
      signal: job.signal,
      onEvent: (event) => {
        if (event.event !== 'progress') return
        job.progress = event
        tell()
      }
    }
    // Nobody waits for the answers: what comes of them is told as an event.
    void runTask(task, options).then(
      async (outcome) => {
        await job.end(outcome)
        tell()
      },
      async (error: unknown) => {
        await job.end({ event: 'failed', exitCode: 1, code: 'internal', message: '', detail: String(error) })
        tell()
      }
    )
  }

  stop(id: UseId): void {
    this.#job(id).stop()
  }

  async rows({ id, from, count, unsureFirst }: Request<'rows'>): Promise<UseRowsPage> {
    return { from, rows: await this.#job(id).rows(from, count, unsureFirst) }
  }

  async text({ id, place, unsureFirst }: Request<'text'>): Promise<UseText> {
    return this.#job(id).text(place, unsureFirst)
  }

  setThreshold({ id, value }: Request<'setThreshold'>): UseJob {
    const job = this.#job(id)
    job.setThreshold(value)
    return job.summary()
  }

  async save({ id, format }: Request<'save'>): Promise<{ readonly ticket: string; readonly name: string }> {
    const job = this.#job(id)
    const { outbox, entry, runTask } = this.#options
    const ending = endings[format]
    const path = outbox.newPath(ending)
    const { run, model } = await this.#namesOf(job.runId)
    const facts = aboutSheet(job, run, model, new Date())
    try {
      finishedOf(await runTask(job.saving(format, path, facts), { entry, onEvent: () => undefined }))
    } catch (error) {
      await rm(path, { force: true })
      throw error
    }
    const name = `${job.name.replace(/\.[a-z0-9]{1,6}$/i, '')} ${job.run.marks ? 'marked' : 'answered'}${ending}`
    return { ticket: outbox.offer(path, name), name }
  }

  async keep(id: UseId): Promise<DatasetId> {
    const job = this.#job(id)
    const { path, name } = await documentsFile(job)
    return (await this.#options.keep(path, name)).id
  }

  async drop(id: UseId): Promise<void> {
    const job = this.#job(id)
    this.#jobs.delete(id)
    await job.dispose()
  }

  async dispose(): Promise<void> {
    await Promise.all([...this.#jobs.keys()].map((id) => this.drop(id)))
    await rm(this.#options.folder, { recursive: true, force: true })
  }

  async #thresholdOf({ folder, personBelow }: UsedRun): Promise<number | null> {
    return personBelow === undefined ? this.#options.fixedThreshold(folder) : personBelow
  }

  /** An imported model is named in the place of both. */
  async #namesOf(id: string): Promise<{ readonly run: string; readonly model: string }> {
    const { db, models, adapter } = this.#options
    if (isModelId(id)) return { run: models.stored(id).name, model: models.stored(id).name }
    if (isAdapter(id)) {
      const { name, modelName } = await adapter(id)
      return { run: name, model: modelName }
    }
    const row = findRun(db, id)
    return { run: row?.name ?? '', model: row?.model_name ?? '' }
  }

  async #used(run: AnswererId): Promise<UsedRun & { readonly id: AnswererId }> {
    if (isModelId(run)) return { ...usedModel(await this.#options.models.trained(run)), id: run }
    if (isAdapter(run)) {
      const { folder, sha256 } = await this.#options.adapter(run)
      return { ...(await usedRun(folder)), weightsHash: sha256, id: run }
    }
    const row = findRun(this.#options.db, run)
    if (!row) throw new InputError('run-gone', 'This run is no longer there. It may have been discarded.')
    if (row.folder === null) throw new InputError('run-unfinished', 'This run has not learned anything yet. Let it finish first.')
    return { ...(await usedRun(row.folder)), id: run }
  }

  #job(id: UseId): Job {
    const job = this.#jobs.get(id)
    if (job) return job
    throw new InputError('use-gone', 'These documents are no longer at hand. Choose them again.')
  }

  #tell(job: Job): void {
    if (this.#jobs.has(job.id)) this.#options.listener.changed(job.summary())
  }
}

const endings: Readonly<Record<UseFormat, string>> = {
  xlsx: '.xlsx',
  csv: '.csv',
  spacy: '.jsonl',
  doccano: '.jsonl',
  conll: '.conll'
}

const isAdapter = (id: string): boolean => id.startsWith('a-')
