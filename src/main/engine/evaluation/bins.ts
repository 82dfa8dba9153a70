/** Number of equal-width bins of confidence, for calibration error and reliability diagrams. */
export const BINS = 15

export interface ReliabilityBin {
  /** The bin holds probabilities in (low, high]; the first one also holds 0. */
  readonly low: number
  readonly high: number
  readonly count: number
  /** Mean predicted probability in the bin; null when it is empty. */
  readonly confidence: number | null
  /** Share of them that came true; null when the bin is empty. */
  readonly accuracy: number | null
}

/** The bin of a probability: bin i is (i/15, (i+1)/15], and 0 belongs to the first. */
export function binOf(probability: number, bins = BINS): number {
  return Math.min(bins - 1, Math.max(0, Math.ceil(probability * bins) - 1))
}

/** Probabilities of events, whether each came true, and the row each belongs to, sorted into bins once. */
export interface BinnedEvents {
  readonly probability: Float64Array
  readonly isTrue: Uint8Array
  readonly bin: Uint8Array
  /** Events per row: event e belongs to row ⌊e / perRow⌋. */
  readonly perRow: number
}

export function binEvents(probability: Float64Array, isTrue: Uint8Array, perRow: number): BinnedEvents {
  return { probability, isTrue, bin: Uint8Array.from(probability, (each) => binOf(each)), perRow }
}

/**
 * Returns a function that computes the expected calibration error (Guo et al. 2017) with rows counted by weight:
 * ECE = Σ over 15 equal-width bins of (share of events in the bin) · |mean probability − share that came true|.
 */
export function calibrationError({ probability, isTrue, bin, perRow }: BinnedEvents): (weights: Int32Array) => number {
  const gaps = new Float64Array(BINS)
  return (weights) => {
    gaps.fill(0)
    let total = 0
    for (let e = 0, row = 0; e < probability.length; row++) {
      const weight = weights[row] ?? 0
      total += weight * perRow
      for (const end = e + perRow; e < end; e++) {
        const b = bin[e] ?? 0
        gaps[b] = (gaps[b] ?? 0) + weight * ((probability[e] ?? 0) - (isTrue[e] ?? 0))
      }
    }
    let sum = 0
    for (const gap of gaps) sum += Math.abs(gap)
    return total === 0 ? NaN : sum / total
  }
}

/** The reliability diagram's bins. */
export function reliabilityBins({ probability, isTrue, bin }: BinnedEvents): ReliabilityBin[] {
  const count = new Float64Array(BINS)
  const confidence = new Float64Array(BINS)
  const hits = new Float64Array(BINS)
  for (let e = 0; e < probability.length; e++) {
    const b = bin[e] ?? 0
    count[b] = (count[b] ?? 0) + 1
    confidence[b] = (confidence[b] ?? 0) + (probability[e] ?? 0)
    hits[b] = (hits[b] ?? 0) + (isTrue[e] ?? 0)
  }
  return Array.from(count, (n, b) => ({
    low: b / BINS,
    high: (b + 1) / BINS,
    count: n,
    confidence: n === 0 ? null : (confidence[b] ?? 0) / n,
    accuracy: n === 0 ? null : (hits[b] ?? 0) / n
  }))
}
