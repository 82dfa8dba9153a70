import type { EvaluationResult, MultiLabelResult, RegressionResult, SingleLabelResult } from '../engine/evaluation/index.ts'
import {
  baselineName,
  baselinesOf,
  capital,
  inOrder,
  IMBALANCED_SHARE,
  isLess,
  isSmallTest,
  metricPhrase,
  metricsOf
} from './metrics.ts'
import { listed } from '../base/wording.ts'
import { quoted } from './names.ts'
import { decimalsOf, percent, percentRange, point, range, significant } from './numbers.ts'
import type { MaskedLmResult, RunReport } from './run-report.ts'
import { answersParts } from './answers.ts'
import { joined } from './place-sections.ts'
import { spansParts } from './spans.ts'
import { rowsNeeded } from './rows-needed.ts'
import { foldWords } from './fold-words.ts'
import { headlines as words } from './words.ts'

/** How good the news is: `fail` when a baseline does better, `look` when none can be told apart from it. */
export type HeadlineTone = 'good' | 'look' | 'fail'

export interface Headline {
  /** One to six sentences that a department head can quote. */
  readonly text: string
  readonly tone: HeadlineTone
}

/** The sentences that open a report (ux.md §1, principle 2). */
export function headline(report: RunReport): Headline {
  const { evaluation } = report
  if (evaluation === null) return { text: words.notTested, tone: 'look' }
  if (evaluation.kind === 'masked-lm') return maskedLm(evaluation)
  if (evaluation.kind === 'spans') return joined(withFolds(report, spansParts(evaluation)))
  if (evaluation.kind === 'answers') return joined(withFolds(report, answersParts(evaluation)))
  const warning = notWorthUsing(evaluation)
  const unclear = notShown(evaluation)
  const sentences = [
    ...(warning === null ? [] : [warning]),
    ...achieved(evaluation),
    ...byFolds(report),
    ...(unclear === null ? [] : [unclear])
  ]
  return { text: sentences.join(' '), tone: warning !== null ? 'fail' : unclear !== null ? 'look' : 'good' }
}

/** The same sentences, apart. */
export interface HeadlineParts {
  /** What was achieved. */
  readonly lead: string
  /** What the baselines achieve, and what else the number must be seen beside. */
  readonly beside: readonly string[]
  /** Why the model is not worth using; null where it is. */
  readonly warning: string | null
  /** What cannot be said beside which baselines, and whether more rows would tell; null where there are none. */
  readonly unclear: string | null
  /** Whether there were baselines at all. */
  readonly compared: boolean
}

/** The parts of `headline`, for a screen that shows them apart. */
export function headlineParts(report: RunReport): HeadlineParts {
  const { evaluation } = report
  if (evaluation === null || evaluation.kind === 'masked-lm')
    return { lead: headline(report).text, beside: [], warning: null, unclear: null, compared: false }
  if (evaluation.kind === 'spans') return withFolds(report, spansParts(evaluation))
  if (evaluation.kind === 'answers') return withFolds(report, answersParts(evaluation))
  const [lead = words.notMeasured, ...beside] = achieved(evaluation)
  return {
    lead,
    beside: [...beside, ...byFolds(report)],
    warning: notWorthUsing(evaluation),
    unclear: notShown(evaluation),
    compared: evaluation.baselines.length > 0
  }
}

/** How the rows were tested, where it was not once and for all. */
const byFolds = ({ folds, evaluation }: RunReport): string[] =>
  folds ? [foldWords.sentence(folds.rows.length, evaluation?.kind === 'answers' ? 'question' : 'row')] : []

const withFolds = (report: RunReport, parts: HeadlineParts): HeadlineParts => ({
  ...parts,
  beside: [...parts.beside, ...byFolds(report)]
})

/** A test of ten times as many rows is within reach; beyond that the two are alike as far as anybody can tell. */
const WITHIN_REACH = 10

/**
 * What is said of baselines from which the model does not differ beyond chance: the two are alike, or there is a gap that so few rows cannot
 * show, and how many would. Null where there are none.
 */
function notShown(evaluation: EvaluationResult): string | null {
  const { primary, rows, baselines } = evaluation
  const open = baselinesOf(evaluation).flatMap((baseline) => {
    if (baseline.verdict !== 'not shown') return []
    const difference = baseline.differences[primary]
    const p = difference && difference.value !== 0 ? (baseline.tests[0]?.p ?? 1) : 1
    const needed = rowsNeeded(p, rows, baselines.length)
    const isAhead = (difference?.value ?? 0) > 0 !== isLess(primary)
    const name = baselineName(baseline, evaluation.kind)
    return [{ name, isAhead, needed: needed !== null && needed <= WITHIN_REACH * rows ? needed : null }]
  })
  // Who does better than the model is said first.
  const gaps = open.toSorted((a, b) => Number(a.isAhead) - Number(b.isAhead))
  const clauses = gaps
    .flatMap(({ name, isAhead, needed }) => (needed === null ? [] : [{ name, isAhead, needed: roughly(needed) }]))
    .map(({ name, isAhead, needed }, place) => (isAhead ? words.aheadOf : words.behind)(name, needed, place === 0))
  const alike = open.filter(({ needed }) => needed === null).map(({ name }) => name)
  const sentences = [
    ...(clauses.length === 0 ? [] : [words.tooFew(rows, listed(clauses))]),
    ...(alike.length === 0 ? [] : [words.notShown(listed(alike))])
  ]
  return sentences.length === 0 ? null : sentences.join(' ')
}

/** Up to one figure and a half: 33 is 35, 146 is 150. */
function roughly(value: number): number {
  const step = 10 ** Math.floor(Math.log10(value)) / 2
  return Math.ceil(value / step) * step
}

/** Names the baseline that beats the model by most, if one does. */
function notWorthUsing(evaluation: EvaluationResult): string | null {
  const { primary, kind } = evaluation
  const gap = (baseline: (typeof worse)[number]): number => Math.abs(baseline.differences[primary]?.value ?? 0)
  const worse = baselinesOf(evaluation).filter(({ verdict }) => verdict === 'worse')
  const [best] = worse.toSorted((a, b) => gap(b) - gap(a))
  const [own, theirs] = [metricsOf(evaluation)[primary], best?.metrics[primary]]
  if (!best || !own || !theirs) return null
  const decimals = decimalsOf(own)
  return words.notWorth(baselineName(best, kind), metricPhrase(primary), point(theirs, decimals), point(own, decimals))
}

function achieved(evaluation: EvaluationResult): string[] {
  if (evaluation.kind === 'single-label') return singleLabel(evaluation)
  return evaluation.kind === 'multi-label' ? multiLabel(evaluation) : regression(evaluation)
}

function intervalName({ intervals }: EvaluationResult): string {
  return words.interval(percent(intervals.level))
}

/** Accuracy where it means something; else what the rare class, or the mean over the classes, says. */
function singleLabel(result: SingleLabelResult): string[] {
  const { rows, perClass } = result
  const byRows = perClass.toSorted((a, b) => b.support - a.support)
  const [largest, second] = byRows
  if (!largest || largest.support <= IMBALANCED_SHARE * rows) return accuracy(result)
  if (!second || second.support === 0) return [words.oneClass(quoted(largest.name), rows), ...accuracy(result)]
  const rare = perClass.length === 2 ? rareClass(result, perClass.indexOf(second)) : null
  return rare ?? macro(result, quoted(largest.name), largest.support)
}

function accuracy(result: SingleLabelResult): string[] {
  const { rows, metrics, confusion } = result
  const { accuracy } = metrics
  if (!accuracy) return [words.notMeasured]
  const right = confusion.reduce((sum, line, c) => sum + (line[c] ?? 0), 0)
  const name = intervalName(result)
  const lead = isSmallTest(result)
    ? words.rightOnRange(right, rows, name, `${percentRange(accuracy)} %`)
    : words.rightOn(right, rows, percent(accuracy.value), name, percentRange(accuracy))
  const others = inOrder(result.baselines).flatMap((baseline) => {
    const theirs = baseline.metrics.accuracy
    return theirs ? [words.gets(capital(baselineName(baseline, 'single-label')), Math.round(theirs.value * rows))] : []
  })
  return [lead, ...others]
}

/** Two classes, one of them rare: how many of its rows are found. Null where its recall is not defined. */
function rareClass(result: SingleLabelResult, rare: number): string[] | null {
  const { perClass, confusion, rows } = result
  const own = perClass[rare]
  const other = perClass[1 - rare]
  if (!own?.recall || !other) return null
  const hits = confusion[rare]?.[rare] ?? 0
  const [name, interval] = [quoted(own.name), intervalName(result)]
  const lead = isSmallTest(result)
    ? words.foundRange(hits, own.support, name, interval, `${percentRange(own.recall)} %`)
    : words.found(hits, own.support, name, percent(own.recall.value), interval, percentRange(own.recall))
  const others = inOrder(result.baselines).flatMap((baseline) => {
    const found = foundByBaseline(baseline.metrics, own.support, other.support)
    return found === null ? [] : [words.finds(capital(baselineName(baseline, 'single-label')), found)]
  })
  const trap = words.always(quoted(other.name), other.support, rows)
  return [lead, words.alarms(hits, own.predicted, name), ...others, trap]
}

/**
 * Rows of the rare class that a baseline finds. With two classes of r and c rows, recalls a and b, accuracy·(r + c) = a·r + b·c and balanced
 * accuracy = (a + b)/2, hence a = (2·c·balanced − accuracy·(r + c)) / (c − r).
 */
function foundByBaseline(metrics: SingleLabelResult['metrics'], rare: number, common: number): number | null {
  const { accuracy, balanced_accuracy: balanced } = metrics
  if (!accuracy || !balanced || rare === common) return null
  const recall = (2 * common * balanced.value - accuracy.value * (rare + common)) / (common - rare)
  return Math.min(rare, Math.max(0, Math.round(recall * rare)))
}

function macro(result: SingleLabelResult, largest: string, support: number): string[] {
  const { rows, metrics, classNames } = result
  const own = metrics.macro_f1
  if (!own) return [words.notMeasured]
  const sentence = isSmallTest(result) ? words.macroRange : words.macro
  const lead = sentence(point(own), intervalName(result), range(own, decimalsOf(own)), classNames.length)
  const others = inOrder(result.baselines).flatMap((baseline) => {
    const theirs = baseline.metrics.macro_f1
    return theirs ? [words.has(capital(baselineName(baseline, 'single-label')), point(theirs))] : []
  })
  return [lead, ...others, words.mostly(percent(support / rows), rows, largest)]
}

/** Labels found and given, which rows without any label cannot flatter. */
function multiLabel(result: MultiLabelResult): string[] {
  const { rows, metrics, perLabel } = result
  const all = perLabel.reduce((sum, { support }) => sum + support, 0)
  const said = perLabel.reduce((sum, { predicted }) => sum + predicted, 0)
  const { micro_recall: recall, micro_f1: f1 } = metrics
  if (all === 0) return [words.noLabels(rows)]
  if (!recall || !f1) return [words.notMeasured]
  const hits = Math.round(recall.value * all)
  const name = intervalName(result)
  const lead = isSmallTest(result)
    ? words.labelsRange(hits, all, rows, name, `${percentRange(recall)} %`)
    : words.labels(hits, all, rows, percent(recall.value), name, percentRange(recall))
  const others = inOrder(result.baselines).flatMap((baseline) => {
    const theirs = baseline.metrics.micro_f1
    return theirs ? [`${baselineName(baseline, 'multi-label')}, ${point(theirs)}`] : []
  })
  return [lead, words.labelsGiven(hits, said), `${[words.microF1(point(f1)), ...others].join('; ')}.`]
}

function regression(result: RegressionResult): string[] {
  const { mae } = result.metrics
  if (!mae) return [words.notMeasured]
  const sentence = isSmallTest(result) ? words.withinRange : words.within
  const lead = sentence(significant(mae.value), intervalName(result), range(mae, decimalsOf(mae)), result.rows)
  const others = inOrder(result.baselines).flatMap((baseline) => {
    const theirs = baseline.metrics.mae
    return theirs ? [`${baselineName(baseline, 'regression')}, ${significant(theirs.value)}`] : []
  })
  return others.length === 0 ? [lead] : [lead, `${capital(others.join('; '))}.`]
}

function maskedLm({ rows, perplexity, base }: MaskedLmResult): Headline {
  const lead = words.perplexity(significant(perplexity, 3), significant(perplexity), rows)
  if (!base) return { text: lead, tone: 'look' }
  const isWorse = perplexity >= base.perplexity
  const sentences = [lead, words.basePerplexity(significant(base.perplexity, 3))]
  return { text: [...(isWorse ? [words.notWorthBase] : []), ...sentences].join(' '), tone: isWorse ? 'fail' : 'good' }
}
