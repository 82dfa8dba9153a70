import type { TrainedId, DatasetId, RunId } from '../../preload/contract/common.ts'
import type { Roles } from '../../preload/contract/data.ts'
import type {
  Attribution,
  CalibrationView,
  Groups,
  ReportPage,
  Review,
  ReviewPage,
  ReviewRequest,
  ReviewRow,
  Verdict,
  VerdictSummary
} from '../../preload/contract/results.ts'
import { defined } from '../base/assert.ts'
import { InputError } from '../base/errors.ts'
import { writeFile } from '../base/sealed/fs.ts'
import type { Datasets } from '../data/datasets/datasets.ts'
import { readDecision } from '../report/fixed-decision.ts'
import type { PredictedPart, StoredPredictions } from '../report/predictions.ts'
import type { NamedClass } from '../report/quotable.ts'
import { renderHtml } from '../report/html.ts'
import { writeReportFiles } from '../report/report-files.ts'
import { runResult, type ReportedResult } from '../report/run-result.ts'
import type { WritableDb } from '../tracker/tracker.ts'
import { afterTestOf } from './after-test.ts'
import { reportPage } from './report-page.ts'
import { Deciding } from './deciding.ts'
import { groupsOf, type GroupWish } from './group-ways.ts'
import { calibrationOf } from './reliability.ts'
import { PassageResults } from './passages/passages.ts'
import { QuestionResults } from './questions/questions.ts'
import { foundByBaselines, nounOf } from './named-class.ts'
import { filtered, kindsOf, type JudgedRow } from './review-rows.ts'
import { StoredResults, type TestedRun } from './stored-results.ts'
import { Verdicts } from './verdicts.ts'
import type { VerdictRow } from '../tracker/queries/verdicts.ts'
import type { FinishedEvent, TrainerTask } from '../worker/protocol.ts'

export interface ResultsOptions {
  readonly db: WritableDb
  readonly datasets: Pick<Datasets, 'cellsAt' | 'columnAt' | 'get' | 'revise' | 'textsAt'>
  /** Has a trainer of its own do a task. Throws an InputError where it cannot. */
  readonly ask: (task: TrainerTask) => Promise<FinishedEvent>
  /** Where a model lies that came with its training; null for a run. */
  readonly trainedModel: (id: TrainedId) => Promise<{ readonly folder: string; readonly pair: string | null } | null>
  /** Where files go that the person saves. */
  readonly outbox: { readonly newPath: (ending: string) => string; readonly offer: (path: string, name: string) => string }
  /** ISO 8601. */
  readonly now: () => string
}

export interface VerdictToGive {
  readonly id: RunId
  readonly line: number
  readonly verdict: Verdict | null
}

export interface TextToAttribute {
  readonly id: TrainedId
  /** Null: the text is in no data set. */
  readonly line: number | null
  readonly text: string
  /** The second text, for one that is in no data set. */
  readonly pair: string | null
}

const MOST_ROWS_A_PAGE = 200

/** A tested run looked at again: row by row, by threshold and by group, from what it answered when it was tested. */
export class Results {
  readonly #options: ResultsOptions
  readonly #stored: StoredResults
  readonly #verdicts: Verdicts
  /** Thresholds, and what goes to a person. */
  readonly deciding: Deciding
  /** Runs that mark passages. */
  readonly passages: PassageResults
  /** Runs that answer questions. */
  readonly questions: QuestionResults
  #changing: Promise<void> = Promise.resolve()

  constructor(options: ResultsOptions) {
    this.#options = options
    this.#stored = new StoredResults(options.db)
    this.#verdicts = new Verdicts(options)
    const change = (id: string, work: (run: TestedRun) => Promise<void>): Promise<void> => this.#change(id, work)
    this.deciding = new Deciding({ stored: this.#stored, change, now: options.now })
    const each = { stored: this.#stored, verdicts: this.#verdicts, datasets: options.datasets, change }
    this.passages = new PassageResults(each)
    this.questions = new QuestionResults(each)
  }

  /** Where a run's files lie. Throws an InputError where there are none. */
  folderOf(id: string): string {
    return this.#stored.run(id).folder
  }

  /** The run's report in words, its must-not-miss class first. */
  async result(id: string): Promise<ReportedResult> {
    const report = await this.#stored.report(id)
    const stored = await this.#stored.predictions(id, 'test')
    const testLooks = await this.#stored.looks(this.#stored.run(id), report)
    return { ...runResult(report, this.#named(id, stored)), testLooks }
  }

  async review(id: RunId): Promise<Review> {
    const { run, rows, isWhole } = await this.#stored.judged(id)
    const errors = rows.filter(({ isRight }) => !isRight).length
    return { isWhole, rows: rows.length, errors, kinds: kindsOf(rows), verdicts: this.#verdicts.summary(run) }
  }

  async rows({ id, from, count, ...filter }: ReviewRequest): Promise<ReviewPage> {
    const { rows, run } = await this.#stored.judged(id)
    const verdicts = this.#verdicts.of(id)
    const kept = filtered(rows, filter, ({ line }) => verdicts.has(line))
    const shown = kept.slice(from, from + Math.min(count, MOST_ROWS_A_PAGE))
    const texts = await this.#options.datasets.textsAt(
      run.dataset_id,
      shown.map(({ line }) => line)
    )
    const whole = (row: JudgedRow): ReviewRow => {
      const verdict = verdicts.get(row.line)
      return { ...row, text: texts.get(row.line) ?? '', verdict: verdict ? verdictOf(verdict) : null }
    }
    return { total: kept.length, from, rows: shown.map(whole) }
  }

  /** Says what is wrong with a row, or takes that back. */
  async judge({ id, line, verdict }: VerdictToGive): Promise<VerdictSummary> {
    await this.#change(id, (run) => this.#verdicts.give(run, line, verdict))
    return this.#verdicts.summary(this.#stored.run(id))
  }

  /** Makes a version of the data with the right labels. */
  async revise(id: RunId): Promise<DatasetId> {
    let made: DatasetId | null = null
    await this.#change(id, async (run) => {
      made = await this.#verdicts.revise(run)
    })
    return defined<DatasetId>(made, 'the new version')
  }

  /** What the words of a text speak for or against, by a trainer of its own. */
  async attribute({ id, line, text, pair: given }: TextToAttribute): Promise<Attribution> {
    const model = await this.#options.trainedModel(id)
    if (model) return this.#attributed(model.folder, text, withPair(given, model.pair !== null))
    const { folder, dataset_id } = this.#stored.run(id)
    const pair = line === null ? withPair(given, this.#readsPairs(dataset_id)) : await this.#pairOf(dataset_id, line)
    return this.#attributed(folder, text, pair)
  }

  async #attributed(folder: string, text: string, pair: string | null): Promise<Attribution> {
    const finished = await this.#options.ask({ kind: 'attribute', runFolder: folder, text, pair })
    const { label, words } = finished as unknown as Attribution // Made by the trainer.
    return { label, words }
  }

  /** The second text of a row, which the answer to it rests on too; null where the task has none. */
  async #pairOf(dataset: string, line: number): Promise<string | null> {
    if (!this.#readsPairs(dataset)) return null
    return (await this.#options.datasets.textsAt(dataset, [line], 'textPair')).get(line) ?? ''
  }

  /** A data set that is gone has nothing to say of it. */
  #readsPairs(dataset: string): boolean {
    return this.#rolesOf(dataset)?.textPair != null
  }

  async reportPage(id: RunId): Promise<ReportPage> {
    return reportPage(await this.#stored.report(id))
  }

  /** A ticket for the report as one HTML file. */
  async reportFile(id: RunId): Promise<string> {
    const { outbox } = this.#options
    const path = outbox.newPath('.html')
    await writeFile(path, renderHtml(await this.#stored.report(id)), { mode: 0o600 })
    return outbox.offer(path, `${this.#stored.run(id).name}.html`)
  }

  /** How far the model's confidence can be trusted: fitted on validation, checked on the test. */
  async calibration(id: RunId): Promise<CalibrationView> {
    const { calibration } = await this.#stored.report(id)
    const part = (name: PredictedPart): Promise<StoredPredictions | null> => this.#stored.predictions(id, name)
    return calibrationOf(await part('validation'), await part('test'), calibration.temperatures)
  }

  async groups({ id, ...wish }: GroupWish & { readonly id: RunId }): Promise<Groups> {
    const stored = await this.#stored.predictions(id, 'test')
    if (stored === null)
      throw new InputError('predictions-missing', 'This run did not keep its answers to the test rows. Train it again.')
    return groupsOf(stored, this.#stored.run(id).dataset_id, this.#options.datasets, wish)
  }

  /** One change of a run's folder after the other: two pages' clicks must not lose each other. */
  async #change(id: string, work: (run: TestedRun) => Promise<void>): Promise<void> {
    const before = this.#changing
    const mine = before.then(async () => {
      await work(this.#stored.run(id))
      await this.#tellReport(id)
    })
    // The next change waits for this one, whatever became of it; who asked hears of the failure.
    this.#changing = mine.catch(() => undefined)
    await mine
  }

  /** Writes on the run's report what was decided and corrected since its test. */
  async #tellReport(id: string): Promise<void> {
    const run = this.#stored.run(id)
    const report = await this.#stored.report(id)
    const looks = await this.#stored.looks(run, report)
    const after = afterTestOf(await readDecision(run.folder), this.#verdicts.summary(run), looks)
    await writeReportFiles(run.folder, { ...report, after })
  }

  #named(id: string, stored: StoredPredictions | null): NamedClass | null {
    const { must_not_miss: name, dataset_id } = this.#stored.run(id)
    if (name === null) return null
    return { name, noun: this.#noun(dataset_id), foundBy: stored === null ? [] : foundByBaselines(stored, name) }
  }

  /** What one row is called: its text column, or a row where the data set is gone. */
  #noun(dataset: string): string {
    return nounOf(this.#rolesOf(dataset)?.text ?? null)
  }

  #rolesOf(dataset: string): Roles | null {
    try {
      return this.#options.datasets.get(dataset).roles
    } catch (error) {
      if (error instanceof InputError) return null
      throw error
    }
  }
}

const verdictOf = ({ kind, right_answer: rightAnswer, note }: VerdictRow): Verdict => ({ kind, rightAnswer, note })

/** The second text that was given. Throws an InputError where one is needed and there is none. */
function withPair(pair: string | null, readsPairs: boolean): string | null {
  if (pair === null && readsPairs)
    throw new InputError(
      'attribute-pair',
      'This run answers two texts together: bring a table with both, or open a row of its test.'
    )
  return pair
}
