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
import { defined } from '../../base/assert.ts'
import { InputError } from '../../base/errors.ts'
import type { Mark } from '../../base/mark.ts'
import type { Datasets } from '../../data/datasets/datasets.ts'
import { fromCodePoints } from '../../data/spans/span.ts'
import { isSameMark } from '../../engine/evaluation/index.ts'
import { readPassages, type StoredDocument, type StoredPassages } from '../../report/passages.ts'
import type { StoredResults, TestedRun } from '../stored-results.ts'
import type { Verdicts } from '../verdicts.ts'
import { correctedCell } from './corrected-cell.ts'
import { confusionOf, errorsOf, filteredErrors, type StoredError } from './errors.ts'
import { passageGroups } from './groups.ts'
import { kindsOf } from './kinds.ts'
import { readPassageVerdicts, writePassageVerdicts, type PassageVerdicts } from './verdict-file.ts'

export interface PassageResultsOptions {
  readonly stored: StoredResults
  readonly verdicts: Verdicts
  readonly datasets: Pick<Datasets, 'cellsAt' | 'columnAt' | 'get' | 'textsAt'>
  /** Does the work, one change of a run's folder after the other, and writes on the run's report what came of it. */
  readonly change: (id: string, work: (run: TestedRun) => Promise<void>) => Promise<void>
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
  /** Of the run looked at last: a screen pages through them. */
  #last: Judged | undefined

  constructor(options: PassageResultsOptions) {
    this.#options = options
  }

  async review(id: RunId): Promise<PassageReview> {
    const { run, stored, errors } = await this.#judged(id)
    const { evaluation } = await this.#options.stored.report(id)
    if (evaluation?.kind !== 'spans') throw unkept()
    const verdicts = await readPassageVerdicts(run.folder)
    return {
      documents: evaluation.rows,
      flawless: evaluation.flawless,
      errors: errors.length,
      byError: evaluation.errors,
      kinds: kindsOf(evaluation.perType),
      confusion: confusionOf(stored),
      verdicts: this.#summary(run, verdicts)
    }
  }

  async errors({ id, from, count, ...filter }: PassageRequest): Promise<PassagePage> {
    const { run, stored, errors } = await this.#judged(id)
    const verdicts = await readPassageVerdicts(run.folder)
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
  async judge({
    id,
    key,
    verdict
  }: {
    readonly id: RunId
    readonly key: string
    readonly verdict: PassageVerdict | null
  }): Promise<VerdictSummary> {
    const { errors } = await this.#judged(id)
    const error = errors.find((each) => each.key === key)
    if (!error) throw new InputError('bad-request', 'The page asked for something that Attune does not understand. Reload it.')
    let verdicts: PassageVerdicts = new Map()
    await this.#options.change(id, async (run) => {
      const next = new Map(await readPassageVerdicts(run.folder))
      if (verdict === null) next.delete(key)
      else next.set(key, verdict)
      // What the document comes to is worked out before anything is saved: it may be refused.
      await this.#judgeDocument(
        run,
        error.line,
        errors.filter(({ line }) => line === error.line),
        next
      )
      await writePassageVerdicts(run.folder, next)
      verdicts = next
    })
    return this.#summary(this.#options.stored.run(id), verdicts)
  }

  /** Makes a version of the data with the right marks. */
  async revise(id: RunId): Promise<DatasetId> {
    let made: DatasetId | null = null
    await this.#options.change(id, async (run) => {
      made = await this.#options.verdicts.revise(run)
    })
    return defined<DatasetId>(made, 'the new version')
  }

  async groups({
    id,
    ...wish
  }: {
    readonly id: RunId
    readonly by: string | null
    readonly metric: string | null
  }): Promise<Groups> {
    const { run, stored } = await this.#judged(id)
    return passageGroups(stored, run.dataset_id, this.#options.datasets, wish)
  }

  /** The verdicts on a document's passages, as one on the document: it is what the record, the report and new versions of the data know. */
  async #judgeDocument(run: TestedRun, line: number, errors: readonly StoredError[], verdicts: PassageVerdicts): Promise<void> {
    const of = (kind: PassageVerdict): readonly StoredError[] => errors.filter(({ key }) => verdicts.get(key) === kind)
    const wrong = of('label-wrong')
    const kind = wrong.length > 0 ? 'label-wrong' : of('model-wrong').length > 0 ? 'model-wrong' : 'unclear'
    const isJudged = errors.some(({ key }) => verdicts.has(key))
    const rightAnswer = wrong.length === 0 ? null : await correctedCell(this.#options.datasets, run.dataset_id, line, wrong)
    await this.#options.verdicts.give(run, line, isJudged ? { kind, rightAnswer, note: '' } : null)
  }

  #summary(run: TestedRun, verdicts: PassageVerdicts): VerdictSummary {
    const all = [...verdicts.values()]
    const countOf = (kind: PassageVerdict): number => all.filter((each) => each === kind).length
    return {
      ...this.#options.verdicts.summary(run),
      labelWrong: countOf('label-wrong'),
      modelWrong: countOf('model-wrong'),
      unclear: countOf('unclear')
    }
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
