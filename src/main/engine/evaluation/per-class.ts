import { emptyCounts, PER_CLASS_KEYS, writePerClass } from './averages.ts'
import type { Counts } from './averages.ts'
import { weightedAreas } from './ranking.ts'
import type { Ranking } from './ranking.ts'

export type PerClassKey = (typeof PER_CLASS_KEYS)[number]

/** The numbers of each class or label, which classifiers of one label and of several write after those of the whole. */
export interface PerClass {
  /** Refilled by the measure before `write`. */
  readonly counts: Counts
  /** Values that `write` writes. */
  readonly size: number
  /** AUROC and AUPRC of each class, as `write` found them last. */
  readonly aurocs: Float64Array
  readonly auprcs: Float64Array
  /** Writes `PER_CLASS_KEYS` of each class to `out` from `start` on; `total` is the number of rows, counted with their weights. */
  readonly write: (weights: Int32Array, total: number, out: Float64Array) => void
}

/** Where `key` of class `c` is written. */
export function indexOfClass(start: number, c: number, key: PerClassKey): number {
  return start + c * PER_CLASS_KEYS.length + PER_CLASS_KEYS.indexOf(key)
}

/** `rankings`: of the rows by the probability of each class. */
export function perClass(rankings: readonly Ranking[], start: number): PerClass {
  const counts = emptyCounts(rankings.length)
  const areas = { auroc: 0, auprc: 0 }
  const [aurocs, auprcs] = [new Float64Array(rankings.length), new Float64Array(rankings.length)]
  const write = (weights: Int32Array, total: number, out: Float64Array): void => {
    for (const [c, ranking] of rankings.entries()) {
      const at = start + c * PER_CLASS_KEYS.length
      weightedAreas(ranking, weights, areas)
      writePerClass(counts, c, total, out, at)
      aurocs[c] = out[at + 4] = areas.auroc
      auprcs[c] = out[at + 5] = areas.auprc
    }
  }
  return { counts, size: rankings.length * PER_CLASS_KEYS.length, aurocs, auprcs, write }
}
