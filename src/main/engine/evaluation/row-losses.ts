/** The loss of each row as it is trained, without class weights and smoothing: what a membership test ranks rows by. Computed in double precision. */

/** −log softmax(z)[label] = log(1 + Σ exp(z_c − z_label)); small losses keep their digits. */
export function classLosses(logits: Float32Array, labels: ArrayLike<number>, classes: number): Float64Array {
  return Float64Array.from({ length: labels.length }, (_, row) => {
    const label = labels[row] ?? 0
    const own = logits[row * classes + label] ?? NaN
    let largest = 0
    for (let c = 0; c < classes; c++) largest = Math.max(largest, (logits[row * classes + c] ?? NaN) - own)
    let sum = 0
    for (let c = 0; c < classes; c++) if (c !== label) sum += Math.exp((logits[row * classes + c] ?? NaN) - own - largest)
    return largest === 0 ? Math.log1p(sum) : largest + Math.log(sum + Math.exp(-largest))
  })
}

/** Mean over the labels of −log σ(±z) = log(1 + exp(∓z)). `labels` [rows, classes] of 0 and 1. */
export function labelLosses(logits: Float32Array, labels: ArrayLike<number>, classes: number): Float64Array {
  return Float64Array.from({ length: labels.length / classes }, (_, row) => {
    let sum = 0
    for (let c = row * classes; c < (row + 1) * classes; c++) {
      const z = (labels[c] === 1 ? -1 : 1) * (logits[c] ?? NaN)
      sum += Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)))
    }
    return sum / classes
  })
}

/** (answer − truth)². */
export const squaredErrors = (answers: ArrayLike<number>, truths: ArrayLike<number>): Float64Array =>
  Float64Array.from({ length: truths.length }, (_, row) => ((answers[row] ?? NaN) - (truths[row] ?? NaN)) ** 2)
