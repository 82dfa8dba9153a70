import type { DatasetId, TrainedId } from '../../preload/contract/common.ts'
import type { DatasetSummary } from '../../preload/contract/data.ts'
import type {
  PersonalChoice,
  PersonalEvents,
  PersonalExample,
  PersonalPassage,
  PersonalReport
} from '../../preload/contract/personal.ts'
import { basename, dirname, join } from 'node:path'
import { InputError, messageOf } from '../base/errors.ts'
import { counted, shown, shownList } from '../base/wording.ts'
import type { Datasets } from '../data/datasets/datasets.ts'
import { inOwnName } from '../data/own-name.ts'
import type { CleanedTable, CleanTableInput, FollowedCounts } from '../data/personal/table/clean-table.ts'
import type { TextRoles } from '../data/personal/table/pointing.ts'
import type { ScannedTable } from '../data/personal/table/scan-table.ts'
import { finishedOf } from '../runs/outcome.ts'
import type { LiveEvent } from '../runs/read-event.ts'
import { runTaskBehind as runTask } from '../runs/supervisor.ts'
import type { MappingFiles } from '../worker/mapping-file.ts'
import type { TrainerTask } from '../worker/protocol.ts'
import { MAPPING_FILE } from './kept-mappings.ts'

const AROUND = 60
const SHOWN = 20
/** What the notes of versions begin with that are made here. */
const NOTE = 'Personal data: '

interface Scan {
  readonly control: AbortController
  readonly scanned: Promise<ScannedTable>
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
  /** By which dates move together; as the rows belong together where left out. */
  readonly group?: string | null | undefined
}

/** A mapping that is gone on from, and what its owner calls it. */
export interface KnownFile {
  readonly path: string
  readonly name: string
}

interface Keeping {
  readonly keeps: boolean
  readonly known: KnownFile | null
  readonly passphrase: string
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
    const { findings, following } = await this.#scanned(id, run)
    const counts = findings.map(({ column, kind, passages, rows, added }) => ({ column, kind, passages, rows, added }))
    return { id, findings: counts, following, isCleaned: note?.startsWith(NOTE) ?? false }
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
    const found = (await this.#scanned(id, run)).findings.find((each) => each.column === column && each.kind === kind)
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

  /** Throws an InputError where nothing would change, and for a passphrase that is weak or wrong. */
  async apply(wish: Wish & { readonly mapping: Keeping | null }): Promise<DatasetSummary> {
    const { mapping } = wish
    const make = async (outPath: string): Promise<string> => {
      const mappingFile = mapping?.keeps === true ? join(dirname(outPath), MAPPING_FILE) : null
      const files = { mappingFile, knownFile: mapping?.known?.path ?? null }
      const { cells, counts, followed } = await this.#clean(wish, { outPath, visible: 0 }, files, mapping?.passphrase)
      if (cells === 0) throw new InputError('revision-empty', 'Nothing would change: what was found is all left as it is.')
      const passages = Object.values(counts).reduce((sum, count) => sum + count, 0)
      return `${NOTE}${counted(passages, 'passage')} changed${noteOf(followed)}`
    }
    return this.#options.datasets.replaceRows(wish.id, make, MAPPING_FILE).catch((error: unknown) => {
      const known = mapping?.known
      // What lies beside a version, or came from the page, has a name of ours.
      throw known && messageOf(error).includes(basename(known.path)) ? inOwnName(error, known.name, known.path) : error
    })
  }

  dispose(): void {
    for (const { control } of this.#scans.values()) control.abort()
  }

  #scanned(id: DatasetId, run: Run): Promise<ScannedTable> {
    const roles = textRoles(this.#options.datasets.get(id))
    const key = [id, run, roles.textColumn, roles.answerColumn].join(' ')
    const known = this.#scans.get(key)
    if (known) return known.scanned
    const { datasets } = this.#options
    const { columns, rows } = datasets.get(id)
    const input = { rowsPath: datasets.rowsPathOf(id), columns: columns.map(({ name }) => name), rows, ...roles }
    const control = new AbortController()
    const onRows = (done: number): void => this.#options.onScanning({ id, phase: 'checking', done, total: rows })
    const look = async (): Promise<ScannedTable> => {
      const modelFolder = await this.#folderOf(run)
      const finished = await this.#ask({ kind: 'scan-personal', input, modelFolder }, onRows, { killSignal: control.signal })
      return finished['scanned'] as ScannedTable // Made by scanTable.
    }
    const scanned = look()
    this.#scans.set(key, { control, scanned })
    // What failed or was given up may go better another time.
    scanned.catch(() => this.#scans.delete(key))
    return scanned
  }

  async #folderOf(run: Run): Promise<string | null> {
    return run == null ? null : this.#options.modelFolder(run)
  }

  async #clean(
    { id, choices, run, group }: Wish,
    how: Pick<CleanTableInput, 'outPath' | 'visible'>,
    files: MappingFiles = { mappingFile: null, knownFile: null },
    secret: string | null = null
  ): Promise<CleanedTable> {
    const { datasets } = this.#options
    const dataset = datasets.get(id)
    const { columns, rows, roles } = dataset
    const names = columns.map(({ name }) => name)
    const groupColumn = group === undefined ? (roles.belonging === 'column' ? roles.group : null) : group
    requireColumn(names, groupColumn)
    const input = { rowsPath: datasets.rowsPathOf(id), columns: names, choices, groupColumn, ...textRoles(dataset), ...how }
    const onRows = (done: number): void => this.#options.onScanning({ id, phase: 'saving', done, total: rows })
    const modelFolder = await this.#folderOf(run)
    const task = { kind: 'clean-rows', input, rows, modelFolder, ...files } as const
    return (await this.#ask(task, onRows, { secret }))['cleaned'] as CleanedTable // Made by cleanTable.
  }

  async #ask(
    task: TrainerTask,
    onRows: (done: number) => void,
    { killSignal, secret = null }: { readonly killSignal?: AbortSignal; readonly secret?: string | null }
  ): Promise<ReturnType<typeof finishedOf>> {
    const onEvent = (news: LiveEvent): void => {
      if (news.event === 'progress') onRows(news.done)
    }
    const outcome = await runTask(task, {
      ...{ entry: this.#options.entry, onEvent, secret },
      ...(killSignal && { killSignal })
    })
    if (killSignal?.aborted === true) throw new InputError('stopped', 'You stopped looking for personal data.')
    return finishedOf(outcome)
  }
}

function requireColumn(columns: readonly string[], name: string | null): void {
  if (name === null || columns.includes(name)) return
  throw new InputError('data_column_missing', `There is no column ${shown(name)}. The columns are ${shownList(columns)}.`)
}

/** Answers that a row asks for point into its text, as marks do. */
const textRoles = ({ roles }: DatasetSummary): TextRoles => ({
  textColumn: roles.text,
  answerColumn: roles.task === 'question-answering' && roles.questions == null ? roles.answer : null
})

/** What became of marks and answers, where it is not all as it was. */
function noteOf({ marks, answers, unfit }: FollowedCounts): string {
  const said = [
    ...(marks > 0 ? [`${counted(marks, 'mark')} gone with what was removed`] : []),
    ...(answers > 0 ? [`${counted(answers, 'answer')} gone with what was removed`] : []),
    ...(unfit > 0 ? [`${counted(unfit, 'cell')} with marks or answers that did not fit emptied`] : [])
  ]
  return said.map((each) => `; ${each}`).join('')
}
