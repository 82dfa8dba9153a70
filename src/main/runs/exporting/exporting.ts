import { randomBytes } from 'node:crypto'
import { dirname, join } from 'node:path'
import type { RunId } from '../../../preload/contract/common.ts'
import type {
  ExportCheck,
  ExportId,
  ExportOptions,
  ExportPlace,
  ExportsApi,
  ExportStatus,
  ExportSummary
} from '../../../preload/contract/exports.ts'
import { InputError } from '../../base/errors.ts'
import { freeSpace } from '../../base/free-space.ts'
import { addExport, allExports, exportsOfRun, findExport, lastExport, removeExport, type ExportRow } from '../../tracker/queries/exports.ts'
import { purposeOf } from '../../tracker/queries/projects.ts'
import { findRun, type RunRow } from '../../tracker/queries/runs.ts'
import type { WritableDb } from '../../tracker/tracker.ts'
import type { FinishedEvent, Outcome, TrainerTask } from '../../worker/protocol.ts'
import { finishedOf } from '../outcome.ts'
import { exportName } from './export-name.ts'
import type { TaskOptions } from '../supervisor.ts'
import { sizeOf, summaryOf } from './made-export.ts'
import { checkOf, failureOf, memorisationOf, optionsOf, replayOf, reviewsOf } from './read-finished.ts'

export interface ExportingOptions {
  readonly db: WritableDb
  /** The trainer's program. */
  readonly entry: string
  readonly runTask: (task: TrainerTask, options: TaskOptions) => Promise<Outcome>
  /** Version of Attune, for the manifest. */
  readonly version: string
  /** Where the installation's key lies. */
  readonly keyFolder: string
  /** Fingerprint of that key. */
  readonly ownKey: () => Promise<string>
  /** Columns by which a report on a data set can be grouped. */
  readonly columns: (dataset: string) => readonly string[]
  /** The rows of a data set as a file. */
  readonly dataFile: (dataset: string) => string
  /** How far an export's folder has come; null where there is none. */
  readonly statusOf: (folder: string) => Promise<ExportStatus | null>
  /** Where a person's answers about a data set lie; null where there are none. */
  readonly datasheet: (dataset: string) => Promise<string | null>
  /** Packs that lie in a folder: their names, and the path of one. @throws InputError where there is none */
  readonly packs: {
    readonly names: (folder: string) => Promise<readonly string[]>
    readonly path: (folder: string, pack: string) => Promise<string>
  }
  readonly now: () => string
  readonly changed: (one: ExportSummary) => void
}

type Start = Parameters<ExportsApi['start']>[0]
type Statement = Omit<Parameters<ExportsApi['review']>[0], 'of'>
type ReviewsOf = ReturnType<ExportsApi['review']>

/** An export's folder, or a pack in a folder by its file's name. */
export interface PlaceToCheck {
  readonly folder: string
  readonly pack: string | null
  readonly passphrase: string | null
}

/** An export that this window asked for and that is not on the record: under way, stopped or failed. */
interface Attempt {
  summary: ExportSummary
  readonly stopping: AbortController
  /** Resolves when its trainer is gone. */
  readonly ended: Promise<void>
}

/** Runs on their way out of Attune, each tested through what was written, and those that are out. */
export class Exporting {
  readonly #options: ExportingOptions
  readonly #attempts = new Map<ExportId, Attempt>()

  constructor(options: ExportingOptions) {
    this.#options = options
  }

  /** @throws InputError where the run was not trained to its end */
  async options(run: RunId): Promise<ExportOptions> {
    const { folder, dataset_id: dataset } = this.#run(run)
    const { db, columns } = this.#options
    const purpose = purposeOf(db, { run })
    const finished = await this.#ask({ kind: 'exportable', runFolder: folder, purpose })
    const last = lastExport(db)
    const place = last && (await this.place(dirname(last.folder)).catch(() => null))
    return { ...optionsOf(finished), purpose, columns: columns(dataset), last: place }
  }

  async place(folder: string): Promise<ExportPlace> {
    return { folder, free: await freeSpace(folder) }
  }

  /** `to`: a folder that the person chose; null for that of the last export. */
  async start({ run, contents, passphrase, despite, ...form }: Omit<Start, 'to'>, to: string | null): Promise<ExportSummary> {
    const { folder: runFolder, name: runName, dataset_id: dataset } = this.#run(run)
    const below = to ?? dirname(lastExport(this.#options.db)?.folder ?? '')
    if (below === '.') throw new InputError('export-nowhere', 'Choose a folder for the export first.')
    const name = await exportName(below, runName, form)
    const { db, version, keyFolder, now } = this.#options
    const outFolder = join(below, name)
    const id = `e-${randomBytes(8).toString('hex')}` as ExportId // Minted here.
    const summary: ExportSummary = {
      ...{ id, run, ...form, name, folder: below, state: 'working', madeAt: now() },
      status: null,
      ...{ progress: null, bytes: null, replay: null, memorisation: null, signedBy: null, failure: null }
    }
    const datasheetFile = await this.#options.datasheet(dataset)
    const facts = { runFolder, outFolder, version, keyFolder, contents, datasheetFile, purpose: purposeOf(db, { run }), despite }
    // The trainer knows the forms, and refuses any other.
    const task = { kind: 'export', ...form, ...facts } as unknown as TrainerTask
    if ([...this.#attempts.values()].some(({ summary }) => summary.state === 'working')) {
      const sentence = 'Another export is under way. Wait until it is done, or stop it.'
      throw new InputError('export-busy', sentence)
    }
    const stopping = new AbortController()
    const attempt: Attempt = { summary, stopping, ended: this.#work(id, task, outFolder, { signal: stopping.signal, secret: passphrase }) }
    this.#attempts.set(id, attempt)
    this.#options.changed(summary)
    return summary
  }

  stop(id: ExportId): void {
    this.#attempts.get(id)?.stopping.abort()
  }

  async list(run: RunId): Promise<readonly ExportSummary[]> {
    const attempts = [...this.#attempts.values()].map(({ summary }) => summary).filter((one) => one.run === run)
    const { db, statusOf } = this.#options
    this.#run(run)
    const made = exportsOfRun(db, run).map(async (row) => ({ ...summaryOf(row), status: await statusOf(row.folder) }))
    return [...attempts.reverse(), ...(await Promise.all(made))]
  }

  made(): ReturnType<ExportsApi['made']> {
    return allExports(this.#options.db).map(summaryOf)
  }

  async verify(id: ExportId): Promise<ExportCheck> {
    const row = this.#made(id)
    const { dataset_id: dataset } = this.#run(row.run_id)
    return this.#check(row.folder, row.format === 'peft' || row.format === 'attune-adapter' ? null : dataset)
  }

  /** Names of the packs in a folder; empty where it is an export itself. @throws InputError where it holds neither */
  packs(folder: string): Promise<readonly string[]> {
    return this.#options.packs.names(folder)
  }

  async check(place: PlaceToCheck, dataset: string | null): Promise<ExportCheck> {
    return this.#check(await this.#pathOf(place), dataset, place.passphrase)
  }

  /** @throws InputError where the export is not whole, or its own maker would review it */
  async review(of: { readonly id: ExportId } | PlaceToCheck, statement: Statement): Promise<ReviewsOf> {
    const [folder, secret] = 'id' in of ? [this.#made(of.id).folder, null] : [await this.#pathOf(of), of.passphrase]
    const { keyFolder } = this.#options
    return reviewsOf(await this.#ask({ kind: 'review', folder, keyFolder, ...statement }, secret))
  }

  forget(id: ExportId): void {
    const attempt = this.#attempts.get(id)
    if (attempt?.summary.state === 'working') throw new InputError('export-busy', 'This export is under way. Stop it first.')
    this.#attempts.delete(id)
    removeExport(this.#options.db, id)
  }

  /** Stops what is under way; nothing half-written stays. */
  async dispose(): Promise<void> {
    const all = [...this.#attempts.values()]
    for (const { stopping } of all) stopping.abort()
    await Promise.all(all.map(({ ended }) => ended))
  }

  #pathOf({ folder, pack }: PlaceToCheck): Promise<string> {
    return pack === null ? Promise.resolve(folder) : this.#options.packs.path(folder, pack)
  }

  async #check(folder: string, dataset: string | null, secret: string | null = null): Promise<ExportCheck> {
    const dataFile = dataset === null ? null : this.#options.dataFile(dataset)
    return checkOf(await this.#ask({ kind: 'verify', folder, dataFile }, secret), await this.#options.ownKey())
  }

  async #work(id: ExportId, task: TrainerTask, outFolder: string, how: Pick<TaskOptions, 'signal' | 'secret'>): Promise<void> {
    const { entry, runTask } = this.#options
    // What throws is a bug of ours; the window hears of it as of any other failure.
    const outcome = await runTask(task, {
      ...{ entry, ...how },
      onEvent: (event) => {
        if (event.event === 'progress') this.#tell(id, { progress: event })
      }
    }).catch((error: unknown): Outcome => ({ event: 'failed', exitCode: 1, code: 'internal', message: '', detail: String(error) }))
    if (outcome.event === 'finished') return this.#keep(id, outcome, outFolder)
    const state = outcome.exitCode === 130 ? 'stopped' : 'failed'
    this.#tell(id, { state, progress: null, failure: state === 'failed' ? failureOf(outcome) : null })
  }

  async #keep(id: ExportId, finished: FinishedEvent, folder: string): Promise<void> {
    const { db, changed, now } = this.#options
    const attempt = this.#attempts.get(id)
    if (!attempt) return
    const { run, format, dtype, quantization } = attempt.summary
    const row: ExportRow = {
      ...{ id, run_id: run, format, dtype, quantization, folder, made_at: now(), bytes: await sizeOf(folder) },
      ...{ replay: JSON.stringify(replayOf(finished)), memorisation: JSON.stringify(memorisationOf(finished)) },
      signed_by: String(finished['signed_by'])
    }
    // The run may have been discarded for good meanwhile: its export is the person's all the same.
    if (findRun(db, run)) addExport(db, row)
    this.#attempts.delete(id)
    changed(summaryOf(row))
  }

  #tell(id: ExportId, next: Partial<ExportSummary>): void {
    const attempt = this.#attempts.get(id)
    if (!attempt) return
    attempt.summary = { ...attempt.summary, ...next }
    this.#options.changed(attempt.summary)
  }

  async #ask(task: TrainerTask, secret: string | null = null): Promise<FinishedEvent> {
    const { entry, runTask } = this.#options
    return finishedOf(await runTask(task, { entry, secret, onEvent: () => undefined }))
  }

  #made(id: ExportId): ExportRow {
    const row = findExport(this.#options.db, id)
    if (!row) throw new InputError('export-gone', 'This export is no longer on the list.')
    return row
  }

  #run(id: string): RunRow & { readonly folder: string } {
    const row = findRun(this.#options.db, id)
    if (row?.folder == null) throw new InputError('run-unfinished', 'This run has not learned anything yet. Let it finish first.')
    return { ...row, folder: row.folder }
  }
}
