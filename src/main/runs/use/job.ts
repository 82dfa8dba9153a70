import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { AnswererId } from '../../../preload/contract/common.ts'
import type { UseApi, UseFormat, UseId, UseJob, UseMeasure, UseRow, UseState, UseText, UseThreshold } from '../../../preload/contract/use.ts'
import { InputError } from '../../base/errors.ts'
import { readRows } from '../../data/datasets/rows-file.ts'
import { foundIn } from '../../data/marks/found-marks.ts'
import { withOwnName } from '../../data/own-name.ts'
import type { Outcome, ProgressEvent, TrainerTask } from '../../worker/protocol.ts'
import { countBelow, readOrder, rowsBySureness, rowsInOrder, type Order, type Pages } from './answers-file.ts'
import type { GivenFile, UseInputFiles } from './open-input.ts'
import { askedAs, shownAnswers, type Asking } from './asking.ts'
import type { UsedRun } from './run-facts.ts'

/** The sureness from which an answer does without a person where nobody fixed another. */
const USUAL_THRESHOLD = 0.7

type Start = Parameters<UseApi['start']>[0]
type Used = UsedRun & { readonly id?: AnswererId }

type SavedFacts = Extract<TrainerTask, { kind: 'save-answers' }>['facts']

interface Ended {
  readonly done: number
  readonly empty: number
  readonly cut: number
  readonly stopped: boolean
  readonly hasSureness: boolean
  readonly measure: UseMeasure | null
  /** Of a run that marks. */
  readonly passages?: number
  /** Of a run that answers questions: how many were asked, and how many have no answer. */
  readonly answers?: number
  readonly unanswered?: number
}

const nothing = { done: 0, empty: 0, cut: 0, stopped: false, hasSureness: false, measure: null }

/** Rows and, once it is through, their answers. */
export class Job {
  readonly id: UseId
  readonly folder: string
  readonly files: readonly GivenFile[]
  readonly input: UseInputFiles
  run: Used
  progress: ProgressEvent | null = null
  #state: UseState = 'ready'
  #columns: { text: string; pair: string | null; answer: string | null }
  #questions: Asking['questions'] = null
  #threshold: UseThreshold
  #ended: Ended = nothing
  #order: Order | null = null
  #problem: string | null = null
  #stopping = new AbortController()
  #round = 0

  constructor(id: UseId, folder: string, files: readonly GivenFile[], input: UseInputFiles, run: Used, fixed: number | null) {
    this.id = id
    this.folder = folder
    this.files = files
    this.input = input
    this.run = run
    this.#columns = input.guess
    this.#threshold = thresholdFrom(fixed)
  }

  get state(): UseState {
    return this.#state
  }

  get kind(): UseJob['kind'] {
    return this.input.kind
  }

  get name(): string {
    return this.input.name
  }

  get runId(): string {
    return this.run.id ?? ''
  }

  get signal(): AbortSignal {
    return this.#stopping.signal
  }

  /** The task that answers these rows. Throws an InputError for columns that are not there. */
  begin({ text, answer, limit, ...wish }: Start, run: Used, fixed: number | null, looksFolder: string): Extract<TrainerTask, { kind: 'use' }> {
    const placeOf = (column: string | null): number | null => (column === null ? null : this.#place(column))
    const { pair, questions } = askedAs(run, wish)
    const columns = { text: this.#place(text), pair: placeOf(pair), answer: placeOf(answer) }
    if (run.id !== this.run.id) this.#threshold = thresholdFrom(fixed)
    this.run = run
    this.#columns = { text, pair, answer }
    this.#questions = questions
    this.#state = 'answering'
    this.#stopping = new AbortController()
    this.#problem = null
    this.#round++
    this.progress = { event: 'progress', phase: 'predicting', done: 0, total: this.#rowsUpTo(limit) }
    const { rowsFile } = this.input
    const rows = this.#rowsUpTo(limit)
    return { kind: 'use', runFolder: run.folder, rowsFile, columns, rows, questions, outFile: this.#answersFile(), looksFolder }
  }

  async end(outcome: Outcome): Promise<void> {
    this.progress = null
    if (outcome.event === 'failed') {
      this.#state = outcome.exitCode === 130 ? 'stopped' : 'failed'
      this.#ended = nothing
      this.#problem = outcome.exitCode === 1 ? 'The answers could not be made. Try again; nothing of yours was changed.' : withOwnName(outcome.inApp ?? outcome.message, this.input.name)
      return
    }
    this.#ended = outcome as unknown as Ended // Made by useModel.
    this.#order = await readOrder(this.#answersFile())
    this.#state = this.#ended.stopped ? 'stopped' : 'answered'
  }

  stop(): void {
    this.#stopping.abort()
  }

  setThreshold(value: number): void {
    this.#threshold = { value, source: 'usual' }
  }

  async rows(from: number, count: number, unsureFirst: boolean): Promise<readonly UseRow[]> {
    if (unsureFirst && this.#order) return rowsBySureness(this.#pages(), this.#order, from, count)
    return rowsInOrder(this.#pages(), from, count)
  }

  /** A whole row; `place` counts as in `rows`. Throws an InputError where there is none. */
  async text(place: number, unsureFirst: boolean): Promise<UseText> {
    const row = unsureFirst && this.#order ? this.#order.rows[place] : place
    const [found] = row === undefined ? [] : await readRows(this.input.rowsFile, row, 1)
    if (!found) throw new InputError('use-gone', 'These documents are no longer at hand. Choose them again.')
    const { text, pair } = this.#columns
    const cell = row === undefined ? null : await this.#cellOf(row)
    return {
      text: found.cells[this.#place(text)] ?? '',
      pair: pair === null ? null : (found.cells[this.#place(pair)] ?? ''),
      marks: this.run.marks && cell !== null ? foundIn(cell).map(({ start, end, label, sure }) => ({ start, end, kind: label, sure })) : null,
      answers: this.run.asks && cell !== null ? shownAnswers(cell) : null
    }
  }

  /** The task that writes a file of answers. Throws an InputError where there are none, and for a form that does not hold them. */
  saving(format: UseFormat, path: string, facts: SavedFacts): Extract<TrainerTask, { kind: 'save-answers' | 'save-marks' | 'save-asked' }> {
    const { done, hasSureness, passages = 0 } = this.#ended
    if (done === 0 || this.#state === 'answering')
      throw new InputError('use-unanswered', 'There are no answers to save yet. Let them be made first.')
    const { rowsFile, columns } = this.input
    const { marks, asks, classNames } = this.run
    const common = { rowsFile, answersFile: this.#answersFile(), rows: done, columns, path, facts }
    const { value } = this.#threshold
    const text = this.#place(this.#columns.text)
    if (marks) return { kind: 'save-marks', ...common, text, threshold: value, format, passages }
    if (format !== 'xlsx' && format !== 'csv')
      throw new InputError('use-format', 'Only what a run marked can be saved as marks. Save these answers as a table.')
    const questions = this.#questions?.map(({ name }) => name) ?? null
    if (asks) return { kind: 'save-asked', ...common, text, questions, threshold: value, format }
    return { kind: 'save-answers', ...common, classNames, threshold: hasSureness ? value : null, format }
  }

  summary(): UseJob {
    const { done, empty, cut, hasSureness, measure, passages = 0, answers = 0, unanswered = 0 } = this.#ended
    const { id, input, progress, run } = this
    const isAnswering = this.#state === 'answering'
    return {
      id,
      name: input.name,
      kind: input.kind,
      rows: input.rows,
      columns: input.columns,
      ...this.#columns,
      needsPair: run.pair !== null && run.asks === null,
      marks: run.marks ? { kinds: run.classNames, passages: isAnswering ? 0 : passages } : null,
      asks: run.asks,
      answers: isAnswering ? { given: 0, none: 0 } : { given: answers, none: unanswered },
      leftOut: input.leftOut,
      state: this.#state,
      progress: progress && { phase: progress.phase, done: progress.done, total: progress.total },
      done: isAnswering ? 0 : done,
      emptyRows: empty,
      cutRows: cut,
      threshold: this.#threshold,
      forPerson: isAnswering || !hasSureness || !this.#order ? null : countBelow(this.#order, this.#threshold.value),
      measure: isAnswering ? null : measure,
      problem: this.#problem
    }
  }

  /** Ends what is under way and forgets the rows. */
  async dispose(): Promise<void> {
    this.stop()
    await rm(this.folder, { recursive: true, force: true })
  }

  /** A file of its own for each round: a stopped one may still be writing to the last. */
  #answersFile(): string {
    return join(this.folder, `answers-${this.#round}.jsonl`)
  }

  #pages(): Pages {
    const { rowsFile, columns } = this.input
    const done = this.#state === 'answering' ? 0 : this.#ended.done
    const { marks, asks } = this.run
    const holds = marks ? 'marks' : asks ? 'answers' : 'labels'
    return { rowsFile, answersFile: this.#answersFile(), textAt: columns.indexOf(this.#columns.text), done, holds }
  }

  /** What was found in a row; null where nobody looked. */
  async #cellOf(row: number): Promise<string | null> {
    if (this.#state === 'answering' || row >= this.#ended.done) return null
    const [answer] = await readRows(this.#answersFile(), row, 1)
    return answer?.cells[0] ?? null
  }

  #rowsUpTo(limit: number | null): number {
    return limit === null ? this.input.rows : Math.min(limit, this.input.rows)
  }

  #place(column: string): number {
    const place = this.input.columns.indexOf(column)
    if (place !== -1) return place
    throw new InputError('use-column', `The table has no column '${column}'. Choose another.`)
  }
}

const thresholdFrom = (fixed: number | null): UseThreshold =>
  fixed === null ? { value: USUAL_THRESHOLD, source: 'usual' } : { value: fixed, source: 'fixed' }
