import type { AnswerResult, BaselineComparison, EntityResult, EvaluationResult } from '../engine/evaluation/index.ts'
import type { MetricTable, ReportEvaluation, RunReport } from './run-report.ts'
import { AVERAGE_BASELINE, BASELINES, METRICS, page, USUAL_LABELS, ownEntry } from './words.ts'
import { harmless } from '../base/wording.ts'

/** A test set smaller than this, or a class of fewer rows, is judged by its interval first (ux.md §1). */
export const FEW_ROWS = 100
export const FEW_ROWS_OF_CLASS = 30

/** Beyond this share of the test rows one class makes accuracy say little. */
export const IMBALANCED_SHARE = 0.8

/** `METRICS` of a metric; one that has no words is shown by its name. */
export function metricTitle(name: string): string {
  return ownEntry(METRICS, name)?.title ?? harmless(name)
}

/** A metric's title inside a sentence: abbreviations stay as they are. */
export function metricPhrase(name: string): string {
  const title = metricTitle(name)
  return /^[A-Z][a-z]+(?: |$)/.test(title) ? title.charAt(0).toLowerCase() + title.slice(1) : title
}

export function isLess(name: string): boolean {
  return ownEntry(METRICS, name)?.less === true
}

/** What a test measured beside baselines: of whole texts, of passages, or of answers to questions. */
export type Tested = EvaluationResult | EntityResult | AnswerResult

/** Metrics by name, whatever the kind. */
export function metricsOf({ metrics }: Tested): MetricTable {
  return metrics
}

/** The baselines in the order in which a reader asks: what would keywords do, the base model, nothing at all. */
export function inOrder<B extends { readonly id: string }>(baselines: readonly B[]): B[] {
  const place = ({ id }: B): number => ['tfidf', 'base'].indexOf(id)
  return baselines.toSorted((a, b) => (place(a) < 0 ? 2 : place(a)) - (place(b) < 0 ? 2 : place(b)))
}

export function baselinesOf(evaluation: Pick<Tested, 'baselines'>): readonly BaselineComparison[] {
  return inOrder<BaselineComparison>(evaluation.baselines)
}

/** Who a baseline is, as the subject or object of a sentence. */
export function baselineName({ id, title }: Pick<BaselineComparison, 'id' | 'title'>, kind: ReportEvaluation['kind']): string {
  if (id === 'majority' && kind === 'regression') return AVERAGE_BASELINE
  if (id === 'majority' && kind === 'multi-label') return USUAL_LABELS
  return ownEntry(BASELINES, id) ?? harmless(title)
}

/** A baseline's title at the head of a column. */
export function baselineTitle({ id, title }: Pick<BaselineComparison, 'id' | 'title'>, kind: ReportEvaluation['kind']): string {
  const short = page.baselineTitle
  if (id === 'majority') return kind === 'regression' ? short.average : short.majority
  if (id === 'tfidf') return short.tfidf
  return id === 'base' ? short.base : harmless(title)
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** Names and test rows of the classes or labels; empty for regression. */
export function classRowsOf(evaluation: EvaluationResult): readonly { readonly name: string; readonly support: number }[] {
  if (evaluation.kind === 'single-label') return evaluation.perClass
  return evaluation.kind === 'multi-label' ? evaluation.perLabel : []
}

export function isSmallTest(evaluation: EvaluationResult): boolean {
  const classes = classRowsOf(evaluation)
  return evaluation.rows < FEW_ROWS || classes.some(({ support }) => support < FEW_ROWS_OF_CLASS)
}

/** The metrics that a page shows first, by kind; the others are in the full table. */
export const MAIN_METRICS: Readonly<Record<Tested['kind'], readonly string[]>> = {
  answers: ['answer_f1', 'exact_match', 'has_answer_f1', 'has_answer_exact', 'no_answer_exact'],
  spans: ['micro_f1', 'micro_precision', 'micro_recall', 'exact_f1', 'partial_f1', 'type_f1', 'macro_f1'],
  'single-label': ['accuracy', 'balanced_accuracy', 'macro_f1', 'mcc', 'auroc', 'auprc', 'log_loss', 'brier', 'ece'],
  'multi-label': ['subset_accuracy', 'hamming_loss', 'macro_f1', 'micro_f1', 'samples_f1', 'auroc', 'auprc', 'log_loss', 'ece'],
  regression: ['mae', 'rmse', 'r2', 'pearson', 'spearman']
}

/** The same where passages are marked. */
export const SPAN_METRICS: readonly string[] = ['micro_f1', 'micro_precision', 'micro_recall', 'macro_f1', 'partial_f1']

/** The test's evaluation where whole texts were answered. */
export function comparable({ evaluation }: RunReport): EvaluationResult | null {
  if (evaluation === null || evaluation.kind === 'masked-lm') return null
  return evaluation.kind === 'spans' || evaluation.kind === 'answers' ? null : evaluation
}
