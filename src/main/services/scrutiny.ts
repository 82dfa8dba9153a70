import type { DatasetId } from '../../preload/contract/common.ts'
import type { CloserLook, ScrutinyEvents } from '../../preload/contract/scrutiny.ts'
import { InputError } from '../base/errors.ts'
import type { FindingRows } from '../data/datasets/finding-rows.ts'
import { withOwnName } from '../data/own-name.ts'
import type { Datasets } from '../data/datasets/datasets.ts'
import { finishedOf } from '../runs/outcome.ts'
import type { LiveEvent } from '../runs/read-event.ts'
import { runTaskBehind as runTask } from '../runs/supervisor.ts'
import type { CloseFinding } from '../worker/scrutiny/scrutiny-types.ts'
import { keepLook, keptLook } from './kept-looks.ts'

/** Looks that are held in memory: what they found is a few megabytes at most. */
const MOST_KEPT = 10

interface Look {
  readonly control: AbortController
  readonly findings: Promise<readonly CloseFinding[]>
  /** Set once it is done. */
  done: readonly CloseFinding[] | null
}

interface ScrutinyOptions {
  readonly datasets: Datasets
  /** The trainer's program: tables are looked at in a process of its own. */
  readonly entry: string
  readonly onLooking: (news: ScrutinyEvents['looking']) => void
}

/** Closer looks at data sets, each made when it is asked for and kept with the version: a version never changes. */
export class Scrutiny {
  readonly #options: ScrutinyOptions
  /** Looks of this session, also those that are under way, by data set and roles. */
  readonly #looks = new Map<string, Look>()

  constructor(options: ScrutinyOptions) {
    this.#options = options
  }

  async known(id: DatasetId): Promise<CloserLook | null> {
    const done = await this.#found(id)
    return done ? this.#lookOf(id, done) : null
  }

  /** Throws an InputError where the roles are not chosen yet, or somebody stopped it. */
  async look(id: DatasetId): Promise<CloserLook> {
    const key = this.#keyOf(id)
    const known = this.#looks.get(key) ?? this.#begin(id, key)
    return this.#lookOf(id, await known.findings)
  }

  /** Throws an InputError for a data set that is not there. */
  stop(id: DatasetId): void {
    this.#looks.get(this.#keyOf(id))?.control.abort()
  }

  /** The rows of a finding of a look; null where it is none of these. */
  async rowsOf(id: DatasetId, code: string): Promise<(FindingRows & { readonly remarks: readonly string[] | null }) | null> {
    const found = (await this.#found(id))?.find((each) => each.code === code)
    return found ? { lines: found.lines, fixes: found.fixes, remarks: found.remarks } : null
  }

  dispose(): void {
    for (const { control } of this.#looks.values()) control.abort()
  }

  /** What was found in this session or an earlier one; null where nobody looked, or a look is under way. */
  async #found(id: DatasetId): Promise<readonly CloseFinding[] | null> {
    const key = this.#keyOf(id)
    const known = this.#looks.get(key)
    if (known) return known.done
    const { datasets } = this.#options
    const kept = await keptLook(datasets.rowsPathOf(id), datasets.get(id).roles)
    if (kept && !this.#looks.has(key))
      this.#remember(key, { control: new AbortController(), findings: Promise.resolve(kept), done: kept })
    return kept
  }

  #remember(key: string, look: Look): void {
    this.#looks.set(key, look)
    for (const [oldest, { done }] of this.#looks) if (this.#looks.size > MOST_KEPT && done) this.#looks.delete(oldest)
  }

  #keyOf(id: DatasetId): string {
    return JSON.stringify([id, this.#options.datasets.get(id).roles])
  }

  #lookOf(id: DatasetId, findings: readonly CloseFinding[]): CloserLook {
    const { name } = this.#options.datasets.get(id)
    return {
      id,
      findings: findings.map(({ code, sentence, rows, weight, lines, fixes }) => ({
        code,
        sentence: withOwnName(sentence, name),
        rows,
        weight,
        hasRows: lines.length > 0,
        fixes: Object.keys(fixes) as (keyof typeof fixes)[] // Their own keys.
      }))
    }
  }

  #begin(id: DatasetId, key: string): Look {
    const { datasets } = this.#options
    const { columns, rows, roles } = datasets.get(id)
    if (roles.text === null || roles.answer === null)
      throw new InputError('scrutiny-roles', 'Choose the column with the text and the one with the answer first.')
    const input = { rowsPath: datasets.rowsPathOf(id), columns: columns.map(({ name }) => name), roles, rows }
    const control = new AbortController()
    const asked = this.#ask(id, { kind: 'scrutinise', input }, control.signal)
    const findings = asked.then(async (found) => {
      await keepLook(input.rowsPath, roles, found)
      return found
    })
    const look: Look = { control, done: null, findings }
    this.#remember(key, look)
    look.findings.then(
      (findings) => {
        look.done = findings
      },
      // What failed or was given up may go better another time.
      () => this.#looks.delete(key)
    )
    return look
  }

  async #ask(id: DatasetId, task: Parameters<typeof runTask>[0], killSignal: AbortSignal): Promise<readonly CloseFinding[]> {
    const onEvent = (news: LiveEvent): void => {
      if (news.event === 'progress') this.#options.onLooking({ id, phase: news.phase, done: news.done, total: news.total })
    }
    const outcome = await runTask(task, { entry: this.#options.entry, onEvent, killSignal })
    if (killSignal.aborted) throw new InputError('stopped', 'You stopped looking closer.')
    return finishedOf(outcome)['findings'] as readonly CloseFinding[] // Made by scrutinise.
  }
}
