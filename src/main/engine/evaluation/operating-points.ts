/** What calling out one class from some probability on comes to, on the rows it was counted on. */
export interface OperatingPoint {
  /** The class is called out from this probability on. */
  readonly threshold: number
  /** Rows called out, and those of them that are of the class. */
  readonly alarms: number
  readonly hits: number
}

export interface OperatingCurve {
  readonly rows: number
  /** Rows of the class. */
  readonly positives: number
  /** By falling threshold: from calling out nothing to calling out everything. */
  readonly points: readonly OperatingPoint[]
}

/**
 * Every way in which a threshold on `probability` [rows] can part the rows. A threshold lies midway between two neighbouring probabilities, so
 * that rows as near as these come out the same.
 */
export function operatingCurve(probability: ArrayLike<number>, isPositive: (row: number) => boolean): OperatingCurve {
  const order = Array.from(probability, (_, row) => row).sort((a, b) => (probability[b] ?? 0) - (probability[a] ?? 0))
  const points: OperatingPoint[] = [{ threshold: 1, alarms: 0, hits: 0 }]
  let hits = 0
  order.forEach((row, i) => {
    if (isPositive(row)) hits++
    const here = probability[row] ?? 0
    const next = probability[order[i + 1] ?? -1] ?? 0
    if (i + 1 < order.length && next === here) return
    points.push({ threshold: i + 1 === order.length ? 0 : (here + next) / 2, alarms: i + 1, hits })
  })
  // A certain row is called out even by the highest threshold there is.
  const [first, second] = points
  const isCertain = (probability[order[0] ?? -1] ?? 0) >= 1
  return { rows: order.length, positives: hits, points: isCertain && first && second ? points.slice(1) : points }
}

/** The fewest alarms that find at least `share` of the class; null where the rows hold none of it. */
export function findingAtLeast({ points, positives }: OperatingCurve, share: number): OperatingPoint | null {
  if (positives === 0) return null
  // A share such as 19/20 must not fail on its last bit.
  return points.find(({ hits }) => hits >= share * positives - 1e-9) ?? null
}

/** The most that can be found with at most `share` of all rows called out. */
export function alarmsAtMost({ points, rows }: OperatingCurve, share: number): OperatingPoint | null {
  return points.findLast(({ alarms }) => alarms <= share * rows + 1e-9) ?? null
}

/** The most that can be found while at least `share` of what is called out is right; null where no threshold gives that. */
export function rightAtLeast({ points }: OperatingCurve, share: number): OperatingPoint | null {
  return points.findLast(({ alarms, hits }) => hits > 0 && hits >= share * alarms - 1e-9) ?? null
}

/** The highest F1 = 2·hits / (alarms + positives); of equal ones that with fewer alarms. */
export function bestBalance({ points, positives }: OperatingCurve): OperatingPoint | null {
  const f1 = ({ alarms, hits }: OperatingPoint): number => (hits === 0 ? 0 : (2 * hits) / (alarms + positives))
  return positives === 0
    ? null
    : points.reduce<OperatingPoint | null>((best, each) => (best && f1(best) >= f1(each) ? best : each), null)
}

/** What a threshold that need not be one of the curve's comes to. */
export function pointAt(probability: ArrayLike<number>, isPositive: (row: number) => boolean, threshold: number): OperatingPoint {
  let alarms = 0
  let hits = 0
  for (let row = 0; row < probability.length; row++) {
    if ((probability[row] ?? 0) < threshold) continue
    alarms++
    if (isPositive(row)) hits++
  }
  return { threshold, alarms, hits }
}

/** What leaving unsure rows to a person comes to: answers kept, and how many of them are right. */
export interface CoveragePoint {
  /** Answers whose sureness is below this go to a person. */
  readonly below: number
  readonly kept: number
  readonly right: number
}

/** By rising `below`: from keeping every answer to keeping the surest only. */
export function coverageCurve(sureness: ArrayLike<number>, isRight: (row: number) => boolean): readonly CoveragePoint[] {
  const { points } = operatingCurve(sureness, isRight)
  return points
    .filter(({ alarms }) => alarms > 0)
    .map(({ threshold, alarms, hits }) => ({ below: threshold, kept: alarms, right: hits }))
    .reverse()
}

/** The most answers kept of which at least `share` are right; null where no threshold gives that. */
export function keepingRight(points: readonly CoveragePoint[], share: number): CoveragePoint | null {
  return points.find(({ kept, right }) => right >= share * kept - 1e-9) ?? null
}
