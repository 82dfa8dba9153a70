import { createHash } from 'node:crypto'
import type { Mark } from '../base/mark.ts'
import type { SureAnswer } from '../data/questions/found-answers.ts'
import { parseAnswers } from '../data/questions/parse-answers.ts'
import { parseSpans, type CellPlace } from '../data/spans/span.ts'
import {
  evaluateAnswers,
  evaluateEntities,
  scoreAnswer,
  type AnswerPlace,
  type Estimate,
  type FoundMark,
  type JudgedAnswer
} from '../engine/evaluation/index.ts'
import { countTestLook } from '../report/test-looks.ts'
import type { Measured, TruthModel } from './truth-table.ts'

/** Cells are read or left out; nothing is said of a single one. */
const NOWHERE: CellPlace = { file: '', line: 0, column: '' }

const OF_MARKS = ['micro_f1', 'micro_precision', 'micro_recall', 'partial_f1'] as const
const OF_ANSWERS = ['answer_f1', 'exact_match', 'has_answer_f1', 'no_answer_exact'] as const

/** What measuring found passages or answers needs of a run. */
type Judge = Pick<TruthModel, 'config' | 'settings'>

/** What was looked at, so that looks at the very same rows are counted. */
class Looked {
  readonly #content = createHash('sha256')

  add(text: string, cell: string): void {
    this.#content.update(`${text}\u0000${cell}\u0000`)
  }

  count(looksFolder: string): Promise<number> {
    return countTestLook(looksFolder, this.#content.digest('hex'))
  }
}

/** Gathers marks that a table already has beside those that were found. */
export class MarkTruth {
  readonly #types: readonly string[]
  readonly #known: ReadonlySet<string>
  readonly #truth: (readonly Mark[])[] = []
  readonly #said: (readonly FoundMark[])[] = []
  readonly #looked = new Looked()
  #left = 0
  #unknown = 0

  /** `types`: the kinds that the run finds. */
  constructor(types: readonly string[]) {
    this.#types = types
    this.#known = new Set(types)
  }

  add(text: string, cell: string, said: readonly FoundMark[]): void {
    this.#looked.add(text, cell)
    const marks = spansOf(text, cell)
    if (marks === null) {
      this.#left++
      return
    }
    const own = marks.filter(({ label }) => this.#known.has(label))
    this.#unknown += marks.length - own.length
    this.#truth.push(own)
    this.#said.push(said)
  }

  /** Null where no row has marks that fit its text. */
  async measure({ config, settings }: Judge, looksFolder: string): Promise<Measured | null> {
    const rows = this.#truth.length
    if (rows === 0) return null
    const input = { types: this.#types, truth: this.#truth, said: this.#said }
    const rowIds = this.#truth.map((_, row) => row)
    const { metrics } = evaluateEntities(input, { ...chance({ config, settings }), rowIds, worst: 0 })
    const counts = { rows, left: this.#left, unknown: this.#unknown, looks: await this.#looked.count(looksFolder) }
    return { of: 'texts', ...counts, ...only(OF_MARKS, metrics) }
  }
}

/**
 * Gathers answers that a table already has beside those that were given: of each row its own question's, or marks that answer what is asked of every text,
 * by their kind.
 */
export class AnswerTruth {
  readonly #threshold: number | null
  readonly #asksOfEach: boolean
  readonly #judged: { readonly question: string | null; readonly document: number; readonly answer: JudgedAnswer }[] = []
  readonly #documents = new Map<string, number>()
  readonly #kinds = new Set<string>()
  readonly #looked = new Looked()
  #left = 0

  /** `threshold`: when the run says that there is none. `asksOfEach`: whether every text is asked the same. */
  constructor(threshold: number | null, asksOfEach: boolean) {
    this.#threshold = threshold
    this.#asksOfEach = asksOfEach
  }

  add(text: string, cell: string, said: readonly SureAnswer[]): void {
    this.#looked.add(text, cell)
    const areMarks = this.#asksOfEach && (/"label"\s*:/.test(cell) || (said.length > 1 && cell.trim() === '[]'))
    if (areMarks) this.#addMarks(text, cell, said)
    else this.#addAnswers(text, cell, said)
  }

  /** Null where no question has an answer to be measured against. */
  async measure({ config, settings }: Judge, looksFolder: string): Promise<Measured | null> {
    // What no mark of the table answers was marked by nobody: there it cannot be told from "none".
    const judged = this.#judged.filter(({ question }) => question === null || this.#kinds.has(question))
    if (judged.length === 0) return null
    const input = {
      judged: judged.map(({ answer }) => answer),
      kinds: null,
      kindCount: 0,
      kindNames: [],
      threshold: this.#threshold
    }
    const groups = Int32Array.from(judged, ({ document }) => document)
    const rowIds = judged.map((_, row) => row)
    const options = { ...chance({ config, settings }), rowIds, groups, documents: new Set(groups).size, worst: 0 }
    const { metrics } = evaluateAnswers(input, options)
    const unknown = this.#judged.length - judged.length
    const counts = { rows: judged.length, left: this.#left, unknown, looks: await this.#looked.count(looksFolder) }
    return { of: 'questions', ...counts, ...only(OF_ANSWERS, metrics) }
  }

  #addMarks(text: string, cell: string, said: readonly SureAnswer[]): void {
    const marks = spansOf(text, cell)
    if (marks === null) {
      this.#left++
      return
    }
    for (const { label } of marks) this.#kinds.add(label)
    for (const answer of said) {
      const own = marks.filter(({ label }) => label === answer.question)
      this.#judge(text, own, answer, answer.question)
    }
  }

  #addAnswers(text: string, cell: string, said: readonly SureAnswer[]): void {
    const truth = answersOf(text, cell)
    const [only] = said
    if (truth === null || said.length !== 1 || !only) this.#left++
    else this.#judge(text, truth, only, null)
  }

  #judge(text: string, truth: readonly AnswerPlace[], { place, sure }: SureAnswer, question: string | null): void {
    const words = ({ start, end }: AnswerPlace): string => text.slice(start, end)
    const score = scoreAnswer(truth.map(words), place ? words(place) : '')
    const key = createHash('sha256').update(text).digest('base64')
    const document = this.#documents.get(key) ?? this.#documents.size
    this.#documents.set(key, document)
    this.#judged.push({ question, document, answer: { ...score, truth, said: place, score: sure } })
  }
}

const chance = ({ config, settings }: Judge): { readonly seed: number; readonly resamples: number } => ({
  seed: settings.seed,
  resamples: config.training.bootstrap_resamples
})

function only(
  keys: readonly string[],
  metrics: Readonly<Record<string, Estimate | null>>
): Pick<Measured, 'metrics' | 'alarms' | 'person'> {
  const shown = keys.flatMap((id) => {
    const measured = metrics[id]
    return measured ? [{ id, measured }] : []
  })
  return { metrics: shown, alarms: [], person: null }
}

/** The marks of a cell; null where it holds none that fit the text. */
const spansOf = (text: string, cell: string): readonly Mark[] | null =>
  cell.trim() === '' ? null : readable(() => parseSpans(text, cell, NOWHERE))

/** The answers of a cell; null where it is empty, or holds none that stand in the text. */
const answersOf = (text: string, cell: string): readonly AnswerPlace[] | null =>
  cell.trim() === '' ? null : readable(() => parseAnswers(text, cell, NOWHERE).answers)

function readable<T>(read: () => T): T | null {
  try {
    return read()
  } catch {
    return null
  }
}
