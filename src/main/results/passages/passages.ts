import { createHash } from 'node:crypto'
import type { DatasetId, RunId } from '../../../preload/contract/common.ts'
import type {
  Passage,
  PassageDocument,
  PassageError,
  PassagePage,
  PassageRequest,
  PassageReview,
  PassageVerdict
} from '../../../preload/contract/passages.ts'
import type { Groups, VerdictSummary } from '../../../preload/contract/results.ts'
import { InputError } from '../../base/errors.ts'
import type { Mark } from '../../base/mark.ts'
import type { Datasets } from '../../data/datasets/datasets.ts'
import { fromCodePoints } from '../../data/spans/span.ts'
import { isSameMark } from '../../engine/evaluation/index.ts'
import { readPassages, type StoredDocument, type StoredPassages } from '../../report/passages.ts'
import { KeyedVerdicts, type ChangeRun, type ToJudge } from '../keyed-verdicts.ts'
import type { StoredResults, TestedRun } from '../stored-results.ts'
import type { Verdicts } from '../verdicts.ts'
import { correctedCell } from './corrected-cell.ts'
import { confusionOf, errorsOf, filteredErrors, type StoredError } from './errors.ts'
import type { GroupWish } from '../group-ways.ts'
import { passageGroups } from './groups.ts'
import { kindsOf } from './kinds.ts'

export interface PassageResultsOptions {
  readonly stored: StoredResults
  readonly verdicts: Verdicts
  readonly datasets: Pick<Datasets, 'cellsAt' | 'columnAt' | 'get' | 'textsAt'>
  readonly change: ChangeRun
}

interface Judged {
  readonly run: TestedRun
  readonly stored: StoredPassages
  readonly errors: readonly StoredError[]
}

const MOST_ROWS_A_PAGE = 200
/** Characters that stand before and after a passage in a list. */
const AROUND = 32

/** A tested run that marks passages, looked at passage by passage, from what it marked when it was tested. */
export class PassageResults {
  readonly #options: PassageResultsOptions
  readonly #verdicts: KeyedVerdicts
  /** Of the run looked at last: a screen pages through them. */
  #last: Judged | undefined

  constructor(options: PassageResultsOptions) {
    this.#options = options
    this.#verdicts = new KeyedVerdicts({ ...options, file: 'passage-verdicts.json' })
  }

  async review(id: RunId): Promise<PassageReview> {
    const { run, stored, errors } = await this.#judged(id)
    const { evaluation } = await this.#options.stored.report(id)
    if (evaluation?.kind !== 'spans') throw unkept()
    const verdicts = await this.#verdicts.of(run.folder)
    return {
      documents: evaluation.rows,
      flawless: evaluation.flawless,
      errors: errors.length,
      byError: evaluation.errors,
      kinds: kindsOf(evaluation.perType),
      confusion: confusionOf(stored),
      verdicts: this.#verdicts.summary(run, verdicts)
    }
  }

  async errors({ id, from, count, ...filter }: PassageRequest): Promise<PassagePage> {
    const { run, stored, errors } = await this.#judged(id)
    const verdicts = await this.#verdicts.of(run.folder)
    const kept = filteredErrors(errors, filter, verdicts)
    const shown = kept.slice(from, from + Math.min(count, MOST_ROWS_A_PAGE))
    const texts = await this.#texts(
      run,
      stored,
      shown.map(({ line }) => line)
    )
    const rows = shown.map((error) => shownError(error, texts.get(error.line) ?? '', verdicts.get(error.key) ?? null))
    return { total: kept.length, from, rows }
  }

  async document({ id, line }: { readonly id: RunId; readonly line: number }): Promise<PassageDocument> {
    const { run, stored } = await this.#judged(id)
    const found = stored.documents.find((document) => document.line === line)
    const text = (await this.#texts(run, stored, [line])).get(line) ?? ''
    return { line, text, marks: found && text !== '' ? drawnMarks(text, found) : [] }
  }

  /** Says what is wrong with an error, or takes that back. */
  async judge(request: ToJudge): Promise<VerdictSummary> {
    const { errors } = await this.#judged(request.id)
    const { datasets } = this.#options
    return this.#verdicts.judge(request, errors, (run, line, wrong) => correctedCell(datasets, run.dataset_id, line, wrong))
  }

  /** Makes a version of the data with the right marks. */
  revise(id: RunId): Promise<DatasetId> {
    return this.#verdicts.revise(id)
  }

  async groups({ id, ...wish }: GroupWish & { readonly id: RunId }): Promise<Groups> {
    const { run, stored } = await this.#judged(id)
    return passageGroups(stored, run.dataset_id, this.#options.datasets, wish)
  }

  /** Texts by line, those alone that are still the ones that were marked. */
  async #texts(run: TestedRun, { documents }: StoredPassages, lines: readonly number[]): Promise<ReadonlyMap<number, string>> {
    const keys = new Map(documents.map(({ line, key }) => [line, key]))
    const texts = await this.#options.datasets.textsAt(run.dataset_id, [...new Set(lines)]).catch((error: unknown) => {
      // The data are gone; what was found in them is still counted.
      if (error instanceof InputError) return new Map<number, string>()
      throw error
    })
    return new Map([...texts].filter(([line, text]) => keyOf(text) === keys.get(line)))
  }

  async #judged(id: RunId): Promise<Judged> {
    const run = this.#options.stored.run(id)
    if (this.#last?.run.id === id) return { ...this.#last, run }
    const stored = await readPassages(run.folder, 'test')
    if (stored === null) throw unkept()
    this.#last = { run, stored, errors: errorsOf(stored) }
    return this.#last
  }
}

const unkept = (): InputError =>
  new InputError('predictions-missing', 'This run did not keep what it marked in the test documents. Train it again.')

const keyOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16)

/** Marks counted in code points, as the page counts. */
const inUnits = <M extends Mark>(text: string, marks: readonly M[]): readonly M[] => {
  const places = fromCodePoints(text, marks)
  return marks.map((mark, i) => ({ ...mark, start: places[i]?.start ?? 0, end: places[i]?.end ?? 0 }))
}

const passageOf = ({ start, end, label }: Mark): Passage => ({ start, end, kind: label })

function drawnMarks(text: string, { truth, said }: StoredDocument): PassageDocument['marks'] {
  const [there, found] = [inUnits(text, truth), inUnits(text, said)]
  const isIn = (marks: readonly Mark[], mark: Mark): boolean => marks.some((each) => isSameMark(each, mark))
  return [
    ...there.filter((mark) => !isIn(found, mark)).map((mark) => ({ ...passageOf(mark), state: 'true' as const, sure: null })),
    ...found.map((mark) => ({
      ...passageOf(mark),
      state: isIn(there, mark) ? ('right' as const) : ('found' as const),
      sure: mark.confidence
    }))
  ].sort((a, b) => a.start - b.start || b.end - a.end)
}

function shownError({ key, line, error, ...marks }: StoredError, text: string, verdict: PassageVerdict | null): PassageError {
  const unit = <M extends Mark>(mark: M | null): M | null => (mark && text !== '' ? (inUnits(text, [mark])[0] ?? null) : mark)
  const [truth, said] = [unit(marks.truth), unit(marks.said)]
  const all = [truth, said].filter((mark) => mark !== null)
  const [start, end] = [Math.min(...all.map((mark) => mark.start)), Math.max(...all.map((mark) => mark.end))]
  return {
    key,
    line,
    error,
    truth: truth && passageOf(truth),
    said: said && passageOf(said),
    sure: said?.confidence ?? null,
    before: text.slice(Math.max(0, start - AROUND), start),
    text: text.slice(start, end),
    after: text.slice(end, end + AROUND),
    verdict
  }
}
