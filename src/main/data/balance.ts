import { Random } from '../base/random.ts'
import { counted } from '../base/wording.ts'
import type { Dataset, Note } from './dataset-types.ts'

/** How training rows are evened out between classes; validation and test stay as the world is. */
export interface Balance {
  /** Rows of each class that are trained on at most; null for all of them. */
  readonly cap: number | null
  /** Whether rows are repeated until every class has as many as the largest. */
  readonly oversample: boolean
}

export interface BalancedRows {
  /** Ascending; rows that are repeated stand several times. */
  readonly rows: Int32Array
  readonly notes: readonly Note[]
}

/**
 * Draws fewer rows of frequent classes and repeats those of rare ones, among training rows alone: what is repeated before the split would stand in
 * training and in the test. The same seed gives the same rows. Data without one class a row stay as they are.
 */
export function balanceTraining(
  { labels }: Dataset,
  train: Int32Array,
  { cap, oversample }: Balance,
  seed: number
): BalancedRows {
  if (labels.kind !== 'class' || (cap === null && !oversample)) return { rows: train, notes: [] }
  const byClass = new Map<number, number[]>()
  for (const row of train) {
    const label = labels.values[row] ?? 0
    const known = byClass.get(label)
    if (known) known.push(row)
    else byClass.set(label, [row])
  }
  const random = new Random(seed, 'data/balance')
  const notes: Note[] = []
  let classes = [...byClass].sort(([a], [b]) => a - b).map(([, rows]) => rows)
  if (cap !== null) {
    const before = train.length
    classes = classes.map((rows) => (rows.length > cap ? random.shuffle([...rows]).slice(0, cap) : rows))
    const left = before - total(classes)
    const message = `${counted(left, 'training row was', 'training rows were')} left out, so that no class has more than ${cap}. Validation and test keep theirs.`
    if (left > 0) notes.push({ code: 'capped', message })
  }
  if (oversample) {
    const before = total(classes)
    const most = Math.max(...classes.map((rows) => rows.length))
    classes = classes.map((rows) => repeated(rows, most, random))
    const more = total(classes) - before
    const message = `Training rows of rare classes are repeated: ${counted(before, 'row')} became ${before + more}. Repeated rows say nothing new, so watch for overfitting.`
    if (more > 0) notes.push({ code: 'oversampled', message })
  }
  return { rows: Int32Array.from(classes.flat()).sort(), notes }
}

const total = (classes: readonly (readonly number[])[]): number => classes.reduce((sum, rows) => sum + rows.length, 0)

/** The rows as often as they fit into `most`, and as many more, drawn without repetition. */
export function repeated(rows: readonly number[], most: number, random: Random): number[] {
  const whole = Math.floor(most / rows.length)
  const rest = random.shuffle([...rows]).slice(0, most - whole * rows.length)
  return [...Array.from({ length: whole }, () => rows).flat(), ...rest]
}
