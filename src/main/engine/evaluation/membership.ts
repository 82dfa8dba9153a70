import { bootstrap, type Estimate, type Measure } from './intervals.ts'
import { orderByScore, tieEnds, weightedAreas, type Ranking } from './ranking.ts'

/** How well training rows can be told from rows that the model never saw, by their loss alone. */
export interface Membership {
  readonly members: number
  readonly outsiders: number
  /** Chance that a training row has the lower loss of a pair; 0.5 is guessing. */
  readonly auc: Estimate
  /** Share of training rows recognised while at most this share of the others is taken for one; null where the others are too few for it. */
  readonly tpr: Estimate | null
  readonly fpr: number
  readonly level: MembershipLevel
}

/** `none`: not shown; `some`: better than chance; `strong`: rows can be picked out. */
export type MembershipLevel = 'none' | 'some' | 'strong'

export interface MembershipOptions {
  readonly seed: number
  readonly resamples?: number
  /** A group number per row, members first; whole groups are drawn. */
  readonly groups?: Int32Array | null
}

/** False alarms at which an attack is judged: what it says of few people must be right (Carlini et al. 2022, arXiv:2112.03570). */
const FPR = 0.01
/** Fewer rows cannot show one false alarm in a hundred. */
const ENOUGH_OUTSIDERS = 100
/** From here on we call it strong: AUC 0.7, or ten times as many rows recognised as false alarms. The limits are ours; the measures are the papers'. */
const STRONG_AUC = 0.7
const STRONG_TPR = 10 * FPR

/**
 * The membership attack by loss (Yeom et al. 2018, arXiv:1709.01604): a row is taken for a training row where its loss is low. AUC over all limits,
 * and the true-positive rate at few false positives; percentile bootstrap over rows (or groups), 95 %. The level follows from the lower ends, so
 * that chance alone does not raise it.
 * @param members losses of training rows
 * @param outsiders losses of rows that were not trained on
 */
export function membershipTest(members: Float64Array, outsiders: Float64Array, options: MembershipOptions): Membership | null {
  if (members.length === 0 || outsiders.length === 0) return null
  const losses = Float64Array.from([...members, ...outsiders])
  const order = orderByScore(losses, false)
  const positive = Uint8Array.from(order, (row) => (row < members.length ? 1 : 0))
  const ranking: Ranking = { order, positive, endsTie: tieEnds(losses, order) }
  const areas = { auroc: NaN, auprc: NaN }
  const measure: Measure = {
    rows: losses.length,
    size: 2,
    measure: (weights, out) => {
      weightedAreas(ranking, weights, areas)
      out[0] = areas.auroc
      out[1] = rateAt(ranking, weights, FPR)
    }
  }
  const [auc, rate] = bootstrap(measure, { resamples: 1000, ...options })
  if (!auc) return null
  const tpr = outsiders.length >= ENOUGH_OUTSIDERS ? (rate ?? null) : null
  return { members: members.length, outsiders: outsiders.length, auc, tpr, fpr: FPR, level: levelOf(auc, tpr) }
}

function levelOf(auc: Estimate, tpr: Estimate | null): MembershipLevel {
  if (auc.low >= STRONG_AUC || (tpr !== null && tpr.low >= STRONG_TPR)) return 'strong'
  return auc.low > 0.5 || (tpr !== null && tpr.low > FPR) ? 'some' : 'none'
}

/** Share of positives ranked above the limit that at most `fpr` of the negatives pass; rows of equal score pass together or not at all. */
function rateAt({ order, positive, endsTie }: Ranking, weights: Int32Array, fpr: number): number {
  let positives = 0
  let negatives = 0
  for (let place = 0; place < order.length; place++) {
    const weight = weights[order[place] ?? 0] ?? 0
    if (positive[place] === 1) positives += weight
    else negatives += weight
  }
  if (positives === 0 || negatives === 0) return NaN
  const allowed = Math.floor(fpr * negatives)
  let found = 0
  let alarms = 0
  let passed = 0
  for (let place = 0; place < order.length; place++) {
    const weight = weights[order[place] ?? 0] ?? 0
    if (positive[place] === 1) found += weight
    else alarms += weight
    if (endsTie[place] === 0) continue
    if (alarms > allowed) break
    passed = found
  }
  return passed / positives
}
