import { Random } from '../../base/random.ts'
import { counted } from '../../base/wording.ts'
import { assignUnits } from '../../data/stratify.ts'
import { atOnce } from '../../base/turns.ts'
import { chooseSingleLabel, confidentLearning, tfIdfDesigns } from '../../engine/evaluation/index.ts'
import { percent } from '../../report/numbers.ts'
import type { CloseFinding, ReadRow, Roles } from './scrutiny-types.ts'

/** Rows that the keyword model learns from at most: beyond this it hardly changes and costs memory. */
const MOST_ROWS = 20_000
const FEWEST_ROWS = 50
const MOST_CLASSES = 100
/** Rows of a class below which a fold may lack it. */
const FEWEST_OF_CLASS = 5
const FOLDS = 5
/** Penalty of the keyword model: the usual one of the baseline. */
const C = 10

interface LabelledRow {
  readonly line: number
  readonly text: string
  readonly label: number
  readonly unit: number
}

/** Labels that a keyword model doubts which did not learn from their rows (confident learning). */
export class DoubtfulLabels {
  readonly #step: number
  readonly #answer: string | null
  readonly #isAsked: boolean
  readonly #rows: LabelledRow[] = []
  #seen = 0

  constructor(rows: number, { task, separator, answer }: Roles) {
    this.#step = Math.max(1, Math.ceil(rows / MOST_ROWS))
    this.#answer = answer
    this.#isAsked = task === 'text-classification' && separator === null
  }

  add({ line, text, pair, labels, unit }: ReadRow): void {
    if (!this.#isAsked || this.#seen++ % this.#step !== 0) return
    const [label] = labels
    if (label !== undefined) this.#rows.push({ line, text: pair === '' ? text : `${text} ${pair}`, label, unit })
  }

  /** `onFold` is told after each of the folds. */
  findings(names: readonly string[], onFold: (done: number, of: number) => void): CloseFinding[] {
    const rows = this.#usable(names.length)
    const labels = Int32Array.from(rows, ({ label }) => label)
    if (rows.length < FEWEST_ROWS || names.length > MOST_CLASSES || new Set(labels).size < 2) return []
    const probabilities = this.#outOfFold(rows, labels, names, onFold)
    const { doubtful } = confidentLearning(labels, probabilities, names.length)
    if (doubtful.length === 0) return []
    const lines = doubtful.map(({ row }) => rows[row]?.line ?? 0)
    const nameOf = (label: number): string => names[label] ?? ''
    const remarks = doubtful.map(
      ({ label, suggested, confidence, probability }) =>
        `${nameOf(suggested)} (${percent(probability)}) rather than ${nameOf(label)} (${percent(confidence)})`
    )
    const column = this.#answer ?? ''
    const cells = doubtful.map(({ suggested }, i) => ({ line: lines[i] ?? 0, column, value: nameOf(suggested) }))
    const sampled = this.#step > 1 ? ` One row in ${this.#step} was looked at.` : ''
    const [are, they] = lines.length === 1 ? ['is', 'it'] : ['are', 'them']
    const sentence = `${counted(lines.length, 'label')} of ${rows.length} ${are} doubted by a keyword model that did not learn from ${they === 'it' ? 'its row' : 'their rows'}. Read ${they}, the most doubtful first: the label may be wrong, or the model.${sampled}`
    return [
      {
        code: 'doubtful-labels',
        sentence,
        rows: lines.length,
        weight: 'look',
        lines,
        remarks,
        fixes: { relabel: [{ kind: 'set', cells }] }
      }
    ]
  }

  /** Rows of classes that every fold can have. */
  #usable(classes: number): readonly LabelledRow[] {
    const counts = new Array<number>(classes).fill(0)
    for (const { label } of this.#rows) counts[label] = (counts[label] ?? 0) + 1
    return this.#rows.filter(({ label }) => (counts[label] ?? 0) >= FEWEST_OF_CLASS)
  }

  /** Probabilities [rows, classes], each row's from the fold that tested it; rows that belong together lie in one fold. */
  #outOfFold(
    rows: readonly LabelledRow[],
    labels: Int32Array,
    names: readonly string[],
    onFold: (done: number, of: number) => void
  ): Float64Array {
    const byUnit = new Map<number, number[]>()
    for (const [row, { unit }] of rows.entries()) byUnit.set(unit, [...(byUnit.get(unit) ?? []), row])
    const units = [...byUnit.values()]
    const strata = {
      count: names.length,
      areClasses: true,
      ids: labels,
      starts: Int32Array.from({ length: rows.length + 1 }, (_, i) => i)
    }
    const foldOfUnit = assignUnits(units, strata, new Array<number>(FOLDS).fill(1 / FOLDS), new Random(1, 'data/doubtful'))
    const foldOf = new Int32Array(rows.length)
    for (const [unit, own] of units.entries()) for (const row of own) foldOf[row] = foldOfUnit[unit] ?? 0
    const probabilities = new Float64Array(rows.length * names.length)
    for (let fold = 0; fold < FOLDS; fold++) {
      onFold(fold, FOLDS)
      const [train, test] = [0, 1].map((side) => [...foldOf.keys()].filter((row) => (foldOf[row] === fold) === (side === 1)))
      if (!train || !test || train.length === 0 || test.length === 0) continue
      const texts = (which: readonly number[]): string[] => which.map((row) => rows[row]?.text ?? '')
      const designs = tfIdfDesigns({ train: texts(train), validation: [], test: texts(test) })
      const own = Int32Array.from(train, (row) => labels[row] ?? 0)
      const fitted = atOnce(chooseSingleLabel(designs, { train: own, validation: new Int32Array(0) }, names, { grid: [C] }))
      const answers = fitted.answers(designs.test)
      for (const [at, row] of test.entries())
        probabilities.set(answers.subarray(at * names.length, (at + 1) * names.length), row * names.length)
    }
    return probabilities
  }
}
