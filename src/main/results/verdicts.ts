import { join } from 'node:path'
import type { DatasetId } from '../../preload/contract/common.ts'
import type { Verdict, VerdictSummary } from '../../preload/contract/results.ts'
import { InputError, systemCodeOf } from '../base/errors.ts'
import { readFile } from '../base/sealed/fs.ts'
import { writeJsonAtomic } from '../base/files.ts'
import type { Datasets } from '../data/datasets/datasets.ts'
import { replaceVerdicts, verdictsIn, verdictsOfRun, type VerdictRow } from '../tracker/queries/verdicts.ts'
import type { WritableDb } from '../tracker/tracker.ts'
import type { TestedRun } from './stored-results.ts'

const fileName = 'verdicts.json'

export interface VerdictsOptions {
  readonly db: WritableDb
  readonly datasets: Pick<Datasets, 'get' | 'revise'>
  /** ISO 8601. */
  readonly now: () => string
}

/** What people say of a run's answers. The run's folder holds it; the tracker is its index. */
export class Verdicts {
  readonly #options: VerdictsOptions

  constructor(options: VerdictsOptions) {
    this.#options = options
  }

  of(run: string): ReadonlyMap<number, VerdictRow> {
    return new Map(verdictsOfRun(this.#options.db, run).map((row) => [row.line, row]))
  }

  /** Gives a verdict on a line, or takes it back. A correction that a version of the data already holds must be taken back there. */
  async give(run: TestedRun, line: number, verdict: Verdict | null): Promise<void> {
    const rows = [...this.of(run.id).values()]
    const before = rows.find((row) => row.line === line)
    const others = rows.filter((row) => row.line !== line)
    if (verdict === null) return this.#save(run, others)
    const { kind, note } = verdict
    const right_answer = kind === 'label-wrong' ? verdict.rightAnswer : null
    // The label in the newest version stays what it was changed to unless it is changed again.
    const isTaken = before?.dataset_id != null && before.right_answer === right_answer
    const dataset_id = isTaken ? before.dataset_id : null
    const given_at = this.#options.now()
    await this.#save(run, [...others, { run_id: run.id, line, kind, right_answer, note, given_at, dataset_id }])
  }

  /** Makes a version of the data with the right answers that none holds yet. */
  async revise(run: TestedRun): Promise<DatasetId> {
    const rows = [...this.of(run.id).values()]
    const waiting = rows.filter(isWaiting)
    if (waiting.length === 0)
      throw new InputError('verdicts-none', 'No label is marked as wrong. Mark one and say what it should be.')
    const from = newestOf(rows) ?? run.dataset_id
    const { datasets } = this.#options
    const { id, roles } = datasets.get(from)
    const column = roles.answer
    if (column === null)
      throw new InputError('dataset-answerless', 'The data have no answer column any more. Choose it on the Data screen.')
    const cells = waiting.map(({ line, right_answer }) => ({ line, column, value: right_answer ?? '' }))
    const revised = await datasets.revise({ id, edits: [{ kind: 'set', cells }], note: null })
    const taken = rows.map((row) => (isWaiting(row) ? { ...row, dataset_id: revised.id } : row))
    await this.#save(run, taken)
    return revised.id
  }

  summary(run: TestedRun): VerdictSummary {
    const rows = [...this.of(run.id).values()]
    const countOf = (kind: Verdict['kind']): number => rows.filter((row) => row.kind === kind).length
    const taken = rows.filter(({ dataset_id }) => dataset_id !== null)
    return {
      labelWrong: countOf('label-wrong'),
      modelWrong: countOf('model-wrong'),
      unclear: countOf('unclear'),
      waiting: rows.filter(isWaiting).length,
      dataset: newestOf(rows),
      changedAfter: taken.length,
      changedBefore: this.#changedBefore(run)
    }
  }

  /** Labels that errors of earlier runs had changed in the data this run was made from. */
  #changedBefore({ id, dataset_id }: TestedRun): number {
    const lineage = this.#lineage(dataset_id)
    const rows = verdictsIn(this.#options.db, lineage).filter(({ run_id }) => run_id !== id)
    return new Set(rows.map(({ line }) => line)).size
  }

  /** A data set and all that it was made from; only itself where it is gone. */
  #lineage(id: string): readonly string[] {
    const found: string[] = []
    for (let next: string | null = id; next !== null && !found.includes(next);) {
      found.push(next)
      next = this.#parentOf(next)
    }
    return found
  }

  #parentOf(id: string): string | null {
    try {
      return this.#options.datasets.get(id).parent
    } catch (error) {
      if (error instanceof InputError) return null
      throw error
    }
  }

  async #save(run: TestedRun, rows: readonly VerdictRow[]): Promise<void> {
    await writeJsonAtomic(join(run.folder, fileName), rows)
    replaceVerdicts(this.#options.db, run.id, rows)
  }
}

const isWaiting = ({ kind, right_answer, dataset_id }: VerdictRow): boolean =>
  kind === 'label-wrong' && right_answer !== null && dataset_id === null

/** The version that took up the latest correction. */
function newestOf(rows: readonly VerdictRow[]): DatasetId | null {
  const taken = rows.filter(({ dataset_id }) => dataset_id !== null).toSorted((a, b) => a.given_at.localeCompare(b.given_at))
  return (taken.at(-1)?.dataset_id ?? null) as DatasetId | null // Ids of data sets are all that the column holds.
}

/** Puts the verdicts of a run's folder into a tracker that is made again. */
export async function restoreVerdicts(db: WritableDb, run: string, folder: string): Promise<void> {
  const json = await readFile(join(folder, fileName), 'utf8').catch((error: unknown) => {
    if (systemCodeOf(error) === 'ENOENT') return '[]'
    throw error
  })
  replaceVerdicts(db, run, JSON.parse(json) as readonly VerdictRow[]) // Written by Verdicts.
}
