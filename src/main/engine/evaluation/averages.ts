/** Weighted counts per class or label, refilled for every resample. All arrays are [classes]. */
export interface Counts {
  readonly hit: Float64Array
  readonly predicted: Float64Array
  readonly actual: Float64Array
}

/** The order in which `writeAverages` writes. */
export const AVERAGE_KEYS = [
  'macro_precision',
  'macro_recall',
  'macro_f1',
  'micro_precision',
  'micro_recall',
  'micro_f1',
  'weighted_precision',
  'weighted_recall',
  'weighted_f1'
] as const

/** The order in which `writePerClass` writes the numbers of each class. */
export const PER_CLASS_KEYS = ['precision', 'recall', 'specificity', 'f1', 'auroc', 'auprc'] as const

export function emptyCounts(classes: number): Counts {
  return { hit: new Float64Array(classes), predicted: new Float64Array(classes), actual: new Float64Array(classes) }
}

export function clearCounts({ hit, predicted, actual }: Counts): void {
  hit.fill(0)
  predicted.fill(0)
  actual.fill(0)
}

/** part / whole, and 0 for 0 / 0 as scikit-learn's `zero_division=0`. */
export function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole
}

/** F1 = 2·hit / (predicted + actual), 0 where nothing is predicted nor actual. */
export function f1(hit: number, predicted: number, actual: number): number {
  return share(2 * hit, predicted + actual)
}

/**
 * Writes the nine averages of precision, recall and F1 to `out` at `at`, in the order of `AVERAGE_KEYS`.
 *
 * With `skipAbsent` the macro average runs over the classes that occur among the labels or the predictions (scikit-learn's default for
 * single-label data); without it over all of them (its default for multi-label data).
 */
export function writeAverages({ hit, predicted, actual }: Counts, skipAbsent: boolean, out: Float64Array, at: number): void {
  const macro = [0, 0, 0]
  const weighted = [0, 0, 0]
  let classes = 0
  let hits = 0
  let predictions = 0
  let actuals = 0
  for (let c = 0; c < hit.length; c++) {
    const h = hit[c] ?? 0
    const p = predicted[c] ?? 0
    const a = actual[c] ?? 0
    if (skipAbsent && p + a === 0) continue
    classes++
    hits += h
    predictions += p
    actuals += a
    const scores = [share(h, p), share(h, a), f1(h, p, a)]
    for (let i = 0; i < 3; i++) {
      macro[i] = (macro[i] ?? 0) + (scores[i] ?? 0)
      weighted[i] = (weighted[i] ?? 0) + a * (scores[i] ?? 0)
    }
  }
  const micro = [share(hits, predictions), share(hits, actuals), f1(hits, predictions, actuals)]
  for (let i = 0; i < 3; i++) {
    out[at + i] = share(macro[i] ?? 0, classes)
    out[at + 3 + i] = micro[i] ?? 0
    out[at + 6 + i] = share(weighted[i] ?? 0, actuals)
  }
}

/** Writes precision, recall, specificity and F1 of class `c` to `out` at `at`; `total` is the number of rows, counted with their weights. */
export function writePerClass({ hit, predicted, actual }: Counts, c: number, total: number, out: Float64Array, at: number): void {
  const [h, p, a] = [hit[c] ?? 0, predicted[c] ?? 0, actual[c] ?? 0]
  out[at] = share(h, p)
  out[at + 1] = share(h, a)
  out[at + 2] = share(total - a - p + h, total - a)
  out[at + 3] = f1(h, p, a)
}

/** The mean of those values that are numbers; NaN when none is. */
export function meanOfDefined(values: ArrayLike<number>): number {
  let sum = 0
  let count = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? NaN
    if (Number.isNaN(value)) continue
    sum += value
    count++
  }
  return count === 0 ? NaN : sum / count
}
