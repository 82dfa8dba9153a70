import type { Measured, SettingValue } from '../../preload/contract/common.ts'
import type { ReviewRow } from '../../preload/contract/results.ts'
import type { ClassRow, MetricRow, RunResult } from '../../preload/contract/runs.ts'
import type { AnswerResult, Estimate, RegressionResult } from '../engine/evaluation/index.ts'
import { curveSentence, type LearningCurve } from './learning-curve.ts'
import { diagnose } from './diagnosis.ts'
import {
  baselinesOf,
  baselineTitle,
  comparable,
  FEW_ROWS,
  isLess,
  MAIN_METRICS,
  metricsOf,
  metricTitle,
  metricPhrase,
  type Tested
} from './metrics.ts'
import { decimalsOf, range, significant, signed } from './numbers.ts'
import { answers } from './answer-words.ts'
import { spans } from './span-words.ts'
import { int8Result } from './int8.ts'
import { quotable, type NamedClass } from './quotable.ts'
import type { RunReport } from './run-report.ts'

/** What a report says of its run. */
export type ReportedResult = Omit<RunResult, 'id'>

/** Everything the Result screen says, from the run's report. */
export function runResult(report: RunReport, named: NamedClass | null): ReportedResult {
  const { evaluation, testLooks, run } = report
  const judged = testedOf(report)
  return {
    ...quotable(report, named),
    warnings: warningsOf(report),
    testRows: evaluation?.rows ?? 0,
    testLooks,
    baselines: judged ? differencesOf(judged) : [],
    metrics: judged ? metricRows(judged) : [],
    classes: judged ? classRows(judged) : null,
    confusion: judged?.kind === 'single-label' ? { classes: judged.classNames, counts: judged.confusion } : null,
    calibration: judged ? calibrationOf(judged) : null,
    settings: settingsOf(report),
    int8: report.int8 ? int8Result(report.int8) : null,
    seconds: run.seconds,
    seeds: judged ? seedsOf(report, judged.primary) : null,
    learningCurve: report.learningCurve ? curveRows(report.learningCurve) : null,
    folds: report.folds?.rows.length ?? null
  }
}

const testedOf = ({ evaluation }: RunReport): Tested | null => (evaluation?.kind === 'masked-lm' ? null : evaluation)

function seedsOf({ seeds }: RunReport, primary: string): RunResult['seeds'] {
  const statistic = seeds?.metrics[primary]
  if (!seeds || !statistic) return null
  return { count: seeds.seeds.length, metric: metricTitle(primary), mean: statistic.mean, deviation: statistic.deviation }
}

function curveRows(curve: LearningCurve): RunResult['learningCurve'] {
  const { metric, points, fit } = curve
  const last = points.at(-1)
  const at = (rows: number, { value, low, high }: Estimate): { rows: number; measured: Measured } => ({
    rows,
    measured: { value, low, high }
  })
  return {
    sentence: curveSentence(curve),
    metric: `${metricTitle(metric)}${isLess(metric) ? ' (less is better)' : ''}`,
    isShare: [...points, ...(fit ? [fit.doubled] : [])].every(({ low, high }) => low >= 0 && high <= 1),
    points: points.map((point) => at(point.rows, point)),
    doubled: fit && last ? at(2 * last.rows, fit.doubled) : null
  }
}

const measured = (estimate: Estimate | null | undefined): Measured | null =>
  estimate ? { value: estimate.value, low: estimate.low, high: estimate.high } : null

function warningsOf(report: RunReport): string[] {
  const judged = testedOf(report)
  const few = judged && unitsOf(judged) < FEW_ROWS ? [fewRows(judged)] : []
  return [...few, ...diagnose(report).map(({ sentence, suggestion }) => `${sentence} ${suggestion}`.trim())]
}

/** What was drawn independently: questions about one document are not. */
const unitsOf = (judged: Tested): number => (judged.kind === 'answers' ? judged.documents : judged.rows)

function fewRows(judged: Tested): string {
  const units = unitsOf(judged)
  if (judged.kind === 'answers') return answers.fewDocuments(units)
  return judged.kind === 'spans'
    ? spans.fewDocuments(units)
    : `The test has only ${units} rows: look at the intervals before the numbers.`
}

function differencesOf(evaluation: Tested): RunResult['baselines'] {
  const { primary, kind } = evaluation
  return baselinesOf(evaluation).map((baseline) => {
    const difference = baseline.differences[primary]
    const decimals = difference ? decimalsOf(difference) : 0
    const shown = difference ? `${signed(difference.value, decimals)} (${range(difference, decimals)})` : 'not defined'
    return { id: baseline.id, title: baselineTitle(baseline, kind), difference: `${shown} in ${metricPhrase(primary)}` }
  })
}

/** The main metrics first; every other one after them. */
function metricRows(evaluation: Tested): MetricRow[] {
  const metrics = metricsOf(evaluation)
  const names = [...new Set([...MAIN_METRICS[evaluation.kind], ...Object.keys(metrics)])]
  return names.map((id) => ({
    id,
    title: `${metricTitle(id)}${isLess(id) ? ' (less is better)' : ''}`,
    model: measured(metrics[id]),
    baselines: baselinesOf(evaluation).map((baseline) => measured(baseline.metrics[id]))
  }))
}

function classRows(evaluation: Tested): ClassRow[] | null {
  if (evaluation.kind === 'regression' || evaluation.kind === 'answers') return null
  const rows = rowsByClass(evaluation)
  return rows.map(({ name, support, precision, recall, f1 }) => ({
    name,
    rows: support,
    precision: measured(precision),
    recall: measured(recall),
    f1: measured(f1)
  }))
}

function rowsByClass(evaluation: Exclude<Tested, RegressionResult | AnswerResult>) {
  if (evaluation.kind === 'spans') return evaluation.perType
  return evaluation.kind === 'single-label' ? evaluation.perClass : evaluation.perLabel
}

function calibrationOf(evaluation: Tested): RunResult['calibration'] {
  if (evaluation.kind === 'regression' || evaluation.kind === 'spans' || evaluation.kind === 'answers') return null
  const bins = evaluation.reliability.flatMap(({ confidence, accuracy, count }) =>
    confidence === null || accuracy === null ? [] : [{ sure: confidence, right: accuracy, count }]
  )
  return { bins, ece: evaluation.metrics.ece?.value ?? null }
}

/** The worst errors that a report lists, the worst first; their texts stay in the data set. */
export function worstErrors(report: RunReport): readonly Omit<ReviewRow, 'text' | 'verdict'>[] {
  const evaluation = comparable(report)
  if (evaluation === null) return []
  switch (evaluation.kind) {
    case 'single-label': {
      const nameOf = (c: number): string => evaluation.classNames[c] ?? ''
      return evaluation.worstErrors.map(({ row, label, predicted, confidence }) => ({
        line: row,
        answer: nameOf(label),
        predicted: nameOf(predicted),
        sureness: confidence,
        isRight: false
      }))
    }
    case 'multi-label':
      return evaluation.worstErrors.map(({ row, label, isCarried, probability }) => {
        const name = evaluation.labelNames[label] ?? ''
        const [answer, predicted] = isCarried ? [name, `not ${name}`] : [`not ${name}`, name]
        return { line: row, answer, predicted, sureness: isCarried ? 1 - probability : probability, isRight: false }
      })
    case 'regression':
      return evaluation.worstErrors.map(({ row, target, prediction }) => ({
        line: row,
        answer: significant(target, 3),
        predicted: significant(prediction, 3),
        sureness: null,
        isRight: false
      }))
  }
}

function settingsOf({ model, data, training, speed, run }: RunReport): RunResult['settings'] {
  const named = (values: Readonly<Record<string, SettingValue>>): { name: string; value: SettingValue }[] =>
    Object.entries(values).map(([name, value]) => ({ name, value }))
  return [
    { name: 'model', value: model.title },
    { name: 'method', value: model.method.title },
    ...named(model.method.settings),
    ...named(training.settings),
    { name: 'max_length', value: data.maxLength },
    { name: 'seed', value: run.seed },
    { name: 'device', value: speed.device },
    { name: 'weights', value: run.weightsHash }
  ].filter(({ name }, i, all) => all.findIndex((other) => other.name === name) === i)
}
