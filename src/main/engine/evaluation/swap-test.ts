import { assert } from '../../base/assert.ts'
import { f1 } from './averages.ts'
import { shareOfFlips, type FlipOptions } from './flips.ts'

/** What two models said about the same rows, as 0 or 1 per row and class. All three are [rows, classes] row-major. */
export interface SwapInput {
  readonly labels: Uint8Array
  readonly first: Uint8Array
  readonly second: Uint8Array
  readonly classes: number
  /** Whether the macro average leaves out classes that are neither among the labels nor predicted (see `writeAverages`). */
  readonly skipAbsent: boolean
}

/** How the two models' counts differ: at each place, of one unit and one class, by how many hits and predictions. All arrays are [places]. */
interface Gaps {
  readonly units: number
  readonly unitAt: Int32Array
  readonly classAt: Int32Array
  readonly hits: Int32Array
  readonly predictions: Int32Array
}

/** The places where the two differ. Units are rows, or groups, numbered anew: those in which nothing differs have no number. */
function gapsOf({ labels, first, second, classes }: SwapInput, groups: Int32Array | null): Gaps {
  const numbers = new Map<number, number>()
  const differing = [...labels.keys()].filter((i) => first[i] !== second[i])
  const unitAt = Int32Array.from(differing, (i) => {
    const row = Math.floor(i / classes)
    const unit = groups ? (groups[row] ?? 0) : row
    const number = numbers.get(unit) ?? numbers.size
    numbers.set(unit, number)
    return number
  })
  const predictions = Int32Array.from(differing, (i) => (first[i] ?? 0) - (second[i] ?? 0))
  const hits = Int32Array.from(differing, (i, place) => (predictions[place] ?? 0) * (labels[i] ?? 0))
  return { units: numbers.size, unitAt, classAt: Int32Array.from(differing, (i) => i % classes), hits, predictions }
}

/** Column sums of a [rows, classes] matrix. */
function columnSums(matrix: Uint8Array, classes: number): Float64Array {
  const sums = new Float64Array(classes)
  for (let i = 0; i < matrix.length; i++) sums[i % classes] = (sums[i % classes] ?? 0) + (matrix[i] ?? 0)
  return sums
}

/**
 * Macro-F1 of the first model minus that of the second, once the answers of units with the sign −1 are swapped. It is called some ten thousand times by a run's
 * report, mostly before the engine has compiled it: it makes no objects, and walks the classes once.
 */
function swappedDifference(
  { labels, first, second, classes, skipAbsent }: SwapInput,
  { unitAt, classAt, hits: gapHits, predictions: gapPredictions }: Gaps
): (signs: Int8Array) => number {
  const actual = columnSums(labels, classes)
  const said = first.map((each, i) => each + (second[i] ?? 0))
  const predictions = columnSums(said, classes)
  const hits = columnSums(
    said.map((each, i) => each * (labels[i] ?? 0)),
    classes
  )
  const gapHit = new Float64Array(classes)
  const gapPredicted = new Float64Array(classes)
  const places = unitAt.length
  return (signs) => {
    gapHit.fill(0)
    gapPredicted.fill(0)
    for (let place = 0; place < places; place++) {
      const c = classAt[place] ?? 0
      const sign = signs[unitAt[place] ?? 0] ?? 1
      gapHit[c] = (gapHit[c] ?? 0) + sign * (gapHits[place] ?? 0)
      gapPredicted[c] = (gapPredicted[c] ?? 0) + sign * (gapPredictions[place] ?? 0)
    }
    // With signs σ one model's counts are half of (both models' + Σ σ·gap), the other's half of (both models' − Σ σ·gap).
    let one = 0
    let other = 0
    let countedOne = 0
    let countedOther = 0
    for (let c = 0; c < classes; c++) {
      const inClass = actual[c] ?? 0
      const hit = hits[c] ?? 0
      const gap = gapHit[c] ?? 0
      const all = predictions[c] ?? 0
      const gapAll = gapPredicted[c] ?? 0
      const saidByOne = (all + gapAll) / 2
      const saidByOther = (all - gapAll) / 2
      if (!skipAbsent || saidByOne + inClass !== 0) {
        one += f1((hit + gap) / 2, saidByOne, inClass)
        countedOne++
      }
      if (!skipAbsent || saidByOther + inClass !== 0) {
        other += f1((hit - gap) / 2, saidByOther, inClass)
        countedOther++
      }
    }
    return (countedOne === 0 ? 0 : one / countedOne) - (countedOther === 0 ? 0 : other / countedOther)
  }
}

/**
 * Paired randomisation test of a difference in macro-F1 (Noreen 1989, "Computer-Intensive Methods for Testing Hypotheses"; for F-measures Yeh
 * 2000, "More accurate tests for the statistical significance of result differences", COLING). If two models were alike, either could have
 * given either's answer to a row, so a coin swaps the two answers of each row (or of a whole group). Returns the two-sided p-value
 * P(|d*| ≥ |d|): exact over all swaps of up to 12 units whose answers differ, else over seeded random ones. Swapping equal answers changes
 * nothing, so only answers that differ are walked: the cost is their number times the flips, whatever the number of rows.
 */
export function swapTest(input: SwapInput, { seed, flips, groups = null }: FlipOptions): number {
  const { labels, first, second } = input
  assert(first.length === labels.length && second.length === labels.length, 'both models answer the same rows')
  const gaps = gapsOf(input, groups)
  const difference = swappedDifference(input, gaps)
  // Differences that are equal in exact arithmetic must count as ties.
  const threshold = Math.abs(difference(new Int8Array(gaps.units).fill(1))) - 1e-12
  return shareOfFlips(gaps.units, { seed, flips }, (signs) => Math.abs(difference(signs)) >= threshold)
}
