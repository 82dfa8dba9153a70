import { ENTITY_KEYS, entityMeasure, indexOfType, typeCounts, type EntityData } from './entities.ts'
import { bootstrap, type Estimate, type Measure, type ResampleOptions } from './intervals.ts'

/**
 * Cohen's kappa of two people's classes, [rows] each, and how often they say the same (Cohen 1960):
 *
 * κ = (p_o − p_e) / (1 − p_e)    p_e: how often they would by chance, from how often each says each class
 *
 * NaN where both say one and the same class throughout, as in scikit-learn.
 */
export function kappaMeasure(first: Int32Array, second: Int32Array, classes: number): Measure {
  const counts = [new Float64Array(classes), new Float64Array(classes)] as const
  const measure = (weights: Int32Array, out: Float64Array): void => {
    for (const each of counts) each.fill(0)
    let [rows, same] = [0, 0]
    for (const [row, weight] of weights.entries()) {
      const [a, b] = [first[row] ?? 0, second[row] ?? 0]
      rows += weight
      if (a === b) same += weight
      counts[0][a] = (counts[0][a] ?? 0) + weight
      counts[1][b] = (counts[1][b] ?? 0) + weight
    }
    const chance = counts[0].reduce((sum, count, c) => sum + count * (counts[1][c] ?? 0), 0) / rows ** 2
    out[0] = chance === 1 ? NaN : (same / rows - chance) / (1 - chance)
    out[1] = same / rows
  }
  return { rows: first.length, size: 2, measure }
}

/** How far two people's classes agree; null where a number is not defined. */
export function classAgreement(
  classes: { readonly first: Int32Array; readonly second: Int32Array; readonly count: number },
  options: ResampleOptions
): { readonly kappa: Estimate | null; readonly same: Estimate | null } {
  const [kappa = null, same = null] = bootstrap(kappaMeasure(classes.first, classes.second, classes.count), options)
  return { kappa, same }
}

export interface KindAgreement {
  readonly kind: string
  readonly first: number
  readonly second: number
  /** Passages that both marked alike. */
  readonly both: number
  readonly f1: Estimate | null
}

/** F1 of one person's passages against the other's, whichever is taken as the truth; null where neither marked any. */
export interface PassageAgreement {
  /** The same stretch and kind. */
  readonly strict: Estimate | null
  /** The same kind where the stretches overlap. */
  readonly overlap: Estimate | null
  readonly kinds: readonly KindAgreement[]
}

/**
 * How far two people's passages agree. F1 takes the place of kappa, which would need the number of passages that neither marked and nears F1 as that
 * grows (Hripcsak and Rothschild 2005, "Agreement, the F-measure, and reliability in information retrieval"). Documents are resampled.
 */
export function passageAgreement(data: EntityData, options: ResampleOptions): PassageAgreement {
  const counts = typeCounts(data)
  const of = (values: Float64Array, type: number): number =>
    values.reduce((sum, value, at) => sum + (at % data.types.length === type ? value : 0), 0)
  const kinds = data.types.map((kind, type) => ({
    kind,
    first: of(counts.actual, type),
    second: of(counts.predicted, type),
    both: of(counts.hit, type)
  }))
  const isNothing = kinds.every(({ first, second }) => first + second === 0)
  if (data.truth.length === 0 || isNothing) return { strict: null, overlap: null, kinds: [] }
  const estimates = bootstrap(entityMeasure(data), options)
  const at = (key: (typeof ENTITY_KEYS)[number]): Estimate | null => estimates[ENTITY_KEYS.indexOf(key)] ?? null
  return {
    strict: at('micro_f1'),
    overlap: at('type_f1'),
    kinds: kinds.map((each, type) => ({ ...each, f1: estimates[indexOfType(type, 'f1')] ?? null }))
  }
}
