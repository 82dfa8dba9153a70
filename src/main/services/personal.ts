import type { DatasetId, TrainedId } from '../../preload/contract/common.ts'
import type { DatasetSummary } from '../../preload/contract/data.ts'
import type {
  PersonalChoice,
  PersonalEvents,
  PersonalExample,
  PersonalPassage,
  PersonalReport
} from '../../preload/contract/personal.ts'
import { InputError } from '../base/errors.ts'
import { counted } from '../base/wording.ts'
import type { Datasets } from '../data/datasets/datasets.ts'
import type { CleanedTable, CleanTableInput } from '../data/personal/table/clean-table.ts'
import type { TableFinding } from '../data/personal/table/scan-table.ts'
import { finishedOf } from '../runs/outcome.ts'
import type { LiveEvent } from '../runs/read-event.ts'
import { runTaskBehind as runTask } from '../runs/supervisor.ts'
import type { TrainerTask } from '../worker/protocol.ts'

const AROUND = 60
const SHOWN = 20
/** What the notes of versions begin with that are made here. */
const NOTE = 'Personal data: '

interface Scan {
  readonly control: AbortController
  readonly findings: Promise<readonly TableFinding[]>
}

interface PersonalDataOptions {
  readonly datasets: Datasets
  /** The trainer's program: tables are gone through in a process of its own. */
  readonly entry: string
  readonly onScanning: (news: PersonalEvents['scanning']) => void
  /** Where a run or a model lies that marks passages. Throws an InputError where there is none. */
  readonly modelFolder: (id: TrainedId) => Promise<string>
}

type Run = TrainedId | null | undefined

interface Wish {
  readonly id: DatasetId
  readonly choices: readonly PersonalChoice[]
  readonly run?: Run
}

/** Looks for personal data in data sets and takes them out, in new versions. */
export class PersonalData {
  readonly #options: PersonalDataOptions
  /** A version never changes: what was found in it holds. */
  readonly #scans = new Map<string, Scan>()

  constructor(options: PersonalDataOptions) {
    this.#options = options
  }

  async scan({ id, run }: { readonly id: DatasetId; readonly run?: Run }): Promise<PersonalReport> {
    const { note } = this.#options.datasets.get(id)
    const findings = await this.#findings(id, run)
    const shown = findings.map(({ column, kind, passages, rows, added }) => ({ column, kind, passages, rows, added }))
    return { id, findings: shown, isCleaned: note?.startsWith(NOTE) ?? false }
  }

  /** Throws an InputError for a data set that is not there. */
  stop(id: DatasetId): void {
    const own = [...this.#scans].filter(([key]) => key.startsWith(`${id} `))
    for (const [, { control }] of own) control.abort()
    if (own.length === 0) this.#options.datasets.get(id)
  }

  async examples({
    id,
    column,
    kind,
    run
  }: Pick<PersonalChoice, 'column' | 'kind'> & { readonly id: DatasetId; readonly run?: Run }): Promise<
    readonly PersonalExample[]
  > {
    const found = (await this.#findings(id, run)).find((each) => each.column === column && each.kind === kind)
    const examples = (found?.places ?? []).map(async ({ line, start, end }): Promise<PersonalExample> => {
      const text = (await this.#options.datasets.cellsAt(id, line)).get(column) ?? ''
      return {
        line,
        before: text.slice(Math.max(0, start - AROUND), start),
        text: text.slice(start, end),
        after: text.slice(end, end + AROUND)
      }
    })
    return Promise.all(examples)
  }

  async remaining(wish: Wish): Promise<readonly PersonalPassage[]> {
    return (await this.#clean(wish, { outPath: null, visible: SHOWN })).visible
  }

  /** Throws an InputError where nothing would change. */
  async apply(wish: Wish): Promise<DatasetSummary> {
    return this.#options.datasets.replaceRows(wish.id, async (outPath) => {
      const { cells, counts } = await this.#clean(wish, { outPath, visible: 0 })
      if (cells === 0) throw new InputError('revision-empty', 'Nothing would change: what was found is all left as it is.')
      const passages = Object.values(counts).reduce((sum, count) => sum + count, 0)
      return `${NOTE}${counted(passages, 'passage')} changed`
    })
  }

  dispose(): void {
    for (const { control } of this.#scans.values()) control.abort()
  }

  #findings(id: DatasetId, run: Run): Promise<readonly TableFinding[]> {
    const key = `${id} ${run ?? ''}`
    const known = this.#scans.get(key)
    if (known) return known.findings
    const { datasets } = this.#options
    const { columns, rows } = datasets.get(id)
    const input = { rowsPath: datasets.rowsPathOf(id), columns: columns.map(({ name }) => name), rows }
    const control = new AbortController()
    const onRows = (done: number): void => this.#options.onScanning({ id, phase: 'checking', done, total: rows })
    const look = async (): Promise<readonly TableFinding[]> => {
      const modelFolder = await this.#folderOf(run)
      const finished = await this.#ask({ kind: 'scan-personal', input, modelFolder }, onRows, control.signal)
      return finished['findings'] as readonly TableFinding[] // Made by scanTable.
    }
    const findings = look()
    this.#scans.set(key, { control, findings })
    // What failed or was given up may go better another time.
    findings.catch(() => this.#scans.delete(key))
    return findings
  }

  async #folderOf(run: Run): Promise<string | null> {
    return run == null ? null : this.#options.modelFolder(run)
  }

  async #clean({ id, choices, run }: Wish, how: Pick<CleanTableInput, 'outPath' | 'visible'>): Promise<CleanedTable> {
    const { datasets } = this.#options
    const { columns, rows, roles } = datasets.get(id)
    const groupColumn = roles.belonging === 'column' ? roles.group : null
    const names = columns.map(({ name }) => name)
    const input = { rowsPath: datasets.rowsPathOf(id), columns: names, choices, groupColumn, textColumn: roles.text, ...how }
    const onRows = (done: number): void => this.#options.onScanning({ id, phase: 'saving', done, total: rows })
    const modelFolder = await this.#folderOf(run)
    const finished = await this.#ask({ kind: 'clean-rows', input, rows, modelFolder }, onRows)
    return finished['cleaned'] as CleanedTable // Made by cleanTable.
  }

  async #ask(
    task: TrainerTask,
    onRows: (done: number) => void,
    killSignal?: AbortSignal
  ): Promise<ReturnType<typeof finishedOf>> {
    const onEvent = (news: LiveEvent): void => {
      if (news.event === 'progress') onRows(news.done)
    }
    const outcome = await runTask(task, { entry: this.#options.entry, onEvent, ...(killSignal && { killSignal }) })
    if (killSignal?.aborted === true) throw new InputError('stopped', 'You stopped looking for personal data.')
    return finishedOf(outcome)
  }
}
