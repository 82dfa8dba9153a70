import { assert, defined } from '../../base/assert.ts'
import { PER_CLASS_KEYS } from './averages.ts'
import { binEvents, binOf, reliabilityBins } from './bins.ts'
import type { BinnedEvents } from './bins.ts'
import {
  CLASSIFICATION_KEYS,
  classificationMeasure,
  confusionMatrix,
  perClassIndex,
  saidClasses,
  topEvents
} from './classification.ts'
import type { PerClassKey } from './per-class.ts'
import { compareWithBaselines, withPredictions } from './compare.ts'
import { keyed, percentileEstimate, resample, wilson } from './intervals.ts'
import type { Estimate, Measure, Resampled } from './intervals.ts'
import { MULTI_LABEL_KEYS, multiLabelMeasure, perLabelIndex, predictedLabels } from './multi-label.ts'
import type { MultiLabelData } from './multi-label.ts'
import { REGRESSION_KEYS, regressionMeasure } from './regression.ts'
import type {
  ClassRow,
  ConfidenceBar,
  EvaluationInput,
  EvaluationOptions,
  EvaluationResult,
  MultiLabelResult,
  RegressionResult,
  SingleLabelResult
} from './results.ts'

const HISTOGRAM_BARS = 20
const DEFAULT_WORST = 50

/** Everything that is measured of a model's answers. */
export function measureOf(input: EvaluationInput): Measure {
  if (input.kind === 'single-label') return classificationMeasure(input)
  return input.kind === 'multi-label' ? multiLabelMeasure(input) : regressionMeasure(input)
}

/** What the three kinds share: metrics with intervals, and the baselines beside them. */
function common<K extends string>(input: EvaluationInput, keys: readonly K[], usual: K, options: EvaluationOptions) {
  const { seed, groups = null, baselines = [] } = options
  const primary =
    options.primary === undefined
      ? usual
      : defined(
          keys.find((key) => key === options.primary),
          'the primary metric'
        )
  const measures = [input, ...baselines.map((baseline) => withPredictions(input, baseline))].map(measureOf)
  const resampled = resample(measures, options)
  const model = defined(resampled[0], 'the resampled model')
  const { level, resamples } = model
  const rows = defined(measures[0], 'the measure').rows
  assert(!options.rowIds || options.rowIds.length === rows, 'there is one row number per test row')
  return {
    model,
    result: {
      rows,
      primary,
      intervals: { level, resamples, seed, unit: groups ? 'groups' : 'rows' } as const,
      metrics: keyed(keys, (index) => percentileEstimate(model, index)),
      baselines: compareWithBaselines(input, baselines, resampled, { keys, primary, seed, groups })
    }
  }
}

/**
 * The interval of a share of rows: Wilson's, or with groups the wider of that and the cluster bootstrap, which alone would shrink to a
 * point when every row is right.
 */
function shareEstimate(
  hits: number,
  trials: number,
  bootstrapped: Estimate | null,
  { level, groups }: EvaluationOptions
): Estimate | null {
  const score = wilson(hits, trials, level)
  if (!score || !bootstrapped || !groups) return score ?? bootstrapped
  return { value: score.value, low: Math.min(score.low, bootstrapped.low), high: Math.max(score.high, bootstrapped.high) }
}

/** Counts of one class, from which its shares are computed. */
interface ClassCounts {
  readonly name: string
  readonly hits: number
  readonly support: number
  readonly predicted: number
}

/** `indexOf` says where the measure wrote each number of the class. */
function classRow(
  counts: ClassCounts,
  model: Resampled,
  rows: number,
  indexOf: (key: PerClassKey) => number,
  options: EvaluationOptions
): ClassRow {
  const { name, hits, support, predicted } = counts
  const numbers = keyed(PER_CLASS_KEYS, (k) => percentileEstimate(model, indexOf(PER_CLASS_KEYS[k] ?? 'f1')))
  return {
    name,
    support,
    predicted,
    ...numbers,
    precision: shareEstimate(hits, predicted, numbers.precision, options),
    recall: shareEstimate(hits, support, numbers.recall, options),
    specificity: shareEstimate(rows - support - predicted + hits, rows - support, numbers.specificity, options)
  }
}

function histogram({ probability, isTrue }: { probability: Float64Array; isTrue: Uint8Array }): ConfidenceBar[] {
  const right = new Array<number>(HISTOGRAM_BARS).fill(0)
  const wrong = new Array<number>(HISTOGRAM_BARS).fill(0)
  probability.forEach((each, i) => {
    const bars = isTrue[i] === 1 ? right : wrong
    const bar = binOf(each, HISTOGRAM_BARS)
    bars[bar] = (bars[bar] ?? 0) + 1
  })
  return right.map((count, bar) => ({
    low: bar / HISTOGRAM_BARS,
    high: (bar + 1) / HISTOGRAM_BARS,
    right: count,
    wrong: wrong[bar] ?? 0
  }))
}

/** The places in 0 … length − 1 that `isWrong`, by descending `badness`, at most `limit`. */
function worstOf(length: number, isWrong: (i: number) => boolean, badness: (i: number) => number, limit: number): number[] {
  const wrong: number[] = []
  for (let i = 0; i < length; i++) if (isWrong(i)) wrong.push(i)
  return wrong.sort((a, b) => badness(b) - badness(a) || a - b).slice(0, limit)
}

function evaluateSingleLabel(
  input: Extract<EvaluationInput, { kind: 'single-label' }>,
  options: EvaluationOptions
): SingleLabelResult {
  const { labels, probabilities, classNames } = input
  const classes = classNames.length
  const { model, result } = common(input, CLASSIFICATION_KEYS, 'macro_f1', options)
  const predicted = saidClasses(input)
  const events = topEvents(input)
  const confusion = confusionMatrix(labels, predicted, classes)
  const perClass = classNames.map((name, c) => {
    const support = confusion[c]?.reduce((sum, each) => sum + each, 0) ?? 0
    const said = confusion.reduce((sum, line) => sum + (line[c] ?? 0), 0)
    const counts = { name, hits: confusion[c]?.[c] ?? 0, support, predicted: said }
    return classRow(counts, model, result.rows, (key) => perClassIndex(c, key), options)
  })
  const hits = confusion.reduce((sum, line, c) => sum + (line[c] ?? 0), 0)
  const accuracy = shareEstimate(hits, result.rows, result.metrics.accuracy, options)
  // With one label per row the three micro averages are the accuracy itself.
  const metrics = { ...result.metrics, accuracy, micro_precision: accuracy, micro_recall: accuracy, micro_f1: accuracy }
  const confidenceOf = (row: number): number => probabilities[row * classes + (predicted[row] ?? 0)] ?? 0
  const worst = worstOf(result.rows, (row) => predicted[row] !== labels[row], confidenceOf, options.worst ?? DEFAULT_WORST)
  const worstErrors = worst.map((row) => ({
    row: options.rowIds?.[row] ?? row,
    label: labels[row] ?? 0,
    predicted: predicted[row] ?? 0,
    confidence: confidenceOf(row),
    probabilityOfLabel: probabilities[row * classes + (labels[row] ?? 0)] ?? 0
  }))
  const shown = { perClass, confusion, worstErrors, confidence: histogram(events), reliability: reliabilityBins(events) }
  return { kind: 'single-label', ...result, metrics, classNames, ...shown }
}

/** How sure each decision was (the probability of what was decided) and whether it was right. */
function decisions(
  { labels, probabilities }: MultiLabelData,
  predicted: Uint8Array
): Pick<BinnedEvents, 'probability' | 'isTrue'> {
  const probability = probabilities.map((each, i) => (predicted[i] === 1 ? each : 1 - each))
  return { probability, isTrue: predicted.map((each, i) => (each === labels[i] ? 1 : 0)) }
}

/** Wrong decisions, those furthest from their threshold first. */
function worstDecisions(
  { labels, probabilities, thresholds }: MultiLabelData,
  isRight: Uint8Array,
  { rowIds, worst = DEFAULT_WORST }: EvaluationOptions
): MultiLabelResult['worstErrors'] {
  const width = thresholds.length
  const distance = (i: number): number => Math.abs((probabilities[i] ?? 0) - (thresholds[i % width] ?? 0))
  return worstOf(labels.length, (i) => isRight[i] === 0, distance, worst).map((i) => {
    const row = Math.floor(i / width)
    return { row: rowIds?.[row] ?? row, label: i % width, isCarried: labels[i] === 1, probability: probabilities[i] ?? 0 }
  })
}

function evaluateMultiLabel(
  input: Extract<EvaluationInput, { kind: 'multi-label' }>,
  options: EvaluationOptions
): MultiLabelResult {
  const { labels, probabilities, labelNames, thresholds } = input
  const width = labelNames.length
  const { model, result } = common(input, MULTI_LABEL_KEYS, 'macro_f1', options)
  const predicted = predictedLabels(probabilities, thresholds)
  const decided = decisions(input, predicted)
  const countOf = (l: number, holds: (i: number) => boolean): number => {
    let count = 0
    for (let i = l; i < labels.length; i += width) if (holds(i)) count++
    return count
  }
  const perLabel = labelNames.map((name, l) => {
    const hits = countOf(l, (i) => labels[i] === 1 && predicted[i] === 1)
    const counts = { name, hits, support: countOf(l, (i) => labels[i] === 1), predicted: countOf(l, (i) => predicted[i] === 1) }
    const row = classRow(counts, model, result.rows, (key) => perLabelIndex(l, key), options)
    return { ...row, threshold: thresholds[l] ?? 0.5 }
  })
  const allRight = Math.round((result.metrics.subset_accuracy?.value ?? 0) * result.rows)
  const metrics = {
    ...result.metrics,
    subset_accuracy: shareEstimate(allRight, result.rows, result.metrics.subset_accuracy, options)
  }
  const worstErrors = worstDecisions(input, decided.isTrue, options)
  const reliability = reliabilityBins(binEvents(probabilities, labels, width))
  return {
    kind: 'multi-label',
    ...result,
    metrics,
    labelNames,
    perLabel,
    worstErrors,
    confidence: histogram(decided),
    reliability
  }
}

function evaluateRegression(
  input: Extract<EvaluationInput, { kind: 'regression' }>,
  options: EvaluationOptions
): RegressionResult {
  const { targets, predictions } = input
  const { result } = common(input, REGRESSION_KEYS, 'mae', options)
  const error = (row: number): number => Math.abs((targets[row] ?? 0) - (predictions[row] ?? 0))
  const worst = worstOf(targets.length, (row) => error(row) > 0, error, options.worst ?? DEFAULT_WORST)
  const worstErrors = worst.map((row) => ({
    row: options.rowIds?.[row] ?? row,
    target: targets[row] ?? 0,
    prediction: predictions[row] ?? 0
  }))
  return { kind: 'regression', ...result, worstErrors }
}

/** Judges a model on the test rows: metrics with intervals, tables, worst errors, and every baseline beside it. */
export function evaluate(input: EvaluationInput, options: EvaluationOptions): EvaluationResult {
  if (input.kind === 'single-label') return evaluateSingleLabel(input, options)
  return input.kind === 'multi-label' ? evaluateMultiLabel(input, options) : evaluateRegression(input, options)
}
