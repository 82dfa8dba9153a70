import { comparable, FEW_ROWS, metricPhrase, metricsOf, metricTitle } from './metrics.ts'
import { listed } from '../base/wording.ts'
import { quoted } from './names.ts'
import { compact, decimalsOf, percent, point, pointAndRange, range, significant, whole } from './numbers.ts'
import type { EvaluationPoint, LossPoint, RunReport } from './run-report.ts'
import { spans } from './span-words.ts'
import { findings as words, ownEntry } from './words.ts'

export type FindingCode =
  | 'diverged'
  | 'unstable'
  | 'overfitting'
  | 'underfitting'
  | 'train_longer'
  | 'test_below_validation'
  | 'overconfident'
  | 'label_noise'
  | 'class_imbalance'
  | 'few_rows'
  | 'truncated'

/** Something worth a look: what, by which numbers, and what a colleague would try. */
export interface Finding {
  readonly code: FindingCode
  readonly sentence: string
  readonly evidence: string
  readonly suggestion: string
}

/** Below this many steps, or this many points of the loss curve, a curve proves nothing. */
const SHORTEST_RUN = 20
const SHORTEST_CURVE = 12
const FEWEST_EVALUATIONS = 3

/** What the curves, the data and the errors of a run suggest (features L6, L7, L9, L11); the most serious first. */
export function diagnose(report: RunReport): Finding[] {
  const isShort = report.training.steps < SHORTEST_RUN
  const curves = isShort ? [] : [diverged, overfitting, underfitting, trainLonger]
  const rules = [unstable, ...curves, testBelowValidation, overconfident, labelNoise, classImbalance, fewRows, truncated]
  const found = rules.flatMap((rule) => rule(report) ?? [])
  const hasDiverged = found.some(({ code }) => code === 'diverged')
  const isOverfitted = found.some(({ code }) => code === 'overfitting')
  // A run that drifted away explains its own poor curves, and more epochs are no cure for overfitting.
  return found.filter(
    ({ code }) =>
      !(hasDiverged && (code === 'underfitting' || code === 'overfitting')) && !(isOverfitted && code === 'train_longer')
  )
}

type Rule = (report: RunReport) => Finding | null

const meanLoss = (points: readonly LossPoint[]): number => points.reduce((sum, { loss }) => sum + loss, 0) / points.length

/** Mean training loss over the first and the last quarter; null where the curve is too short to have either. */
function quarters(points: readonly LossPoint[]): { readonly first: number; readonly last: number } | null {
  if (points.length < SHORTEST_CURVE) return null
  const quarter = Math.floor(points.length / 4)
  return { first: meanLoss(points.slice(0, quarter)), last: meanLoss(points.slice(-quarter)) }
}

const LOSSES = ['loss', 'log_loss', 'rmse', 'mae']

interface StepValue {
  readonly step: number
  readonly value: number
}

/** A validation metric by step. */
export function stepValues(points: readonly EvaluationPoint[], name: string): StepValue[] {
  return points.flatMap(({ step, metrics }) => {
    const value = ownEntry(metrics, name)
    return value === undefined ? [] : [{ step, value }]
  })
}

/** The validation metric that is, or stands for, the loss. */
function validationLosses(points: readonly EvaluationPoint[]): { readonly name: string; readonly values: readonly StepValue[] } {
  const name = LOSSES.find((each) => points.some(({ metrics }) => metrics[each] !== undefined)) ?? 'loss'
  return { name, values: stepValues(points, name) }
}

const unstable: Rule = ({ training: { skippedSteps, steps } }) =>
  skippedSteps === 0
    ? null
    : {
        code: 'unstable',
        sentence: words.unstable.sentence,
        evidence: words.unstable.evidence(skippedSteps, steps),
        suggestion: words.unstable.suggestion
      }

/** The last quarter's training loss lies a fifth above the first quarter's. */
const diverged: Rule = ({ training: { curves } }) => {
  const ends = quarters(curves.training)
  if (!ends || ends.first <= 0 || ends.last < 1.2 * ends.first) return null
  const evidence = words.diverged.evidence(significant(ends.first), significant(ends.last))
  return { code: 'diverged', sentence: words.diverged.sentence, evidence, suggestion: words.diverged.suggestion }
}

/** Validation loss has risen by a twentieth for two evaluations or more while training loss went on falling. */
const overfitting: Rule = ({ training: { curves, bestStep, steps } }) => {
  const { name, values: losses } = validationLosses(curves.validation)
  if (losses.length < FEWEST_EVALUATIONS) return null
  const lowest = losses.reduce((low, each) => (each.value < low.value ? each : low))
  const after = losses.filter(({ step }) => step > lowest.step)
  const rise = Math.max(0.05 * Math.abs(lowest.value), 1e-3)
  if (after.length < 2 || !after.slice(-2).every(({ value }) => value > lowest.value + rise)) return null
  const window = Math.max(3, Math.floor(curves.training.length / 8))
  const before = curves.training.filter(({ step }) => step <= lowest.step).slice(-window)
  const end = curves.training.slice(-window)
  if (before.length === 0 || meanLoss(end) > 0.95 * meanLoss(before)) return null
  const last = after.at(-1)?.value ?? lowest.value
  const evidence = words.overfitting.evidence(
    metricPhrase(name),
    significant(lowest.value, 3),
    lowest.step,
    significant(last, 3),
    significant(meanLoss(before)),
    significant(meanLoss(end))
  )
  const kept = bestStep !== null && bestStep < steps ? ` ${words.overfitting.kept(bestStep)}` : ''
  const { sentence, suggestion } = words.overfitting
  return { code: 'overfitting', sentence, evidence: `${evidence}${kept}`, suggestion }
}

/** Training loss fell by less than a tenth, and the test shows no gain over a model that reads nothing. */
const underfitting: Rule = (report) => {
  const ends = quarters(report.training.curves.training)
  if (!ends || ends.first - ends.last >= 0.1 * Math.abs(ends.first)) return null
  const majority = comparable(report)?.baselines.find(({ id }) => id === 'majority')
  if (!majority || majority.verdict === 'better') return null
  const evidence = words.underfitting.evidence(significant(ends.first, 3), significant(ends.last, 3))
  return { code: 'underfitting', sentence: words.underfitting.sentence, evidence, suggestion: words.underfitting.suggestion }
}

/** The last two evaluations each were the best so far, the last by one part in a hundred, and the run ended because its epochs did. */
const trainLonger: Rule = ({ training }) => {
  const { bestMetric, curves, stoppedEarly, steps, totalSteps, plannedEpochs } = training
  if (!bestMetric || stoppedEarly || steps < totalSteps) return null
  const values = stepValues(curves.validation, bestMetric.name)
  if (values.length < FEWEST_EVALUATIONS) return null
  const sign = bestMetric.greaterIsBetter ? 1 : -1
  const [before = 0, previous = 0, last = 0] = values.slice(-3).map(({ value }) => value * sign)
  const earlier = values.slice(0, -2).every(({ value }) => value * sign < previous)
  if (!earlier || previous <= before || last - previous < 0.01 * Math.max(Math.abs(previous), 1e-9)) return null
  const shown = values.slice(-3).map(({ value }) => significant(value, 3))
  return {
    code: 'train_longer',
    sentence: words.longer.sentence,
    evidence: words.longer.evidence(metricPhrase(bestMetric.name), shown.join(', ')),
    suggestion: words.longer.suggestion(compact(Math.max(plannedEpochs + 1, Math.ceil(plannedEpochs * 1.5))))
  }
}

/** The validation value that chose the weights lies outside the test's interval, on the better side. */
const testBelowValidation: Rule = (report) => {
  const evaluation = comparable(report)
  const { bestMetric } = report.training
  const test = evaluation && bestMetric ? ownEntry(metricsOf(evaluation), bestMetric.name) : null
  if (!bestMetric || !test) return null
  const isWorse = bestMetric.greaterIsBetter ? bestMetric.value > test.high : bestMetric.value < test.low
  if (!isWorse) return null
  const evidence = words.gap.evidence(metricTitle(bestMetric.name), significant(bestMetric.value, 3), pointAndRange(test))
  return { code: 'test_below_validation', sentence: words.gap.sentence, evidence, suggestion: words.gap.suggestion }
}

/** Even the low end of the calibration error's interval is above 5 %. */
const overconfident: Rule = (report) => {
  const evaluation = comparable(report)
  if (!evaluation || evaluation.kind === 'regression' || evaluation.rows < FEW_ROWS) return null
  const { ece } = evaluation.metrics
  if (!ece || ece.low <= 0.05) return null
  const evidence = words.overconfident.evidence(point(ece), range(ece, decimalsOf(ece)))
  return { code: 'overconfident', sentence: words.overconfident.sentence, evidence, suggestion: words.overconfident.suggestion }
}

const SURE = 0.95
const FEWEST_SURE_ERRORS = 3
const SHOWN_ROWS = 8

/** Equal texts with different labels, or answers above 95 % confidence that count as wrong where nearly all others are right. */
const labelNoise: Rule = (report) => {
  const { conflictingSets, conflictingRows } = report.data.duplicates
  const parts = [conflictingSets > 0 ? words.noise.conflicting(conflictingSets, conflictingRows) : null, sureErrors(report)]
  const evidence = parts.filter((part) => part !== null).join(' ')
  if (evidence === '') return null
  return { code: 'label_noise', sentence: words.noise.sentence, evidence, suggestion: words.noise.suggestion }
}

function sureErrors({ evaluation }: RunReport): string | null {
  if (evaluation?.kind !== 'single-label') return null
  const sure = evaluation.confidence.filter(({ low }) => low >= SURE - 1e-9)
  const right = sure.reduce((sum, bar) => sum + bar.right, 0)
  const wrong = sure.reduce((sum, bar) => sum + bar.wrong, 0)
  if (wrong < FEWEST_SURE_ERRORS || right < 9 * wrong) return null
  const rows = evaluation.worstErrors.filter(({ confidence }) => confidence > SURE).map(({ row }) => String(row))
  return rows.length === 0 ? null : words.noise.confident(wrong, percent(right / (right + wrong)), listed(rows, SHOWN_ROWS))
}

/** Classes have rows; kinds of passages have passages. */
const wordsFor = (evaluation: RunReport['evaluation']): Pick<typeof words, 'few' | 'imbalance'> =>
  evaluation?.kind === 'spans' ? spans : words

/** The most frequent class has ten times the rows of the rarest one that occurs. */
const classImbalance: Rule = ({ data: { classCounts, classNames }, training: { settings }, evaluation }) => {
  const present = (classCounts?.train ?? []).map((rows, c) => ({ rows, c })).filter(({ rows }) => rows > 0)
  if (present.length < 2) return null
  const most = present.reduce((a, b) => (b.rows > a.rows ? b : a))
  const fewest = present.reduce((a, b) => (b.rows < a.rows ? b : a))
  if (most.rows < 10 * fewest.rows) return null
  const nameOf = (c: number): string => quoted(classNames[c] ?? '')
  const weights = settings['class_weights'] ?? 'none'
  const { sentence, evidence: told, suggestion, weighted } = wordsFor(evaluation).imbalance
  const evidence = told(nameOf(most.c), most.rows, nameOf(fewest.c), fewest.rows)
  return { code: 'class_imbalance', sentence, evidence, suggestion: weights === 'none' ? suggestion : weighted }
}

const FEW_TRAINING_ROWS = 10

const fewRows: Rule = ({ data: { classCounts, classNames }, evaluation }) => {
  const few = (classCounts?.train ?? []).map((rows, c) => ({ rows, c })).filter(({ rows }) => rows < FEW_TRAINING_ROWS)
  if (few.length === 0) return null
  const shown = few.toSorted((a, b) => a.rows - b.rows).map(({ rows, c }) => `${quoted(classNames[c] ?? '')} ${rows}`)
  const { sentence, evidence, suggestion } = wordsFor(evaluation).few
  return { code: 'few_rows', sentence, evidence: evidence(listed(shown, 5)), suggestion }
}

/** A twentieth of the texts, and ten at least, are longer than the model reads. */
const truncated: Rule = ({ data: { rows, truncatedRows, truncatedTokens, totalTokens, maxLength } }) => {
  const all = rows.train + rows.validation + rows.test
  if (truncatedRows < 10 || truncatedRows < 0.05 * all) return null
  const share = percent(Math.min(1, truncatedRows / Math.max(1, all)))
  const tokens = percent(Math.min(1, truncatedTokens / Math.max(1, totalTokens)))
  const evidence = words.truncated.evidence(`${whole(truncatedRows)} texts`, share, maxLength, tokens)
  return { code: 'truncated', sentence: words.truncated.sentence, evidence, suggestion: words.truncated.suggestion }
}
