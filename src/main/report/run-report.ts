import type { AfterTest } from './after-test.ts'
import type { FoldSummary } from './folds.ts'
import type { LearningCurve } from './learning-curve.ts'
import type { SubgroupFacts } from './subgroups.ts'
import type { CostFacts } from './cost.ts'
import type { EnergyFacts } from './energy.ts'
import type { Int8Facts } from './int8.ts'
import type { AnswerResult, EntityResult, Estimate, EvaluationResult } from '../engine/evaluation/index.ts'

/** Raised when a field of the report changes its meaning; a report of another version is refused by name. */
export const REPORT_VERSION = 1

export type SplitPart = 'train' | 'validation' | 'test'

/** A setting as run.yaml writes it; lists are joined by commas. */
export type SettingValue = string | number | boolean | null

/** The baselines that every run is set beside, by `Baseline.id` (`majority` guesses the average in a regression). Others are shown by their title. */
export type BaselineId = 'majority' | 'tfidf' | 'base'

export interface RunFacts {
  readonly name: string
  readonly folder: string
  /** ISO 8601, UTC. */
  readonly createdAt: string
  /** Wall time from the start of the process to the report. */
  readonly seconds: number
  /** Wall time by phase, in the order in which they ran; they need not add up to `seconds`. */
  readonly secondsByPhase: Readonly<Record<string, number>>
  readonly seed: number
  /** Hex; null where nothing was trained. */
  readonly weightsHash: string | null
  /** Where the run's files are, relative to `folder`. */
  readonly files: readonly { readonly title: string; readonly path: string }[]
}

export interface TaskFacts {
  readonly id: 'text-classification' | 'token-classification' | 'question-answering' | 'regression' | 'masked-lm'
  readonly kind: 'single-label' | 'multi-label' | 'spans' | 'answers' | 'regression' | 'masked-lm'
}

export interface ModelFacts {
  /** `bert`, `roberta`, … */
  readonly family: string
  /** What the person calls it: the folder's name. */
  readonly title: string
  readonly parameters: number
  readonly trainableParameters: number
  readonly method: { readonly id: string; readonly title: string; readonly settings: Readonly<Record<string, SettingValue>> }
}

export interface DataFacts {
  /** Names, without their folders. */
  readonly files: readonly string[]
  readonly rows: Readonly<Record<SplitPart, number>>
  /** The column whose rows were kept together; null where none was named. */
  readonly groupColumn: string | null
  /** Groups in each part; null without a group column. */
  readonly groups: Readonly<Record<SplitPart, number>> | null
  /** Rows left out by reason: `empty_text`, `empty_text_pair`, `missing_label`. */
  readonly skipped: Readonly<Record<string, number>>
  readonly duplicates: {
    readonly sets: number
    readonly extraRows: number
    readonly conflictingSets: number
    readonly conflictingRows: number
  }
  /** Texts longer than `maxLength` tokens, in all parts, and the tokens that were cut off them. */
  readonly truncatedRows: number
  readonly truncatedTokens: number
  readonly totalTokens: number
  readonly maxLength: number
  readonly notes: readonly string[]
  /** Empty for regression and masked-lm. */
  readonly classNames: readonly string[]
  /** Rows of each class in each part, in the order of `classNames`; null where there are no classes. */
  readonly classCounts: Readonly<Record<SplitPart, readonly number[]>> | null
}

export interface LossPoint {
  readonly step: number
  /** Mean training loss of the steps since the point before. */
  readonly loss: number
}

export interface EvaluationPoint {
  readonly step: number
  readonly metrics: Readonly<Record<string, number>>
}

export interface TrainingFacts {
  readonly steps: number
  readonly totalSteps: number
  /** Epochs begun or finished, and those that were planned. */
  readonly epochs: number
  readonly plannedEpochs: number
  /** The step whose weights were kept and tested; null where no evaluation chose one. */
  readonly bestStep: number | null
  readonly bestMetric: { readonly name: string; readonly value: number; readonly greaterIsBetter: boolean } | null
  readonly stoppedEarly: boolean
  /** Steps whose loss or gradient was not finite. */
  readonly skippedSteps: number
  /** What ran frozen and therefore without dropout, as a phrase: `the embeddings and layers 0 to 3`. Null where nothing did. */
  readonly prefix: string | null
  /** Settings of `training` by their names in run.yaml. */
  readonly settings: Readonly<Record<string, SettingValue>>
  readonly curves: { readonly training: readonly LossPoint[]; readonly validation: readonly EvaluationPoint[] }
}

export interface CalibrationFacts {
  /** Fitted on validation: one for single-label, one per label for multi-label; null where probabilities are as the model gave them. */
  readonly temperatures: readonly number[] | null
  /** Multi-label only, per label, fitted on validation. */
  readonly thresholds: readonly number[] | null
}

export interface MaskedLmResult {
  readonly kind: 'masked-lm'
  readonly rows: number
  /** Mean cross-entropy per hidden token, in nats, and exp of it. */
  readonly loss: number
  readonly perplexity: number
  /** The same rows and the same hidden tokens, before training. */
  readonly base: { readonly loss: number; readonly perplexity: number } | null
}

export type ReportEvaluation = EvaluationResult | EntityResult | AnswerResult | MaskedLmResult

export interface SpeedFacts {
  /** What computed: `CPU, 2 threads`. */
  readonly device: string
  readonly tokensPerSecond: number
  readonly peakRssBytes: number
  readonly predictedRssBytes: number | null
}

/** One metric over the runs of several seeds. */
export interface SeedStatistic {
  /** In the order of `SeedSummary.seeds`; null where a seed's rows did not define the metric. */
  readonly values: readonly (number | null)[]
  readonly mean: number
  /** Sample standard deviation (n − 1); null for a single value. */
  readonly deviation: number | null
}

export interface SeedSummary {
  readonly seeds: readonly number[]
  readonly metrics: Readonly<Record<string, SeedStatistic>>
}

/** Everything that a run's report says, as plain JSON: report.json, and the source of the terminal and HTML pages. No text of a row is in it. */
export interface RunReport {
  readonly version: typeof REPORT_VERSION
  readonly run: RunFacts
  readonly task: TaskFacts
  readonly model: ModelFacts
  readonly data: DataFacts
  readonly training: TrainingFacts
  readonly calibration: CalibrationFacts
  /** Null where no rows were set aside for a test. */
  readonly evaluation: ReportEvaluation | null
  readonly speed: SpeedFacts
  /** How often the test rows have been consulted, this time included. */
  readonly testLooks: number
  readonly seeds: SeedSummary | null
  /** What people decided and corrected since; left out where nothing was. */
  readonly after?: AfterTest
  /** Left out in reports made before it was estimated. */
  readonly energy?: EnergyFacts
  /** Left out in reports made before it was counted. */
  readonly cost?: CostFacts
  /** Set where layers were trained over in 8 bits; reports made before it was kept have it as a note of the data alone. */
  readonly int8?: Int8Facts
  /** Left out in reports made before they were compared, and where nothing was tested. */
  readonly subgroups?: SubgroupFacts
  /** Set where every row was tested once, by folds: `evaluation` then judges the answers of all of them. */
  readonly folds?: FoldSummary
  /** Set where shares of the training rows were trained, too. */
  readonly learningCurve?: LearningCurve
}

export type MetricTable = Readonly<Record<string, Estimate | null>>

const CURVE_POINTS = 200

/** At most `limit` points of a long loss curve: the means of equal runs of steps, each placed at its last step. */
export function thinLosses(points: readonly LossPoint[], limit = CURVE_POINTS): LossPoint[] {
  const size = Math.ceil(points.length / limit)
  const thinned: LossPoint[] = []
  for (let start = 0; start < points.length; start += size) {
    const bucket = points.slice(start, start + size)
    const loss = bucket.reduce((sum, point) => sum + point.loss, 0) / bucket.length
    thinned.push({ step: bucket.at(-1)?.step ?? 0, loss })
  }
  return thinned
}
