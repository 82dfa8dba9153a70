import type { DatasetId, RunId } from '../../../preload/contract/common.ts'
import type { AnsweredDocument, QuestionPage, QuestionRequest, QuestionReview } from '../../../preload/contract/questions.ts'
import type { Groups, VerdictSummary } from '../../../preload/contract/results.ts'
import { InputError } from '../../base/errors.ts'
import type { Datasets } from '../../data/datasets/datasets.ts'
import { readAnswers, type StoredAnswers } from '../../report/stored-answers.ts'
import { KeyedVerdicts, type ChangeRun, type ToJudge } from '../keyed-verdicts.ts'
import type { StoredResults, TestedRun } from '../stored-results.ts'
import type { Verdicts } from '../verdicts.ts'
import { correctedAnswers } from './corrected-answers.ts'
import { errorsOf, filteredErrors, keyedQuestions, noneCountsOf, type KeyedQuestion, type StoredError } from './errors.ts'
import { fixedQuestions, type Wordings } from '../../data/questions/recorded-questions.ts'
import type { GroupWish } from '../group-ways.ts'
import { questionGroups } from './groups.ts'
import { drawnMarks, readAgain, shownError, type ReadText } from './shown.ts'

export interface QuestionResultsOptions {
  readonly stored: StoredResults
  readonly verdicts: Verdicts
  readonly datasets: Pick<Datasets, 'cellsAt' | 'columnAt' | 'get' | 'textsAt'>
  readonly change: ChangeRun
}

interface Judged {
  readonly run: TestedRun
  readonly stored: StoredAnswers
  readonly wordings: Wordings
  readonly questions: readonly KeyedQuestion[]
  readonly errors: readonly StoredError[]
}

const MOST_ROWS_A_PAGE = 200

/** A tested run that answers questions, looked at question by question, from what it said when it was tested. */
export class QuestionResults {
  readonly #options: QuestionResultsOptions
  readonly #verdicts: KeyedVerdicts
  /** Of the run looked at last: a screen pages through them. */
  #last: Judged | undefined

  constructor(options: QuestionResultsOptions) {
    this.#options = options
    this.#verdicts = new KeyedVerdicts({ ...options, file: 'question-verdicts.json' })
  }

  async review(id: RunId): Promise<QuestionReview> {
    const { run, stored, errors, wordings } = await this.#judged(id)
    const { evaluation } = await this.#options.stored.report(id)
    if (evaluation?.kind !== 'answers') throw unkept()
    const { rows, documents, perQuestion, threshold, errors: byError } = evaluation
    return {
      questions: rows,
      documents,
      errors: errors.length,
      byError,
      fixed: perQuestion.map(({ name, rows: asked, answered, exact, f1 }) => ({
        ...{ name, wordings: wordings.get(name) ?? [], documents: asked, answered, exact, f1 }
      })),
      none: noneCountsOf(stored),
      threshold,
      verdicts: this.#verdicts.summary(run, await this.#verdicts.of(run.folder))
    }
  }

  async errors({ id, from, count, ...filter }: QuestionRequest): Promise<QuestionPage> {
    const judged = await this.#judged(id)
    const verdicts = await this.#verdicts.of(judged.run.folder)
    const kept = filteredErrors(judged.errors, filter, verdicts)
    const shown = kept.slice(from, from + Math.min(count, MOST_ROWS_A_PAGE))
    const read = await this.#read(judged, shown)
    const rows = shown.map((error, i) => shownError(error, read[i] ?? null, verdicts.get(error.key) ?? null))
    return { total: kept.length, from, rows }
  }

  async document({ id, key }: { readonly id: RunId; readonly key: string }): Promise<AnsweredDocument> {
    const judged = await this.#judged(id)
    const found = judged.questions.find((each) => each.key === key)
    if (!found) throw new InputError('bad-request', 'The page asked for something that Attune does not understand. Reload it.')
    const { line, asked } = found
    const [read = null] = await this.#read(judged, [found])
    const text = read?.text ?? ''
    return { key, line, name: asked.question ?? null, words: read?.words ?? '', text, marks: read ? drawnMarks(text, asked) : [] }
  }

  /** Says what is wrong with an error, or takes that back. */
  async judge(request: ToJudge): Promise<VerdictSummary> {
    const { errors } = await this.#judged(request.id)
    return this.#verdicts.judge(request, errors, (run, line, wrong) => this.#corrected(run, line, wrong))
  }

  /** Makes a version of the data with the right answers. */
  revise(id: RunId): Promise<DatasetId> {
    return this.#verdicts.revise(id)
  }

  async groups({ id, ...wish }: GroupWish & { readonly id: RunId }): Promise<Groups> {
    const { run, stored } = await this.#judged(id)
    return questionGroups(stored, run.dataset_id, this.#options.datasets, wish)
  }

  /** The cell of a line with what the model said in the place of answers that are wrong. */
  async #corrected({ dataset_id: dataset }: TestedRun, line: number, wrong: readonly StoredError[]): Promise<string> {
    const { datasets } = this.#options
    const { answer, text } = datasets.get(dataset).roles
    const cells = await datasets.cellsAt(dataset, line)
    if (answer === null || text === null)
      throw new InputError('dataset-answerless', 'The data have no answer column any more. Choose it on the Data screen.')
    const points = Array.from(cells.get(text) ?? '')
    return wrong.reduce(
      (cell, { asked: { question, said } }) => {
        const right = said && { ...said, text: points.slice(said.start, said.end).join('') }
        return correctedAnswers(cell, { name: question ?? null, said: right })
      },
      cells.get(answer) ?? ''
    )
  }

  /** The documents and questions of these, where they are still the ones that were asked; null for those that are gone. */
  async #read({ run, wordings }: Judged, questions: readonly KeyedQuestion[]): Promise<readonly (ReadText | null)[]> {
    const lines = [...new Set(questions.map(({ line }) => line))]
    const [texts, own] = await Promise.all([
      this.#texts(run, lines, 'text'),
      wordings.size > 0 ? new Map<number, string>() : this.#texts(run, lines, 'textPair')
    ])
    return questions.map(({ line, asked }) => {
      const words = asked.question === undefined ? [own.get(line) ?? ''] : (wordings.get(asked.question) ?? [])
      return readAgain(asked, texts.get(line) ?? '', words)
    })
  }

  async #texts(
    { dataset_id }: TestedRun,
    lines: readonly number[],
    role: 'text' | 'textPair'
  ): Promise<ReadonlyMap<number, string>> {
    return this.#options.datasets.textsAt(dataset_id, lines, role).catch((error: unknown) => {
      // The data are gone; what was said of them is still counted.
      if (error instanceof InputError) return new Map<number, string>()
      throw error
    })
  }

  async #judged(id: RunId): Promise<Judged> {
    const run = this.#options.stored.run(id)
    if (this.#last?.run.id === id) return { ...this.#last, run }
    const stored = await readAnswers(run.folder, 'test')
    if (stored === null) throw unkept()
    const questions = keyedQuestions(stored)
    const judged = { run, stored, wordings: await fixedQuestions(run.folder), questions, errors: errorsOf(questions) }
    this.#last = judged
    return judged
  }
}

const unkept = (): InputError =>
  new InputError('predictions-missing', 'This run did not keep what it said to the test questions. Train it again.')
