import { sql, type ReadableDb, type WritableDb } from '../tracker.ts'

/** One `step` event, as the charts want it. */
export interface MetricPoint {
  readonly step: number
  readonly loss: number | null
  readonly learningRate: number
  readonly memoryBytes: number
  readonly tokensPerSecond: number
}

export interface EvaluationPoint {
  readonly step: number
  readonly metrics: Readonly<Record<string, number>>
  readonly isBest: boolean
}

const insertPoint = `INSERT OR REPLACE INTO run_metrics
  (run_id, step, loss, learning_rate, memory_bytes, tokens_per_second) VALUES (?, ?, ?, ?, ?, ?)`

/** Adds points in one transaction; this is the path that runs many times a second. */
export function addMetricPoints(db: WritableDb, run: string, points: readonly MetricPoint[]): void {
  const insert = db.prepared(insertPoint)
  db.transaction(() => {
    for (const { step, loss, learningRate, memoryBytes, tokensPerSecond } of points) {
      insert.run(run, step, loss, learningRate, memoryBytes, tokensPerSecond)
    }
  })
}

export function addEvaluation(db: WritableDb, run_id: string, { step, metrics, isBest }: EvaluationPoint): void {
  db.transaction(() => {
    db.run(sql.replaceInto('evaluations').values({ run_id, step, is_best: isBest ? 1 : 0 }))
    for (const [name, value] of Object.entries(metrics)) {
      db.run(sql.replaceInto('evaluation_metrics').values({ run_id, step, name, value }))
    }
  })
}

/** Forgets what a run that goes on from `step` makes again. */
export function rewindMetrics(db: WritableDb, run: string, step: number): void {
  db.transaction(() => {
    for (const table of ['run_metrics', 'evaluations', 'evaluation_metrics'] as const) {
      db.run(sql.deleteFrom(table).where('run_id', '=', run).where('step', '>', step))
    }
  })
}

/** Every point of a run, by step. */
export function metricsOfRun(db: ReadableDb, run: string): readonly MetricPoint[] {
  return db.all(
    sql
      .selectFrom('run_metrics')
      .select([
        'step',
        'loss',
        'learning_rate as learningRate',
        'memory_bytes as memoryBytes',
        'tokens_per_second as tokensPerSecond'
      ])
      .where('run_id', '=', run)
      .orderBy('step')
  )
}

export function evaluationsOfRun(db: ReadableDb, run: string): readonly EvaluationPoint[] {
  const values = db.all(
    sql
      .selectFrom('evaluations as e')
      .innerJoin('evaluation_metrics as m', (on) => on.onRef('m.run_id', '=', 'e.run_id').onRef('m.step', '=', 'e.step'))
      .select(['e.step', 'e.is_best', 'm.name', 'm.value'])
      .where('e.run_id', '=', run)
      .orderBy('e.step')
  )
  const steps = new Map<number, { step: number; isBest: boolean; metrics: Record<string, number> }>()
  for (const { step, is_best, name, value } of values) {
    const point = steps.get(step) ?? { step, isBest: is_best === 1, metrics: {} }
    point.metrics[name] = value
    steps.set(step, point)
  }
  return [...steps.values()]
}

/** What the looks of a run at its validation rows said by one metric, by step. */
export function looksOfRun(
  db: ReadableDb,
  run: string,
  metric: string
): readonly { readonly step: number; readonly value: number }[] {
  return db.all(
    sql
      .selectFrom('evaluation_metrics')
      .select(['step', 'value'])
      .where('run_id', '=', run)
      .where('name', '=', metric)
      .orderBy('step')
  )
}
