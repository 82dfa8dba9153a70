import { mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { TrainedId } from '../../preload/contract/common.ts'
import type { CopiesEvents, CopiesKind, CopiesReport, CopiesWish } from '../../preload/contract/copies.ts'
import type { PersonalPassage } from '../../preload/contract/personal.ts'
import { InputError } from '../base/errors.ts'
import { safeFileName } from '../base/file-name.ts'
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

/** A wish whose handle has become a folder, and what its owner calls it. */
export type CopiesJob = Omit<CopiesWish, 'from'> & { readonly from: string; readonly name: string }

interface Done {
  readonly files: readonly unknown[]
  readonly counts: Readonly<Record<string, number>>
  readonly left_out: readonly { readonly file: string; readonly reason: string }[]
  readonly visible: readonly PersonalPassage[]
  readonly visible_all: number
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
        const done = await this.#clean(job, join(folder, 'copies'), signal)
        const rules = job.run === null ? done : await this.#clean({ ...job, run: null }, join(folder, 'by-rules'), signal)
        return reportOf(job, done, rules)
      } finally {
        await rm(folder, { recursive: true, force: true })
      }
    })
  }

  async write(job: CopiesJob, to: string): Promise<CopiesReport & { readonly folder: string }> {
    return this.#alone(async (signal) => {
      const folder = await freeName(to, safeFileName(job.name))
      const done = await this.#clean(job, join(to, folder), signal)
      return { ...reportOf(job, done, done), folder }
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

  async #clean({ from, run, action }: CopiesJob, out: string, signal: AbortSignal): Promise<Done> {
    const { entry, onWorking } = this.#options
    const outcome = await runTask(
      {
        kind: 'deidentify',
        ...{ input: from, out, actions: { byKind: {}, other: action }, columns: null, groupColumn: null },
        ...{ renames: false, visible: SHOWN, found: 0, mappingFile: null },
        modelFolder: run === null ? null : await this.#options.modelFolder(run)
      },
      {
        entry,
        signal,
        onEvent: (news) => {
          if (news.event === 'progress') onWorking({ phase: news.phase, done: news.done, total: news.total })
        }
      }
    )
    if (signal.aborted) throw new InputError('stopped', 'You stopped it. Nothing was written.')
    return finishedOf(outcome) as unknown as Done // Made by deidentifyFiles.
  }
}

function reportOf({ name }: CopiesJob, { files, counts, left_out, visible, visible_all }: Done, rules: Done): CopiesReport {
  const kinds = Object.entries(counts).map(([kind, passages]): CopiesKind => ({
    kind,
    passages,
    byRules: rules.counts[kind] ?? 0
  }))
  return {
    name,
    files: files.length,
    kinds: kinds.filter(({ passages }) => passages > 0).sort((a, b) => b.passages - a.passages),
    leftOut: left_out.map(({ file, reason }) => ({ file, place: null, reason })),
    visible,
    visibleAll: visible_all
  }
}

/** A name that nothing in the folder has. */
async function freeName(folder: string, name: string): Promise<string> {
  for (let n = 1; ; n++) {
    const free = n === 1 ? `${name} without personal data` : `${name} without personal data ${n}`
    if ((await stat(join(folder, free)).catch(() => null)) === null) return free
  }
}
