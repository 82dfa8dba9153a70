import type { SweepCost } from '../../preload/contract/costs.ts'
import { spentOn, sumSpent } from '../report/spent.ts'
import type { RunRow } from '../tracker/queries/runs.ts'

const nothing: SweepCost['reused'] = { passes: 0, found: 0, seconds: 0, texts: 0 }

/** What several runs took together, by what each kept in its folder; null where none has yet. */
export async function costOf(rows: readonly Pick<RunRow, 'folder'>[]): Promise<SweepCost | null> {
  const kept = await Promise.all(rows.map(async ({ folder }) => (folder === null ? null : spentOn(folder))))
  const known = kept.filter((each) => each !== null)
  const sum = sumSpent(known)
  if (sum === null) return null
  const { elapsed = 0, busySeconds = 0, tokens = 0, reused = nothing, gridIntensity, goesOn } = sum.cost
  const { energy } = sum
  return {
    runs: known.length,
    isPartial: goesOn,
    ...{ seconds: elapsed, busySeconds, tokens, gridIntensity, reused },
    energy: energy && { method: energy.method, low: energy.low, high: energy.high, ...(energy.card && { card: energy.card }) }
  }
}
