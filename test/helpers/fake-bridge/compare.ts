import type { RunId } from '../../../src/preload/contract/common.ts'
import type { ComparedPair, CompareApi, Comparison } from '../../../src/preload/contract/compare.ts'

/** The run that lost in the simulated world, and one whose data were split differently. */
const BAD = 'bad' as RunId
const STRANGER = 'r1' as RunId

const pairOf = (first: RunId, second: RunId, pairs: number): ComparedPair => {
  const isDecided = first === BAD || second === BAD
  const p = isDecided ? 0.0002 : 0.41
  const better = first === BAD ? second : first
  const sign = first === BAD ? -1 : 1
  return {
    first,
    second,
    difference: isDecided
      ? { value: 0.24 * sign, low: sign > 0 ? 0.16 : -0.32, high: sign > 0 ? 0.32 : -0.16 }
      : { value: 0.01, low: -0.03, high: 0.05 },
    tests: [
      { metric: 'macro_f1', method: 'randomisation', p, adjustedP: Math.min(1, p * pairs) },
      { metric: 'accuracy', method: 'mcnemar-exact', p: p * 1.2, adjustedP: Math.min(1, p * 1.2 * pairs) }
    ],
    better: isDecided ? better : null
  }
}

/** Pairwise tests as main would tell them; with three runs or more, one of them does not fit. */
function comparisonOf(ids: readonly RunId[]): Comparison {
  const unfit = ids.length > 2 && ids.includes(STRANGER) ? [STRANGER] : []
  const tested = ids.filter((id) => !unfit.includes(id))
  const count = (tested.length * (tested.length - 1)) / 2
  return {
    metric: 'macro_f1',
    rows: 158,
    pairs: tested.flatMap((first, i) => tested.slice(i + 1).map((second) => pairOf(first, second, count))),
    unfit: unfit.map((run) => ({ run, reason: 'other-rows', shared: 31 }))
  }
}

export const compareHandlers: CompareApi = { tests: comparisonOf }
