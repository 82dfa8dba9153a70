import { assert, defined } from '../../base/assert.ts'
import { f1 } from './averages.ts'
import { decidedPairs, type PairComparison, type PairOptions } from './compare-pairs.ts'
import { ENTITY_KEYS, entityMeasure, typeCounts, type EntityData } from './entities.ts'
import { shareOfFlips, type FlipOptions } from './flips.ts'
import { resample } from './intervals.ts'
import { pairedBootstrap } from './paired.ts'

const PRIMARY = 'micro_f1'

/** Passages of a unit (a document, or a group of them): there, and of each model found exactly and said. */
interface UnitCounts {
  readonly hits: readonly [number, number]
  readonly said: readonly [number, number]
}

/** Sums of counts [documents · types] by unit. */
function byUnit(counts: Float64Array, documents: number, groups: Int32Array | null): Map<number, number> {
  const width = documents === 0 ? 0 : counts.length / documents
  const sums = new Map<number, number>()
  for (let document = 0; document < documents; document++) {
    const unit = groups ? (groups[document] ?? 0) : document
    let sum = sums.get(unit) ?? 0
    for (let type = 0; type < width; type++) sum += counts[document * width + type] ?? 0
    sums.set(unit, sum)
  }
  return sums
}

/**
 * Paired randomisation test of a difference in micro-F1 over passages (Yeh 2000, "More accurate tests for the statistical significance of result
 * differences", COLING): if two models were alike, either could have given either's answer to a document, so a coin swaps the two answers of each
 * document, or of a whole group. Returns the two-sided P(|d*| ≥ |d|): exact over all swaps of up to 12 units whose counts differ, else over seeded
 * random ones.
 */
export function entitySwapTest(first: EntityData, second: EntityData, { seed, flips, groups = null }: FlipOptions): number {
  const { length: documents } = first.truth
  assert(second.truth.length === documents, 'both models answer the same documents')
  const counts = [typeCounts(first), typeCounts(second)] as const
  const sums = counts.map(({ hit, predicted }) => ({
    hit: byUnit(hit, documents, groups),
    said: byUnit(predicted, documents, groups)
  }))
  const [a, b] = [defined(sums[0], 'the first'), defined(sums[1], 'the second')]
  const units = [...a.hit.keys()].map((unit): UnitCounts => ({
    hits: [a.hit.get(unit) ?? 0, b.hit.get(unit) ?? 0],
    said: [a.said.get(unit) ?? 0, b.said.get(unit) ?? 0]
  }))
  const there = counts[0].actual.reduce((sum, count) => sum + count, 0)
  const total = (of: (unit: UnitCounts) => number): number => units.reduce((sum, unit) => sum + of(unit), 0)
  const [hits, said] = [total((unit) => unit.hits[0] + unit.hits[1]), total((unit) => unit.said[0] + unit.said[1])]
  const gaps = units
    .map((unit) => ({ hits: unit.hits[0] - unit.hits[1], said: unit.said[0] - unit.said[1] }))
    .filter((gap) => gap.hits !== 0 || gap.said !== 0)
  // With signs σ one model's counts are half of (both models' + Σ σ·gap), the other's half of (both models' − Σ σ·gap).
  const difference = (signs: Int8Array): number => {
    let [hitGap, saidGap] = [0, 0]
    gaps.forEach((gap, i) => {
      hitGap += (signs[i] ?? 1) * gap.hits
      saidGap += (signs[i] ?? 1) * gap.said
    })
    return f1((hits + hitGap) / 2, (said + saidGap) / 2, there) - f1((hits - hitGap) / 2, (said - saidGap) / 2, there)
  }
  // Differences that are equal in exact arithmetic must count as ties.
  const threshold = Math.abs(difference(new Int8Array(gaps.length).fill(1))) - 1e-12
  return shareOfFlips(gaps.length, { seed, flips }, (signs) => Math.abs(difference(signs)) >= threshold)
}

/** Every pair of models that marked the same documents: the difference in micro-F1, and whether it is more than chance. */
export function compareEntityPairs(
  models: readonly EntityData[],
  { seed, groups = null, resamples }: PairOptions
): { readonly primary: string; readonly pairs: readonly PairComparison[] } {
  const index = ENTITY_KEYS.indexOf(PRIMARY)
  const resampled = resample(models.map(entityMeasure), { seed, groups, ...(resamples !== undefined && { resamples }) })
  const raw = models.flatMap((model, first) =>
    models.slice(first + 1).map((other, next) => {
      const second = first + 1 + next
      const [own, theirs] = [defined(resampled[first], 'its resamples'), defined(resampled[second], 'its resamples')]
      const { difference } = pairedBootstrap(own, theirs, index)
      return { first, second, difference, p: entitySwapTest(model, other, { seed, groups }) }
    })
  )
  return { primary: PRIMARY, pairs: decidedPairs(PRIMARY, 'randomisation', raw) }
}
