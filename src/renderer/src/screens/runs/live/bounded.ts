interface Column {
  readonly step: readonly number[]
  readonly value: readonly number[]
}

/** Points that the page keeps of one series at most: more than the chart has pixels. */
export const MOST_KEPT = 4000
/** The newest points, which are shown as they are. */
const EXACT = 200

/**
 * A growing series in at most `MOST_KEPT` points. One that has grown over it is brought down to half of that, so that not every new point means
 * thinning anew: the first and the newest points stay, and of equal runs of those between the lowest and the highest, so that no spike is lost.
 */
export function bounded(series: Column): Column {
  const { step, value } = series
  if (step.length <= MOST_KEPT) return series
  const kept = [0]
  const end = step.length - EXACT
  const runs = (MOST_KEPT / 2 - EXACT - 1) >> 1
  for (let run = 0; run < runs; run++) {
    const from = 1 + Math.floor((run * (end - 1)) / runs)
    kept.push(...extremes(value, from, 1 + Math.floor(((run + 1) * (end - 1)) / runs)))
  }
  for (let at = end; at < step.length; at++) kept.push(at)
  return { step: kept.map((at) => step[at]!), value: kept.map((at) => value[at]!) }
}

/** Where the lowest and the highest stand in `[from, to)`, in this order of place. What is not a number is neither. */
function extremes(value: readonly number[], from: number, to: number): readonly number[] {
  let [low, high] = [from, from]
  for (let at = from + 1; at < to; at++) {
    if (value[at]! < value[low]! || Number.isNaN(value[low])) low = at
    if (value[at]! > value[high]! || Number.isNaN(value[high])) high = at
  }
  return low === high ? [low] : [Math.min(low, high), Math.max(low, high)]
}
