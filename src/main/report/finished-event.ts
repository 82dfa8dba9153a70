import type { MetricTable, RunReport } from './run-report.ts'

/** One baseline in the `finished` event. */
export interface FinishedBaseline {
  readonly id: string
  readonly title: string
  readonly metrics: MetricTable
  /** model − baseline. */
  readonly differences: MetricTable
  readonly verdict: 'better' | 'worse' | 'not shown'
  /** Of the primary metric's test, corrected for the number of baselines. */
  readonly p: number | null
}

/** Without an interval (`low` and `high` null) where the number was measured once and not resampled. */
export interface FinishedMetric {
  readonly value: number
  readonly low: number | null
  readonly high: number | null
}

type FinishedMetrics = Readonly<Record<string, FinishedMetric | null>>

/** The last line of `attune train --json`, and the line of `attune show --json`. */
export interface FinishedEvent {
  readonly event: 'finished'
  readonly run: string
  readonly weights_hash: string | null
  readonly metrics: { readonly test: FinishedMetrics | null }
  readonly baselines: readonly FinishedBaseline[]
  readonly seconds: { readonly total: number; readonly phases: Readonly<Record<string, number>> }
  readonly tokens_per_second: number
  readonly peak_rss_bytes: number
  readonly predicted_rss_bytes: number | null
  readonly trainable_parameters: number
  readonly total_parameters: number
  readonly truncated_rows: number
  readonly test_looks: number
  readonly steps: number
  readonly rows: RunReport['data']['rows']
  readonly calibration: RunReport['calibration']
  readonly seeds: RunReport['seeds']
  readonly folds: NonNullable<RunReport['folds']> | null
  readonly learning_curve: NonNullable<RunReport['learningCurve']> | null
  /** What computed. */
  readonly device: string
  /** Null in reports made before it was counted. */
  readonly cost: NonNullable<RunReport['cost']> | null
  /** Settings by their names in run.yaml. */
  readonly settings: { readonly method: Settings; readonly training: Settings }
}

type Settings = RunReport['training']['settings']

/** What the `finished` event says of a run, taken from its report so that the two cannot differ. */
export function finishedEvent(report: RunReport): FinishedEvent {
  const { run, model, data, training, speed, testLooks } = report
  return {
    event: 'finished',
    run: run.folder,
    weights_hash: run.weightsHash,
    metrics: { test: testMetrics(report) },
    baselines: baselines(report),
    seconds: { total: run.seconds, phases: run.secondsByPhase },
    tokens_per_second: speed.tokensPerSecond,
    peak_rss_bytes: speed.peakRssBytes,
    predicted_rss_bytes: speed.predictedRssBytes,
    trainable_parameters: model.trainableParameters,
    total_parameters: model.parameters,
    truncated_rows: data.truncatedRows,
    test_looks: testLooks,
    steps: training.steps,
    rows: data.rows,
    calibration: report.calibration,
    seeds: report.seeds,
    folds: report.folds ?? null,
    learning_curve: report.learningCurve ?? null,
    device: speed.device,
    cost: report.cost ?? null,
    settings: { method: { type: model.method.id, ...model.method.settings }, training: training.settings }
  }
}

function testMetrics({ evaluation }: RunReport): FinishedMetrics | null {
  if (evaluation === null) return null
  if (evaluation.kind !== 'masked-lm') return evaluation.metrics
  const exactly = (value: number): FinishedMetric => ({ value, low: null, high: null })
  return { loss: exactly(evaluation.loss), perplexity: exactly(evaluation.perplexity) }
}

function baselines({ evaluation }: RunReport): FinishedBaseline[] {
  if (evaluation === null || evaluation.kind === 'masked-lm') return []
  return evaluation.baselines.map(({ id, title, metrics, differences, verdict, tests }) => ({
    id,
    title,
    metrics,
    differences,
    verdict,
    p: tests[0]?.adjustedP ?? null
  }))
}
