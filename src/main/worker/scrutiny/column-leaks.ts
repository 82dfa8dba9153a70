import { shown } from '../../base/wording.ts'
import { twoSidedZ } from '../../base/significance.ts'
import { numberOf } from '../../data/label-order.ts'
import { percent, percentRange } from '../../report/numbers.ts'
import type { CloseFinding, ReadRow, Roles } from './scrutiny-types.ts'

/** Rows of each half that are kept of each column. */
const MOST_ROWS = 20_000
/** Rows of a class in the other half below which its share right says nothing. */
const FEWEST = 10
/** Numbers with more different values are taken in tenths. */
const MOST_VALUES = 50
const BINS = 10
/** Ends of intervals that raise the alarm: mean share of each class that is told right, and the correlation with a score. */
const TOLD = 0.8
const CORRELATED = 0.95

interface Sample {
  readonly cells: string[]
  readonly labels: number[]
  readonly scores: number[]
}

/** Columns beside text and answer that tell the answer alone. The rule is chosen on half of the units and measured on the other. */
export class ColumnLeaks {
  readonly #columns: readonly { readonly name: string; readonly at: number; readonly halves: readonly [Sample, Sample] }[]
  readonly #isScore: boolean

  constructor(columns: readonly string[], { task, text, textPair, answer }: Roles) {
    this.#isScore = task === 'regression'
    const known = [text, textPair, answer]
    this.#columns = columns.flatMap((name, at) =>
      known.includes(name) ? [] : [{ name, at, halves: [emptySample(), emptySample()] as const }]
    )
  }

  add({ cells, labels, score, unit }: ReadRow): void {
    for (const { at, halves } of this.#columns) {
      const sample = halves[unit % 2 === 0 ? 0 : 1]
      if (sample.cells.length >= MOST_ROWS) continue
      sample.cells.push((cells[at] ?? '').trim().slice(0, 200))
      sample.labels.push(labels[0] ?? -1)
      sample.scores.push(score)
    }
  }

  findings(): CloseFinding[] {
    const z = twoSidedZ(1 - 0.05 / Math.max(1, this.#columns.length))
    const found = this.#columns.flatMap(({ name, halves: [learned, measured] }) => {
      const sentence = this.#isScore ? scoreSentence(name, measured, z) : classSentence(name, learned, measured, z)
      return sentence === null ? [] : [sentence]
    })
    return found.map((sentence, i) => ({
      code: `leak-column-${i + 1}`,
      sentence,
      rows: 0,
      weight: 'look',
      lines: [],
      remarks: null,
      fixes: {}
    }))
  }
}

const emptySample = (): Sample => ({ cells: [], labels: [], scores: [] })

const AFTERWARDS =
  'The model does not read it; make sure that it is not filled in after the answer is known, and that the text does not repeat it.'

function classSentence(name: string, learned: Sample, measured: Sample, z: number): string | null {
  const keyOf = keysFor(learned.cells)
  const rule = ruleOf(learned, keyOf)
  if (rule.classes < 2) return null
  const right = new Map<number, { right: number; all: number }>()
  for (const [i, cell] of measured.cells.entries()) {
    const label = measured.labels[i] ?? -1
    const known = right.get(label) ?? { right: 0, all: 0 }
    known.all++
    if (rule.say(keyOf(cell)) === label) known.right++
    right.set(label, known)
  }
  const classes = [...right.values()].filter(({ all }) => all >= FEWEST)
  if (classes.length < 2) return null
  // Mean of the classes' shares; each with two rights and two wrongs more, so that 10 of 10 is no certainty (Agresti & Coull 1998).
  const shares = classes.map(({ right: hits, all }) => ({ p: (hits + 2) / (all + 4), n: all + 4 }))
  const mean = shares.reduce((sum, { p }) => sum + p, 0) / shares.length
  const error = Math.sqrt(shares.reduce((sum, { p, n }) => sum + (p * (1 - p)) / n, 0)) / shares.length
  const value = classes.reduce((sum, { right: hits, all }) => sum + hits / all, 0) / classes.length
  const interval = { value, low: Math.max(0, mean - z * error), high: Math.min(1, mean + z * error) }
  if (interval.low < TOLD) return null
  return `The column ${shown(name)} alone tells ${percent(value)} of the answers (${percentRange(interval)}\u00a0%; mean over the classes, on rows by which the rule was not chosen). ${AFTERWARDS}`
}

/** Cells as the rule sees them: themselves, or the tenth in which a number lies. */
function keysFor(cells: readonly string[]): (cell: string) => string {
  const numbers = cells.flatMap((cell) => numberOf(cell) ?? [])
  if (numbers.length < 0.95 * cells.length || new Set(numbers).size <= MOST_VALUES) return (cell) => cell
  const sorted = numbers.toSorted((a, b) => a - b)
  const edges = Array.from({ length: BINS - 1 }, (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / BINS)] ?? 0)
  return (cell) => {
    const number = numberOf(cell)
    return number === null ? '' : String(edges.filter((edge) => edge <= number).length)
  }
}

/** The most frequent class of each value; of a value that was never seen, that of all rows. */
function ruleOf(
  { cells, labels }: Sample,
  keyOf: (cell: string) => string
): { readonly classes: number; readonly say: (key: string) => number } {
  const counts = new Map<string, Map<number, number>>()
  const all = new Map<number, number>()
  const count = (into: Map<number, number>, label: number): void => void into.set(label, (into.get(label) ?? 0) + 1)
  for (const [i, cell] of cells.entries()) {
    const label = labels[i] ?? -1
    const key = keyOf(cell)
    const known = counts.get(key) ?? new Map<number, number>()
    counts.set(key, known)
    count(known, label)
    count(all, label)
  }
  const most = (of: ReadonlyMap<number, number>): number =>
    [...of].reduce<readonly [number, number]>((best, each) => (each[1] > best[1] ? each : best), [-1, 0])[0]
  const said = new Map([...counts].map(([key, of]) => [key, most(of)]))
  const usual = most(all)
  return { classes: all.size, say: (key) => said.get(key) ?? usual }
}

/** Pearson's correlation with Fisher's interval: atanh r ± z/√(n − 3). */
function scoreSentence(name: string, { cells, scores }: Sample, z: number): string | null {
  const pairs = cells.flatMap((cell, i) => {
    const number = numberOf(cell)
    return number === null ? [] : [{ x: number, y: scores[i] ?? 0 }]
  })
  const n = pairs.length
  if (n < 30 || n < 0.95 * cells.length) return null
  const mean = (of: (pair: (typeof pairs)[number]) => number): number => pairs.reduce((sum, pair) => sum + of(pair), 0) / n
  const [mx, my] = [mean(({ x }) => x), mean(({ y }) => y)]
  const sxy = mean(({ x, y }) => (x - mx) * (y - my))
  const spread = Math.sqrt(mean(({ x }) => (x - mx) ** 2) * mean(({ y }) => (y - my) ** 2))
  const r = spread === 0 ? 0 : Math.max(-1, Math.min(1, sxy / spread))
  const low = Math.abs(r) === 1 ? 1 : Math.tanh(Math.atanh(Math.abs(r)) - z / Math.sqrt(n - 3))
  if (low < CORRELATED) return null
  return `The column ${shown(name)} follows the answer closely (correlation ${r.toFixed(2)}, at least ${low.toFixed(2)}). ${AFTERWARDS}`
}
