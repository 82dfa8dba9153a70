import { join } from 'node:path'
import { defined } from '../base/assert.ts'
import { writeJsonAtomic } from '../base/files.ts'
import { readFile } from '../base/sealed/fs.ts'
import { fitLearningCurve, type CurvePoint, type Estimate } from '../engine/evaluation/index.ts'
import type { LearningCurve } from '../report/learning-curve.ts'
import { isLess } from '../report/metrics.ts'
import type { RunReport } from '../report/run-report.ts'
import type { PreparedRun } from './prepare.ts'
import { VALIDATION_FILE } from './run-model.ts'
import type { TrainInput } from './train-run.ts'

/** What a training achieved on validation, with how many rows. */
interface StoredValidation {
  readonly metrics: Readonly<Record<string, Estimate | null>>
  /** Rows that it learned from, each counted once. */
  readonly rows: number
}

/** Whether validation alone judges a training: a run that was not chosen, or a share of the rows. */
export const isUntested = ({ selection }: Pick<TrainInput, 'selection'>, { share }: Pick<PreparedRun, 'share'>): boolean =>
  selection?.isChosen === false || (share !== null && share.halvings > 0)

/** Whether validation metrics are compared with those of other trainings. */
export const isCompared = (input: Pick<TrainInput, 'selection'>, prepared: Pick<PreparedRun, 'share'>): boolean =>
  prepared.share !== null || isUntested(input, prepared)

/** Keeps the metrics of the best weights on validation. */
export async function writeValidation(
  folder: string,
  { split }: Pick<PreparedRun, 'split'>,
  metrics: StoredValidation['metrics']
): Promise<void> {
  const stored: StoredValidation = { metrics, rows: new Set(split.train).size }
  await writeJsonAtomic(join(folder, VALIDATION_FILE), stored)
}

/** The curve of the metric that chose the best weights; of the first that all shares have where that one is no metric of answers. */
function learningCurveOf({ training, run }: RunReport, shares: readonly StoredValidation[]): LearningCurve {
  const isKnown = (name: string): boolean => shares.every(({ metrics }) => metrics[name] != null)
  const chosen = training.bestMetric?.name
  const metric = chosen !== undefined && isKnown(chosen) ? chosen : Object.keys(shares.at(-1)?.metrics ?? {}).find(isKnown)
  const points = shares.flatMap(({ rows, metrics }): CurvePoint[] => {
    const measured = metric === undefined ? null : metrics[metric]
    return measured ? [{ rows, value: measured.value, low: measured.low, high: measured.high }] : []
  })
  return { metric: metric ?? '', points, fit: fitLearningCurve(points, isLess(metric ?? ''), run.seed) }
}

/** The report of a run with its learning curve: that of the training with all rows, and what each share achieved on validation. */
export async function withCurve(folders: readonly string[], reports: readonly RunReport[]): Promise<RunReport> {
  const whole = defined(reports.at(-1), 'a report')
  const stored = await Promise.all(
    // Written by writeValidation.
    folders.map(async (folder) => JSON.parse(await readFile(join(folder, VALIDATION_FILE), 'utf8')) as StoredValidation)
  )
  return { ...whole, learningCurve: learningCurveOf(whole, stored) }
}
