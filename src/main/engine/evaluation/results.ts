import type { ReliabilityBin } from './bins.ts'
import type { ClassificationData, ClassificationKey } from './classification.ts'
import type { PerClassKey } from './per-class.ts'
import type { Baseline, BaselineComparison } from './compare.ts'
import type { Estimate } from './intervals.ts'
import type { MultiLabelData, MultiLabelKey } from './multi-label.ts'
import type { RegressionData, RegressionKey } from './regression.ts'

/** A model's answers to the test rows. */
export type EvaluationInput =
  | ({ readonly kind: 'single-label' } & ClassificationData)
  | ({ readonly kind: 'multi-label' } & MultiLabelData)
  | ({ readonly kind: 'regression' } & RegressionData)

export type TaskKind = EvaluationInput['kind']

export interface EvaluationOptions {
  readonly seed: number
  /** The person's row number of each test row; 0, 1, 2 … where omitted. */
  readonly rowIds?: readonly number[]
  /** A group number per row (`numberGroups`): intervals and tests then treat a group as one unit. */
  readonly groups?: Int32Array | null
  readonly baselines?: readonly Baseline[]
  /** The metric that decides whether the model beats a baseline; default macro_f1, or mae for a regression. */
  readonly primary?: string
  readonly resamples?: number
  readonly level?: number
  /** How many of the worst errors are listed; default 50. */
  readonly worst?: number
}

/** How the intervals were made, for the report to state. */
export interface IntervalMethod {
  readonly level: number
  readonly resamples: number
  readonly seed: number
  readonly unit: 'rows' | 'groups'
}

interface ResultOf<Kind extends TaskKind, K extends string> {
  readonly kind: Kind
  readonly rows: number
  readonly intervals: IntervalMethod
  readonly primary: K
  /** Null where the test rows do not define the metric (AUROC of a single class). */
  readonly metrics: Record<K, Estimate | null>
  readonly baselines: readonly BaselineComparison<K>[]
}

export interface ClassRow extends Record<PerClassKey, Estimate | null> {
  readonly name: string
  /** Test rows of the class. */
  readonly support: number
  /** Test rows predicted as it. */
  readonly predicted: number
}

/** Right and wrong answers by the confidence in them: the histogram's bar over (low, high]. */
export interface ConfidenceBar {
  readonly low: number
  readonly high: number
  readonly right: number
  readonly wrong: number
}

export interface SingleLabelResult extends ResultOf<'single-label', ClassificationKey> {
  readonly classNames: readonly string[]
  readonly perClass: readonly ClassRow[]
  /** [true class][predicted class] */
  readonly confusion: readonly (readonly number[])[]
  /** Wrong answers, the most confident first. Classes are numbers into `classNames`. */
  readonly worstErrors: readonly {
    readonly row: number
    readonly label: number
    readonly predicted: number
    readonly confidence: number
    readonly probabilityOfLabel: number
  }[]
  readonly confidence: readonly ConfidenceBar[]
  readonly reliability: readonly ReliabilityBin[]
}

export interface MultiLabelResult extends ResultOf<'multi-label', MultiLabelKey> {
  readonly labelNames: readonly string[]
  readonly perLabel: readonly (ClassRow & { readonly threshold: number })[]
  /** Wrong decisions, those furthest on the wrong side of their threshold first. */
  readonly worstErrors: readonly {
    readonly row: number
    readonly label: number
    readonly isCarried: boolean
    readonly probability: number
  }[]
  readonly confidence: readonly ConfidenceBar[]
  readonly reliability: readonly ReliabilityBin[]
}

export interface RegressionResult extends ResultOf<'regression', RegressionKey> {
  /** The largest errors first. */
  readonly worstErrors: readonly { readonly row: number; readonly target: number; readonly prediction: number }[]
}

/** Everything the report says about one model on the test rows, as plain JSON. */
export type EvaluationResult = SingleLabelResult | MultiLabelResult | RegressionResult
