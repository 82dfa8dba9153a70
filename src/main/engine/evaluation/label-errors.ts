/**
 * Confident learning (Northcutt, Jiang & Chuang 2021, "Confident Learning: Estimating Uncertainty in Dataset Labels", JAIR 70): rows whose label
 * a model that did not learn from them doubts more than it doubts its usual answers.
 */
export interface ConfidentLearning {
  /** Mean probability of each class among the rows labelled so, [classes]; 2, which no row reaches, for a class without rows. */
  readonly thresholds: Float64Array
  /** [label][confident class]: rows that are confidently of a class, by the label that they bear. */
  readonly joint: readonly (readonly number[])[]
  /** Rows that are confidently of another class than their label says, the most doubtful first. */
  readonly doubtful: readonly DoubtfulRow[]
}

export interface DoubtfulRow {
  readonly row: number
  readonly label: number
  /** The class that it is confidently of. */
  readonly suggested: number
  /** Probability of its label: self-confidence. */
  readonly confidence: number
  /** Probability of the suggested class. */
  readonly probability: number
}

/** No probability reaches it. */
const NEVER = 2
/** Probabilities that differ by less are equal. */
const ROUNDING = 1e-6

/**
 * t_j = mean of p̂(j; x) over the rows labelled j. A row with p̂(j; x) ≥ t_j for one class is confidently of that class; for several, of the most
 * probable of all classes, as cleanlab counts. A row whose label is its most probable class is never doubtful.
 *
 * @param labels Class number of each row, [rows].
 * @param probabilities Out-of-fold, [rows, classes]: each row's from a model that did not learn from it.
 */
export function confidentLearning(labels: Int32Array, probabilities: Float64Array, classes: number): ConfidentLearning {
  const thresholds = thresholdsOf(labels, probabilities, classes)
  const joint = Array.from({ length: classes }, () => new Array<number>(classes).fill(0))
  const doubtful: DoubtfulRow[] = []
  for (const [row, label] of labels.entries()) {
    const own = probabilities.subarray(row * classes, (row + 1) * classes)
    const confident = confidentClass(own, thresholds)
    if (confident === -1) continue
    const line = joint[label]
    if (line) line[confident] = (line[confident] ?? 0) + 1
    const [confidence, probability] = [own[label] ?? 0, own[confident] ?? 0]
    const isUsual = confidence + ROUNDING >= Math.max(...own)
    if (confident !== label && !isUsual) doubtful.push({ row, label, suggested: confident, confidence, probability })
  }
  doubtful.sort((a, b) => a.confidence - b.confidence || a.row - b.row)
  return { thresholds, joint, doubtful }
}

function thresholdsOf(labels: Int32Array, probabilities: Float64Array, classes: number): Float64Array {
  const sums = new Float64Array(classes)
  const counts = new Float64Array(classes)
  for (const [row, label] of labels.entries()) {
    sums[label] = (sums[label] ?? 0) + (probabilities[row * classes + label] ?? 0)
    counts[label] = (counts[label] ?? 0) + 1
  }
  return sums.map((sum, label) => ((counts[label] ?? 0) === 0 ? NEVER : Math.max(2 * ROUNDING, sum / (counts[label] ?? 1))))
}

/** The class that a row is confidently of; −1 where no class reaches its threshold. */
function confidentClass(probabilities: Float64Array, thresholds: Float64Array): number {
  const reached = [...probabilities.keys()].filter(
    (label) => (probabilities[label] ?? 0) >= (thresholds[label] ?? NEVER) - ROUNDING
  )
  if (reached.length < 2) return reached[0] ?? -1
  return probabilities.indexOf(Math.max(...probabilities))
}
