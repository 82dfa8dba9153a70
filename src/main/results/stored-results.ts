import { dirname } from 'node:path'
import { InputError } from '../base/errors.ts'
import { readPredictions, type PredictedPart, type StoredPredictions } from '../report/predictions.ts'
import { worstErrors } from '../report/run-result.ts'
import { storedReport } from '../report/stored-report.ts'
import { looksUntilNow, testLooks } from '../report/test-looks.ts'
import type { RunReport } from '../report/run-report.ts'
import { findRun, type RunRow } from '../tracker/queries/runs.ts'
import type { ReadableDb } from '../tracker/tracker.ts'
import { judgedRows, type JudgedRow } from './review-rows.ts'

/** A run that has been tested. */
export type TestedRun = RunRow & { readonly folder: string }

export interface JudgedRun {
  readonly run: TestedRun
  /** The worst first. */
  readonly rows: readonly JudgedRow[]
  /** Whether they are all the rows of the test. */
  readonly isWhole: boolean
}

/** What the folders of tested runs hold. The rows of the run looked at last stay in memory, since a screen pages through them. */
export class StoredResults {
  readonly #db: ReadableDb
  #last: JudgedRun | undefined

  constructor(db: ReadableDb) {
    this.#db = db
  }

  run(id: string): TestedRun {
    const row = findRun(this.#db, id)
    if (!row) throw new InputError('run-gone', 'This run is no longer there. It may have been discarded.')
    if (row.folder === null) throw unfinished()
    return { ...row, folder: row.folder }
  }

  async report(id: string): Promise<RunReport> {
    const report = await storedReport(this.run(id).folder)
    if (report === null) throw unfinished()
    return report
  }

  /** What the run answered to a part; null for runs made before that was kept. */
  async predictions(id: string, part: PredictedPart): Promise<StoredPredictions | null> {
    return readPredictions(this.run(id).folder, part)
  }

  /** Answers with classes, which alone thresholds are for. Throws an InputError that says what to do. */
  async forThresholds(id: string, part: PredictedPart): Promise<StoredPredictions> {
    const stored = await this.predictions(id, part)
    if (stored === null && (await this.report(id)).folds) throw folded()
    if (stored === null)
      throw new InputError('predictions-missing', 'This run did not keep its answers to the validation rows. Train it again.')
    if (stored.kind === 'regression')
      throw new InputError('threshold-task', 'A threshold needs classes. This run gives a number.')
    if (stored.lines.length === 0)
      throw new InputError('part-empty', `This run set no ${part} rows aside. Train again with some.`)
    return stored
  }

  /** How often this run's test rows have been consulted by any run until now. */
  async testLooks({ folder }: TestedRun, { splitHash }: Pick<StoredPredictions, 'splitHash'>): Promise<number> {
    return testLooks(dirname(folder), splitHash)
  }

  /** How often its test rows have been consulted until now, as `report` and the looks since say. */
  looks({ folder }: TestedRun, report: RunReport): Promise<number> {
    return looksUntilNow(folder, report)
  }

  /** Every row of the test, or the worst errors of its report where no more was kept. */
  async judged(id: string): Promise<JudgedRun> {
    const run = this.run(id)
    if (this.#last?.run.id === id) return { ...this.#last, run }
    const stored = await readPredictions(run.folder, 'test')
    const rows = stored === null ? await this.#worst(run) : judgedRows(stored)
    this.#last = { run, rows, isWhole: stored !== null }
    return this.#last
  }

  async #worst(run: TestedRun): Promise<readonly JudgedRow[]> {
    return worstErrors(await this.report(run.id))
  }
}

const folded = (): InputError =>
  new InputError(
    'run-folds',
    'This run was tested by folds and has no model to answer with, so that there is no threshold to fix. Train once without folds, then fix it there.'
  )

const unfinished = (): InputError =>
  new InputError('run-unfinished', 'This run has no result yet. Let it finish, or stop it and keep the best.')
