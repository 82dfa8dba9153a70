import type { Turns } from '../../../base/turns.ts'
import { classificationMetrics } from '../classification.ts'
import { fitThresholds } from '../calibration.ts'
import { multiLabelMetrics } from '../multi-label.ts'
import { regressionMetrics } from '../regression.ts'
import { fitMultiLabel, fitSingleLabel } from './classifiers.ts'
import { fitScaling, standardisedDesign } from './dense-design.ts'
import { sparseDesign } from './design.ts'
import type { Design } from './design.ts'
import { fitRidge, ridgePredictions } from './ridge.ts'
import { fitTfIdf, transformTfIdf } from './tf-idf.ts'
import type { TfIdfOptions } from './tf-idf.ts'

/** The same thing for each part of the data. Validation may have no rows: then the first strength of the grid is taken. */
export interface Split<T> {
  readonly train: T
  readonly validation: T
  readonly test: T
}

/** A linear baseline whose penalty was chosen on validation. */
export interface LinearBaseline {
  /** `C` of a classifier, `alpha` of a ridge regression. */
  readonly strength: number
  readonly features: number
  readonly converged: boolean
  /** Probabilities [rows, classes], or predictions [rows] of a regression. */
  readonly validation: Float64Array
  /** The same for other rows. */
  readonly answers: (design: Design) => Float64Array
}

export interface MultiLabelBaseline extends LinearBaseline {
  /** [labels], fitted on validation. */
  readonly thresholds: Float64Array
}

/** Penalties to try, the usual choice first. */
const CLASSIFIER_GRID = { text: [10, 1, 100], dense: [0.1, 0.01, 1] } as const
const RIDGE_GRID = { text: [1, 0.3, 3], dense: [100, 1000, 10] } as const

export type FeatureKind = keyof typeof CLASSIFIER_GRID

/** Designs of the rows that a baseline is fitted on and chosen by, with the penalties that suit such features. */
export interface FittedDesigns extends Omit<Split<Design>, 'test'> {
  readonly kind: FeatureKind
}

export interface ChooseOptions {
  /** Penalties to try instead of the usual ones. */
  readonly grid?: readonly number[]
}

/** TF-IDF features of the texts; the vectoriser sees the training texts only. */
export function tfIdfDesigns(texts: Split<readonly string[]>, options?: TfIdfOptions): FittedDesigns & Split<Design> {
  const { model, matrix } = fitTfIdf(texts.train, options)
  const transformed = (part: readonly string[]): Design => sparseDesign(transformTfIdf(model, part))
  return { kind: 'text', train: sparseDesign(matrix), validation: transformed(texts.validation), test: transformed(texts.test) }
}

/**
 * Given features [rows, columns] of each part, standardised by the training rows: a linear probe of a model that was not trained. `of` makes the design of
 * other rows.
 */
export function probeDesigns(
  features: Omit<Split<Float32Array>, 'test'>,
  columns: number
): FittedDesigns & { readonly of: (features: Float32Array) => Design } {
  const scaling = fitScaling(features.train, columns)
  const of = (part: Float32Array): Design => standardisedDesign(part, scaling)
  return { kind: 'dense', train: of(features.train), validation: of(features.validation), of }
}

/** A candidate and its rank on validation: higher `score` first, then lower `loss`. */
interface Candidate {
  readonly strength: number
  readonly score: number
  readonly loss: number
  readonly converged: boolean
  readonly validation: Float64Array
  readonly answers: LinearBaseline['answers']
}

function best(candidates: readonly Candidate[]): Candidate {
  return candidates.reduce((a, b) => (b.score > a.score || (b.score === a.score && b.loss < a.loss) ? b : a))
}

function baselineOf({ strength, converged, validation, answers }: Candidate, { train }: FittedDesigns): LinearBaseline {
  return { strength, features: train.columns, converged, validation, answers }
}

/** The usual strength alone when there is no validation to choose by. */
function gridOf(
  designs: FittedDesigns,
  usual: Record<FeatureKind, readonly number[]>,
  { grid = usual[designs.kind] }: ChooseOptions
): readonly number[] {
  return designs.validation.rows === 0 ? grid.slice(0, 1) : grid
}

/** Logistic regression with the `C` that has the best macro F1 on validation (then the lowest log loss). `classWeights` is [classes]. */
export function* chooseSingleLabel(
  designs: FittedDesigns,
  labels: { readonly train: Int32Array; readonly validation: Int32Array },
  classNames: readonly string[],
  options: ChooseOptions & { readonly classWeights?: Float64Array | undefined } = {}
): Turns<LinearBaseline> {
  let start: Float64Array | undefined
  const candidates: Candidate[] = []
  for (const C of gridOf(designs, CLASSIFIER_GRID, options)) {
    const fitted = yield* fitSingleLabel(designs.train, labels.train, classNames.length, {
      C,
      classWeights: options.classWeights,
      ...(start && { start })
    })
    start = fitted.model?.state
    const validation = fitted.probabilities(designs.validation)
    const metrics =
      validation.length > 0 ? classificationMetrics({ labels: labels.validation, probabilities: validation, classNames }) : null
    candidates.push({
      strength: C,
      score: metrics?.macro_f1 ?? 0,
      loss: metrics?.log_loss ?? 0,
      converged: fitted.model?.converged ?? true,
      validation,
      answers: fitted.probabilities
    })
  }
  return baselineOf(best(candidates), designs)
}

/** One-versus-rest logistic regression with the `C` of the lowest log loss on validation, and thresholds fitted there. */
export function* chooseMultiLabel(
  designs: FittedDesigns,
  labels: { readonly train: Uint8Array; readonly validation: Uint8Array },
  labelNames: readonly string[],
  options: ChooseOptions & { readonly positiveWeights?: Float64Array | undefined } = {}
): Turns<MultiLabelBaseline> {
  const width = labelNames.length
  const thresholds = new Float64Array(width).fill(0.5)
  let start: Float64Array | undefined
  const candidates: Candidate[] = []
  for (const C of gridOf(designs, CLASSIFIER_GRID, options)) {
    const { positiveWeights } = options
    const fitted = yield* fitMultiLabel(designs.train, labels.train, width, { C, positiveWeights, ...(start && { start }) })
    start = fitted.model?.state
    const validation = fitted.probabilities(designs.validation)
    const data = { labels: labels.validation, probabilities: validation, labelNames, thresholds }
    const loss = validation.length > 0 ? multiLabelMetrics(data).log_loss : 0
    const converged = fitted.model?.converged ?? true
    candidates.push({ strength: C, score: 0, loss, converged, validation, answers: fitted.probabilities })
  }
  const baseline = baselineOf(best(candidates), designs)
  return { ...baseline, thresholds: fitThresholds(baseline.validation, labels.validation, width) }
}

/** Ridge regression with the penalty of the lowest mean absolute error on validation. */
export function* chooseRidge(
  designs: FittedDesigns,
  targets: { readonly train: Float64Array; readonly validation: Float64Array },
  options: ChooseOptions = {}
): Turns<LinearBaseline> {
  const candidates: Candidate[] = []
  for (const alpha of gridOf(designs, RIDGE_GRID, options)) {
    yield
    const fitted = fitRidge(designs.train, targets.train, { alpha })
    const validation = ridgePredictions(fitted, designs.validation)
    const loss = validation.length > 0 ? regressionMetrics({ targets: targets.validation, predictions: validation }).mae : 0
    const answers = (design: Design): Float64Array => ridgePredictions(fitted, design)
    candidates.push({ strength: alpha, score: 0, loss, converged: true, validation, answers })
  }
  return baselineOf(best(candidates), designs)
}
