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
  /** How many labels are wrong, as the joint distribution estimates. */
  readonly estimated: number
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
const ROUNDING = 1e-6

/**
 * t_j = mean of p̂(j; x) over the rows labelled j; a row is confidently of the most probable class among those with p̂(j; x) ≥ t_j.
 *
 * @param labels Class number of each row, [rows].
 * @param probabilities Out-of-fold, [rows, classes]: each row's from a model that did not learn from it.
 */
export function confidentLearning(labels: Int32Array, probabilities: Float64Array, classes: number): ConfidentLearning {
  const thresholds = thresholdsOf(labels, probabilities, classes)
  const joint = Array.from({ length: classes }, () => new Array<number>(classes).fill(0))
  const doubtful: DoubtfulRow[] = []
  for (const [row, label] of labels.entries()) {
    const at = row * classes
    const confident = confidentClass(probabilities.subarray(at, at + classes), thresholds)
    if (confident === -1) continue
    const line = joint[label]
    if (line) line[confident] = (line[confident] ?? 0) + 1
    if (confident === label) continue
    const [confidence, probability] = [probabilities[at + label] ?? 0, probabilities[at + confident] ?? 0]
    doubtful.push({ row, label, suggested: confident, confidence, probability })
  }
  doubtful.sort((a, b) => a.confidence - b.confidence || a.row - b.row)
  return { thresholds, joint, doubtful, estimated: estimatedErrors(labels, joint) }
}

function thresholdsOf(labels: Int32Array, probabilities: Float64Array, classes: number): Float64Array {
  const sums = new Float64Array(classes)
  const counts = new Float64Array(classes)
  for (const [row, label] of labels.entries()) {
    sums[label] = (sums[label] ?? 0) + (probabilities[row * classes + label] ?? 0)
    counts[label] = (counts[label] ?? 0) + 1
  }
  return sums.map((sum, label) => ((counts[label] ?? 0) === 0 ? NEVER : sum / (counts[label] ?? 1)))
}

/** The most probable class among those that reach their threshold; −1 where none does. */
function confidentClass(probabilities: Float64Array, thresholds: Float64Array): number {
  let best = -1
  for (const [label, p] of probabilities.entries()) {
    if (p < (thresholds[label] ?? NEVER) - ROUNDING) continue
    if (best === -1 || p > (probabilities[best] ?? 0)) best = label
  }
  return best
}

/**
 * Q̂[i][j] = (C[i][j] / Σⱼ C[i][j]) · rows labelled i, over all rows: the joint distribution of given and true labels, calibrated to the counts of the
 * given ones. Wrong labels are what stands off its diagonal.
 */
function estimatedErrors(labels: Int32Array, joint: readonly (readonly number[])[]): number {
  const counts = new Array<number>(joint.length).fill(0)
  for (const label of labels) counts[label] = (counts[label] ?? 0) + 1
  return joint.reduce((sum, line, label) => {
    const total = line.reduce((all, each) => all + each, 0)
    return total === 0 ? sum : sum + ((total - (line[label] ?? 0)) / total) * (counts[label] ?? 0)
  }, 0)
}
