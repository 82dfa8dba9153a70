import type { RunPlan } from '../../preload/contract/runs.ts'
import { sql, type ReadableDb } from '../tracker/tracker.ts'

/** Seconds that a run takes besides its steps: reading, baselines, test. Measured on the bundled letters. */
const SECONDS_BESIDE = 8
const SPREAD = 0.3

/** How long training on so many tokens takes, as fast as the newest run with this model on this device went; null where there is none. */
export function secondsFor(
  db: ReadableDb,
  { model, device }: { readonly model: string; readonly device: string },
  tokens: number
): RunPlan['time'] {
  const found = db.first(
    sql
      .selectFrom('run_metrics as m')
      .innerJoin('runs as r', 'r.id', 'm.run_id')
      .select(({ fn }) => [fn.avg('m.tokens_per_second').as('speed')])
      .where('r.model_id', '=', model)
      .where('r.device', '=', device)
      .groupBy('r.id')
      .orderBy('r.created_at', 'desc')
  )
  const speed = Number(found?.speed ?? 0)
  if (!(speed > 0) || !(tokens > 0)) return null
  return timeAround(tokens / speed)
}

/** What a run takes in all, whose steps take so long. */
export function timeAround(stepSeconds: number): NonNullable<RunPlan['time']> {
  const seconds = stepSeconds + SECONDS_BESIDE
  return { seconds, spread: SPREAD * seconds }
}
