/** The rows of one class in descending order of score, sorted once for all resamples. */
export interface Ranking {
  /** Row numbers, highest score first. */
  readonly order: Int32Array
  /** By place: 1 where the row belongs to the class. */
  readonly positive: Uint8Array
  /** By place: 1 where the next row has a lower score, so a run of equal scores ends here. */
  readonly endsTie: Uint8Array
}

/** Where the areas of one ranking are written. */
export interface Areas {
  auroc: number
  auprc: number
}

/** Row numbers by descending (or ascending) score; equal scores keep row order. */
export function orderByScore(scores: Float64Array, descending: boolean): Int32Array {
  const sign = descending ? -1 : 1
  return Int32Array.from(scores, (_, row) => row).sort((a, b) => sign * ((scores[a] ?? 0) - (scores[b] ?? 0)) || a - b)
}

/** By place in `order`: 1 where the score of the next place differs. */
export function tieEnds(scores: Float64Array, order: Int32Array): Uint8Array {
  return Uint8Array.from(order, (row, place) =>
    place + 1 < order.length && scores[row] === scores[order[place + 1] ?? 0] ? 0 : 1
  )
}

/** Ranks `scores` against membership of a class. */
export function rank(scores: Float64Array, isPositive: (row: number) => boolean): Ranking {
  const order = orderByScore(scores, true)
  const positive = Uint8Array.from(order, (row) => (isPositive(row) ? 1 : 0))
  return { order, positive, endsTie: tieEnds(scores, order) }
}

/**
 * Areas under the receiver operating characteristic and the precision–recall steps, each row counted `weights[row]` times.
 *
 * AUROC = P(score of a positive > score of a negative) + ½ P(equal)     AP = Σ (Rₖ − Rₖ₋₁)·Pₖ over distinct scores (scikit-learn's)
 *
 * NaN: AUROC without both kinds of row, AP without a positive.
 */
export function weightedAreas({ order, positive, endsTie }: Ranking, weights: Int32Array, out: Areas): void {
  let positives = 0
  let negatives = 0
  let tiedPositives = 0
  let tiedNegatives = 0
  let pairs = 0
  let precisionSum = 0
  for (let place = 0; place < order.length; place++) {
    const weight = weights[order[place] ?? 0] ?? 0
    if (positive[place] === 1) tiedPositives += weight
    else tiedNegatives += weight
    if (endsTie[place] === 0) continue
    pairs += tiedNegatives * (positives + tiedPositives / 2)
    positives += tiedPositives
    negatives += tiedNegatives
    if (tiedPositives > 0) precisionSum += (tiedPositives * positives) / (positives + negatives)
    tiedPositives = 0
    tiedNegatives = 0
  }
  out.auroc = positives > 0 && negatives > 0 ? pairs / (positives * negatives) : NaN
  out.auprc = positives > 0 ? precisionSum / positives : NaN
}
