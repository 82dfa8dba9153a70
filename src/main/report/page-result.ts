import type {
  BaselineComparison,
  ClassRow,
  Estimate,
  EvaluationResult,
  MultiLabelResult,
  RegressionResult,
  SingleLabelResult
} from '../engine/evaluation/index.ts'
import type { Cell, Column, Section, Table, Tone } from './blocks.ts'
import {
  baselineName,
  baselinesOf,
  baselineTitle,
  capital,
  isLess,
  MAIN_METRICS,
  metricPhrase,
  metricsOf,
  metricTitle,
  type Tested
} from './metrics.ts'
import { harmless } from '../base/wording.ts'
import { className } from './names.ts'
import { decimal, decimalsOf, percent, percentRange, point, pValue, range, significant, signed, whole } from './numbers.ts'
import { METRICS, page as words, TESTS, VERDICTS, ownEntry } from './words.ts'

const { columns, headings } = words

const left = (title: string): Column => ({ title, align: 'left' })
const right = (title: string): Column => ({ title, align: 'right' })

type Maybe = Estimate | null | undefined

const pointOf = (estimate: Maybe, decimals?: number): string => (estimate ? point(estimate, decimals) : words.notDefined)
const rangeOf = (estimate: Maybe): string => (estimate ? range(estimate, decimalsOf(estimate)) : '')
const decimalsBeside = (estimate: Maybe): number | undefined => (estimate ? decimalsOf(estimate) : undefined)

/** `84 % (64–95)` */
const shareOf = (estimate: Estimate | null): string =>
  estimate ? `${percent(estimate.value)} (${percentRange(estimate)})` : words.notDefined

const levelOf = ({ intervals }: EvaluationResult): string => percent(intervals.level)

const metricCell = (name: string): string => `${metricTitle(name)}${isLess(name) ? ' ↓' : ''}`

const lessNote = { kind: 'text', text: words.lessIsBetter, isQuiet: true } as const

/** The main metrics beside the baselines'. */
export function metricSection(evaluation: EvaluationResult): Section {
  const metrics = metricsOf(evaluation)
  const baselines = baselinesOf(evaluation)
  const main: Table = {
    kind: 'table',
    caption: null,
    columns: [
      left(columns.metric),
      right(columns.model),
      right(columns.interval(levelOf(evaluation))),
      ...baselines.map((each) => right(baselineTitle(each, evaluation.kind)))
    ],
    rows: MAIN_METRICS[evaluation.kind].map((name) => [
      metricCell(name),
      pointOf(metrics[name]),
      rangeOf(metrics[name]),
      ...baselines.map((baseline) => pointOf(baseline.metrics[name], decimalsBeside(metrics[name])))
    ])
  }
  return { title: headings.metrics, blocks: [main, lessNote] }
}

/** Every metric with its meaning, for the page only. */
export function allMetricsSection(evaluation: EvaluationResult): Section {
  const metrics = metricsOf(evaluation)
  const all: Table = {
    kind: 'table',
    caption: null,
    columns: [left(columns.metric), right(columns.model), right(columns.interval(levelOf(evaluation))), left(columns.meaning)],
    rows: Object.keys(metrics).map((name) => [
      metricCell(name),
      pointOf(metrics[name]),
      rangeOf(metrics[name]),
      capital(ownEntry(METRICS, name)?.meaning ?? '')
    ])
  }
  return { title: words.allMetrics, blocks: [all, lessNote], isDetail: true }
}

const VERDICT_TONES: Readonly<Record<BaselineComparison['verdict'], Tone>> = {
  better: 'good',
  worse: 'fail',
  'not shown': 'look'
}

function differenceText(difference: Maybe): string {
  if (!difference) return words.notDefined
  const decimals = decimalsOf(difference)
  return `${signed(difference.value, decimals)} (${range(difference, decimals)})`
}

/** Whether the model differs from each baseline by more than chance. */
export function baselineSection({
  primary,
  kind,
  ...evaluation
}: Pick<Tested, 'primary' | 'kind' | 'baselines'>): Section | null {
  const baselines = baselinesOf(evaluation)
  if (baselines.length === 0) return null
  const rows = baselines.map((baseline): Cell[] => {
    const difference = baseline.differences[primary]
    const [test] = baseline.tests
    return [
      capital(baselineName(baseline, kind)),
      differenceText(difference),
      test ? `${TESTS[test.method]}, ${pValue(test.adjustedP)}` : '',
      { text: VERDICTS[baseline.verdict], tone: VERDICT_TONES[baseline.verdict] }
    ]
  })
  const difference = words.differenceIn(metricPhrase(primary))
  const table: Table = {
    kind: 'table',
    caption: null,
    columns: [left(columns.baseline), right(difference), left(columns.test), left(columns.verdict)],
    rows
  }
  return { title: headings.baselines, blocks: [table] }
}

const CLASSES_IN_TERMINAL = 30

function classCells({ name, support, predicted, recall, precision, f1 }: ClassRow): string[] {
  // Without a row, or without an answer, a share of them would be 0 of 0.
  const found = support === 0 ? words.noRows : shareOf(recall)
  const right = predicted === 0 ? words.neverSaid : shareOf(precision)
  return [className(name), whole(support), found, right, pointOf(f1)]
}

/** Null for a regression, which has no classes. */
export function classSection(evaluation: EvaluationResult): Section | null {
  if (evaluation.kind === 'regression') return null
  const isMulti = evaluation.kind === 'multi-label'
  const shared = [right(columns.rows), right(columns.recall), right(columns.precision), right(columns.f1)]
  const table: Table = {
    kind: 'table',
    caption: null,
    columns: isMulti ? [left(columns.label), ...shared, right(columns.threshold)] : [left(columns.className), ...shared],
    rows: isMulti
      ? evaluation.perLabel.map((row) => [...classCells(row), significant(row.threshold)])
      : evaluation.perClass.map(classCells),
    terminalRows: CLASSES_IN_TERMINAL
  }
  const note = { kind: 'text', text: words.classesNote, isQuiet: true } as const
  return { title: isMulti ? headings.labels : headings.classes, blocks: [table, note] }
}

export function confusionSection(evaluation: EvaluationResult): Section | null {
  if (evaluation.kind !== 'single-label') return null
  const { classNames, confusion } = evaluation
  const note = { kind: 'text', text: words.confusionNote, isQuiet: true } as const
  return { title: headings.confusion, blocks: [{ kind: 'matrix', names: classNames, counts: confusion }, note] }
}

export function confidenceSection(evaluation: EvaluationResult): Section | null {
  if (evaluation.kind === 'regression') return null
  const answers = evaluation.reliability.reduce((sum, { count }) => sum + count, 0)
  const unit = evaluation.kind === 'multi-label' ? 'label decisions' : 'answers'
  const sentence = words.reliability(`${whole(answers)} ${unit}`)
  return { title: headings.confidence, blocks: [{ kind: 'reliability', sentence, bins: evaluation.reliability }] }
}

const ERRORS_IN_TERMINAL = 10

/** The worst errors by their rows' numbers alone, with the texts of these rows (by number), or not at all. */
export type ShownErrors = 'numbers' | 'none' | ReadonlyMap<number, string>

export function errorSection(evaluation: EvaluationResult, shown: Exclude<ShownErrors, 'none'> = 'numbers'): Section {
  const plain = errorTable(evaluation)
  const table = shown === 'numbers' ? plain : withTexts(plain, shown)
  if (table.rows.length === 0) return { title: headings.errors, blocks: [{ kind: 'text', text: words.noErrors }] }
  const note = shown === 'numbers' ? words.errorsNote : words.examplesNote
  return { title: headings.errors, blocks: [table, { kind: 'text', text: note, isQuiet: true }] }
}

const SHOWN_CHARACTERS = 500

function withTexts(table: Table, texts: ReadonlyMap<number, string>): Table {
  const rows = table.rows.map((cells) => {
    const text = harmless(texts.get(Number(cells[0])) ?? '')
    return [...cells, text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS).toWellFormed()}…` : text]
  })
  return { ...table, columns: [...table.columns, left(columns.text)], rows }
}

function errorTable(evaluation: EvaluationResult): Table {
  const shared = { kind: 'table', caption: null, terminalRows: ERRORS_IN_TERMINAL } as const
  if (evaluation.kind === 'single-label') return { ...shared, ...classErrors(evaluation) }
  return { ...shared, ...(evaluation.kind === 'multi-label' ? labelErrors(evaluation) : targetErrors(evaluation)) }
}

type Body = Pick<Table, 'columns' | 'rows'>

function classErrors({ worstErrors, classNames }: SingleLabelResult): Body {
  const nameOf = (c: number): string => className(classNames[c] ?? '')
  return {
    columns: [right(columns.row), left(columns.truth), left(columns.answer), right(columns.confidence)],
    rows: worstErrors.map(({ row, label, predicted, confidence }) => [
      String(row),
      nameOf(label),
      nameOf(predicted),
      percent(confidence)
    ])
  }
}

function labelErrors({ worstErrors, labelNames }: MultiLabelResult): Body {
  return {
    columns: [right(columns.row), left(columns.label), left(columns.mistake), right(columns.probability)],
    rows: worstErrors.map(({ row, label, isCarried, probability }) => [
      String(row),
      className(labelNames[label] ?? ''),
      isCarried ? words.carried : words.notCarried,
      percent(probability)
    ])
  }
}

function targetErrors({ worstErrors }: RegressionResult): Body {
  const largest = Math.max(1e-6, ...worstErrors.flatMap(({ target, prediction }) => [Math.abs(target), Math.abs(prediction)]))
  const decimals = Math.min(8, Math.max(0, 2 - Math.floor(Math.log10(largest))))
  return {
    columns: [right(columns.row), right(columns.target), right(columns.prediction), right(columns.error)],
    rows: worstErrors.map(({ row, target, prediction }) => [
      String(row),
      decimal(target, decimals),
      decimal(prediction, decimals),
      signed(prediction - target, decimals)
    ])
  }
}
