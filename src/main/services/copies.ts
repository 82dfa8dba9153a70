import { mkdir, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { TrainedId } from '../../preload/contract/common.ts'
import type { CopiesEvents, CopiesKind, CopiesReport, CopiesWish, WrittenCopies } from '../../preload/contract/copies.ts'
import type { PersonalPassage } from '../../preload/contract/personal.ts'
import { InputError, messageOf } from '../base/errors.ts'
import { safeFileName } from '../base/file-name.ts'
import { inOwnName } from '../data/own-name.ts'
import type { CleanedFile } from '../data/personal/deidentify.ts'
import { finishedOf } from '../runs/outcome.ts'
import { runTaskBehind as runTask } from '../runs/supervisor.ts'

/** Passages of what would still be visible that are shown. */
const SHOWN = 20

export interface CopiesOptions {
  /** The trainer's program: files are gone through in a process of its own. */
  readonly entry: string
  /** For what is only looked at. */
  readonly folder: string
  /** Where a run or a model lies that marks passages. Throws an InputError where there is none. */
  readonly modelFolder: (id: TrainedId) => Promise<string>
  readonly onWorking: (news: CopiesEvents['working']) => void
}

/** A wish whose handles have become files, and what the folder's owner calls it. */
export type CopiesJob = Omit<CopiesWish, 'from' | 'known'> & {
  readonly from: string
  readonly name: string
  /** Where the mapping of an earlier time lies, and what its owner calls it. */
  readonly known: { readonly path: string; readonly name: string } | null
}

interface Done {
  readonly files: readonly CleanedFile[]
  readonly counts: Readonly<Record<string, number>>
  readonly known: number
  /** Passages of the model's own kinds that are left as they are. */
  readonly own_kinds: Readonly<Record<string, number>>
  readonly left_out: readonly { readonly file: string; readonly reason: string }[]
  readonly visible: readonly PersonalPassage[]
  readonly visible_all: number
}

/** Where copies are put, and what stands for what; null where that is kept nowhere. */
interface Places {
  readonly out: string
  readonly mappingFile: string | null
}

/** Clean copies of folders, one after the other. */
export class Copies {
  readonly #options: CopiesOptions
  #control: AbortController | null = null

  constructor(options: CopiesOptions) {
    this.#options = options
  }

  async look(job: CopiesJob): Promise<CopiesReport> {
    return this.#alone(async (signal) => {
      const { folder } = this.#options
      await rm(folder, { recursive: true, force: true })
      await mkdir(folder, { recursive: true, mode: 0o700 })
      try {
        const aside = (name: string): Places => ({ out: join(folder, name), mappingFile: null })
        const done = await this.#clean(job, aside('copies'), signal)
        const rules = job.run === null ? done : await this.#clean({ ...job, run: null }, aside('by-rules'), signal)
        return reportOf(job, done, rules)
      } finally {
        await rm(folder, { recursive: true, force: true })
      }
    })
  }

  async write(job: CopiesJob, to: string, keepsMapping: boolean): Promise<WrittenCopies> {
    return this.#alone(async (signal) => {
      const name = safeFileName(job.name)
      const folder = await freeName(to, `${name} without personal data`, '')
      const mapping = keepsMapping ? await freeName(to, `${name} mapping`, '.age') : null
      const places = { out: join(to, folder), mappingFile: mapping && join(to, mapping) }
      const done = await this.#clean(job, places, signal)
      return { ...reportOf(job, done, done), folder, mapping }
    })
  }

  stop(): void {
    this.#control?.abort()
  }

  /** One at a time: a second one would only make both slower. */
  async #alone<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (this.#control) throw new InputError('copies-busy', 'A folder is being gone through already. Stop that first.')
    const control = new AbortController()
    this.#control = control
    try {
      return await work(control.signal)
    } finally {
      this.#control = null
    }
  }

  async #clean(job: CopiesJob, places: Places, signal: AbortSignal): Promise<Done> {
    const { entry, onWorking } = this.#options
    const { from, run, action, actions, leftColumns, groupColumn, known, passphrase } = job
    const byKind = Object.fromEntries(actions.map((each) => [each.kind, each.action]))
    const outcome = await runTask(
      {
        kind: 'deidentify',
        ...{ input: from, ...places, actions: { byKind, other: action }, columns: null, leftColumns, groupColumn },
        ...{ renames: false, visible: SHOWN, found: 0, knownFile: known?.path ?? null },
        modelFolder: run === null ? null : await this.#options.modelFolder(run)
      },
      {
        entry,
        signal,
        secret: passphrase,
        onEvent: (news) => {
          if (news.event === 'progress') onWorking({ phase: news.phase, done: news.done, total: news.total })
        }
      }
    )
    if (signal.aborted) throw new InputError('stopped', 'You stopped it. Nothing was written.')
    try {
      return finishedOf(outcome) as unknown as Done // Made by deidentifyFiles.
    } catch (error) {
      // A mapping that the page brought lies under a name of ours.
      const isOfMapping = known !== null && messageOf(error).includes(basename(known.path))
      throw isOfMapping ? inOwnName(error, known.name, known.path) : error
    }
  }
}

function reportOf(job: CopiesJob, done: Done, rules: Done): CopiesReport {
  const { files, counts, known, own_kinds, left_out, visible, visible_all } = done
  const all = Object.entries({ ...counts, ...own_kinds })
  const kinds = all.map(([kind, passages]): CopiesKind => ({ kind, passages, byRules: rules.counts[kind] ?? 0 }))
  return {
    name: job.name,
    files: files.length,
    kinds: kinds.filter(({ passages }) => passages > 0).sort((a, b) => b.passages - a.passages),
    columns: [...new Set(files.flatMap(({ columns }) => columns ?? []))],
    notes: files.flatMap(({ file, notes }) => notes.map((note) => ({ file, note }))),
    leftOut: left_out.map(({ file, reason }) => ({ file, place: null, reason })),
    ...{ visible, visibleAll: visible_all, known: job.known === null ? null : known }
  }
}

/** A name that nothing in the folder has. */
async function freeName(folder: string, name: string, ending: string): Promise<string> {
  for (let n = 1; ; n++) {
    const free = n === 1 ? `${name}${ending}` : `${name} ${n}${ending}`
    if ((await stat(join(folder, free)).catch(() => null)) === null) return free
  }
}
