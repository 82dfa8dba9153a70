import type {
  BaselineComparison,
  ClassRow,
  Estimate,
  MultiLabelResult,
  RegressionResult,
  SingleLabelResult
} from '../../../../src/main/engine/evaluation/index.ts'
import { REPORT_VERSION } from '../../../../src/main/report/run-report.ts'
import type { ReportEvaluation, RunReport, TaskFacts } from '../../../../src/main/report/run-report.ts'

/** Reports with invented but consistent numbers. */
export const estimate = (value: number, low: number, high: number): Estimate => ({ value, low, high })

/** An interval of ± `half` that stays inside [0, 1]. */
const near = (value: number, half: number): Estimate =>
  estimate(value, Math.max(0, value - half), value > 1 ? value + half : Math.min(1, value + half))

const SINGLE = {
  accuracy: 0.9262,
  balanced_accuracy: 0.9,
  macro_precision: 0.91,
  macro_recall: 0.9,
  macro_f1: 0.9041,
  micro_precision: 0.9262,
  micro_recall: 0.9262,
  micro_f1: 0.9262,
  weighted_precision: 0.927,
  weighted_recall: 0.9262,
  weighted_f1: 0.926,
  mcc: 0.87,
  auroc: 0.981,
  auprc: 0.951,
  log_loss: 0.231,
  brier: 0.12,
  ece: 0.031
}

type SingleMetrics = SingleLabelResult['metrics']

function scaled<K extends string>(values: Record<K, number>, by: number, half: number): Record<K, Estimate | null> {
  // Object.fromEntries forgets the key type; every key is kept.
  return Object.fromEntries(Object.entries<number>(values).map(([key, value]) => [key, near(value * by, half)])) as Record<
    K,
    Estimate | null
  >
}

const LESS = new Set(['hamming_loss', 'log_loss', 'brier', 'ece', 'mae', 'rmse'])

/** A baseline whose every metric is `by` times the model's, or as many times worse where less is better. */
function comparison<K extends string>(
  id: string,
  title: string,
  values: Record<K, number>,
  by: number,
  verdict: BaselineComparison['verdict'],
  primary: NoInfer<K>
): BaselineComparison<K> {
  const theirs = Object.fromEntries(
    Object.entries<number>(values).map(([key, value]) => [key, near(LESS.has(key) ? value / by : value * by, 0.05)])
  ) as Record<K, Estimate | null> // As above.
  const p = verdict === 'not shown' ? 0.41 : 0.0002
  return {
    id,
    title,
    metrics: theirs,
    differences: Object.fromEntries(
      Object.entries<number>(values).map(([key, value]) => {
        const gap = value - (LESS.has(key) ? value / by : value * by)
        return [key, estimate(gap, gap - 0.04, gap + 0.04)]
      })
    ) as Record<K, Estimate | null>, // As above.
    tests: [{ metric: primary, method: 'paired-bootstrap', p, adjustedP: p }],
    verdict
  }
}

const classRow = (name: string, support: number, predicted: number, hits: number): ClassRow => ({
  name,
  support,
  predicted,
  precision: predicted === 0 ? null : near(hits / predicted, 0.06),
  recall: support === 0 ? null : near(hits / support, 0.06),
  specificity: near(0.95, 0.02),
  f1: near(support + predicted === 0 ? 0 : (2 * hits) / (support + predicted), 0.05),
  auroc: near(0.97, 0.02),
  auprc: near(0.94, 0.03)
})

const reliability = [
  { low: 0.4, high: 0.4667, count: 4, confidence: 0.44, accuracy: 0.5 },
  { low: 0.4667, high: 0.5333, count: 0, confidence: null, accuracy: null },
  { low: 0.8, high: 0.8667, count: 20, confidence: 0.84, accuracy: 0.8 },
  { low: 0.9333, high: 1, count: 98, confidence: 0.97, accuracy: 0.98 }
]

const intervals = { level: 0.95, resamples: 1000, seed: 1, unit: 'groups' } as const

/** Three classes, each with 30 test rows or more; `confusion` decides rows, hits and answers. */
export function singleLabel(
  names: readonly string[] = ['urgent', 'soon', 'routine'],
  confusion: readonly (readonly number[])[] = [
    [34, 2, 0],
    [1, 33, 2],
    [0, 4, 46]
  ],
  verdicts: readonly BaselineComparison['verdict'][] = ['better', 'better', 'better']
): SingleLabelResult {
  const rows = confusion.flat().reduce((sum, count) => sum + count, 0)
  const right = confusion.reduce((sum, line, c) => sum + (line[c] ?? 0), 0)
  const values = { ...SINGLE, accuracy: right / rows }
  const [keyword = 'better', base = 'better', majority = 'better'] = verdicts
  return {
    kind: 'single-label',
    rows,
    intervals,
    primary: 'macro_f1',
    metrics: scaled(values, 1, 0.045) satisfies SingleMetrics,
    baselines: [
      comparison('majority', 'Always the most frequent class', values, 0.45, majority, 'macro_f1'),
      comparison('tfidf', 'Keyword model (TF-IDF, linear)', values, keyword === 'worse' ? 1.05 : 0.88, keyword, 'macro_f1'),
      comparison('base', 'Base model without training (linear head)', values, 0.6, base, 'macro_f1')
    ],
    classNames: names,
    perClass: names.map((name, c) =>
      classRow(
        name,
        (confusion[c] ?? []).reduce((sum, count) => sum + count, 0),
        confusion.reduce((sum, line) => sum + (line[c] ?? 0), 0),
        confusion[c]?.[c] ?? 0
      )
    ),
    confusion,
    worstErrors: [
      { row: 412, label: 0, predicted: 1, confidence: 0.991, probabilityOfLabel: 0.004 },
      { row: 87, label: 1, predicted: 0, confidence: 0.74, probabilityOfLabel: 0.2 }
    ],
    confidence: [
      { low: 0.9, high: 0.95, right: 40, wrong: 3 },
      { low: 0.95, high: 1, right: 58, wrong: 1 }
    ],
    reliability
  }
}

const MULTI = {
  subset_accuracy: 0.71,
  hamming_loss: 0.08,
  macro_precision: 0.84,
  macro_recall: 0.79,
  macro_f1: 0.81,
  micro_precision: 0.84,
  micro_recall: 0.8,
  micro_f1: 0.82,
  weighted_precision: 0.84,
  weighted_recall: 0.8,
  weighted_f1: 0.82,
  samples_f1: 0.83,
  auroc: 0.95,
  auprc: 0.88,
  log_loss: 0.19,
  brier: 0.06,
  ece: 0.02
}

export function multiLabel(): MultiLabelResult {
  return {
    kind: 'multi-label',
    rows: 140,
    intervals: { ...intervals, unit: 'rows' },
    primary: 'macro_f1',
    metrics: { ...scaled(MULTI, 1, 0.06), auprc: null },
    baselines: [
      comparison('majority', 'Always the usual labels', MULTI, 0.2, 'better', 'macro_f1'),
      comparison('tfidf', 'Keyword model (TF-IDF, linear)', MULTI, 0.97, 'not shown', 'macro_f1')
    ],
    labelNames: ['payment', 'liability', 'termination'],
    perLabel: [
      { ...classRow('payment', 90, 88, 76), threshold: 0.41 },
      { ...classRow('liability', 60, 50, 45), threshold: 0.5 },
      { ...classRow('termination', 50, 52, 39), threshold: 0.355 }
    ],
    worstErrors: [
      { row: 3, label: 2, isCarried: true, probability: 0.02 },
      { row: 90, label: 0, isCarried: false, probability: 0.93 }
    ],
    confidence: [{ low: 0.95, high: 1, right: 380, wrong: 4 }],
    reliability
  }
}

const SCORE = { mae: 0.381, rmse: 0.52, r2: 0.71, pearson: 0.85, spearman: 0.84 }

export function regression(rows = 180): RegressionResult {
  return {
    kind: 'regression',
    rows,
    intervals: { ...intervals, unit: 'rows' },
    primary: 'mae',
    metrics: scaled(SCORE, 1, 0.04),
    baselines: [
      comparison('majority', 'Guessing the average', SCORE, 0.35, 'better', 'mae'),
      comparison('tfidf', 'Keyword model (TF-IDF, linear)', SCORE, 0.67, 'better', 'mae')
    ],
    worstErrors: [
      { row: 17, target: 5, prediction: 1.234 },
      { row: 99, target: 1, prediction: 2.5 }
    ]
  }
}

const TASKS: Readonly<Record<TaskFacts['kind'], TaskFacts['id']>> = {
  'single-label': 'text-classification',
  'multi-label': 'text-classification',
  spans: 'token-classification',
  answers: 'question-answering',
  regression: 'regression',
  'masked-lm': 'masked-lm'
}

const BEST: Readonly<Record<TaskFacts['kind'], RunReport['training']['bestMetric']>> = {
  'single-label': { name: 'macro_f1', value: 0.92, greaterIsBetter: true },
  'multi-label': { name: 'macro_f1', value: 0.83, greaterIsBetter: true },
  spans: { name: 'micro_f1', value: 0.84, greaterIsBetter: true },
  answers: { name: 'answer_f1', value: 0.72, greaterIsBetter: true },
  regression: { name: 'mae', value: 0.39, greaterIsBetter: false },
  'masked-lm': { name: 'perplexity', value: 8.4, greaterIsBetter: false }
}

/** A loss that falls from 1.4 to about 0.2, and a validation metric that rises and then stays. */
const curvesOf = (kind: TaskFacts['kind']): RunReport['training']['curves'] => {
  const rising = [0.61, 0.78, 0.86, 1, 0.995, 0.996]
  const { name = '', value = 0, greaterIsBetter = true } = BEST[kind] ?? {}
  return {
    training: Array.from({ length: 60 }, (_, i) => ({ step: (i + 1) * 3, loss: 0.2 + 1.2 * Math.exp(-i / 12) })),
    validation: rising.map((share, i) => ({
      step: (i + 1) * 30,
      metrics: { [name]: greaterIsBetter ? value * share : value / share, log_loss: [0.9, 0.6, 0.4, 0.31, 0.3, 0.3][i] ?? 0 }
    }))
  }
}

const classCounts = (names: readonly string[]): RunReport['data']['classCounts'] =>
  names.length === 0
    ? null
    : { train: names.map((_, c) => 180 + 20 * c), validation: names.map(() => 40), test: names.map((_, c) => 36 + 7 * c) }

/** A report around an evaluation, without anything to worry about. */
export function reportOf(
  evaluation: ReportEvaluation | null,
  kind: TaskFacts['kind'] = evaluation?.kind ?? 'single-label'
): RunReport {
  const names =
    evaluation?.kind === 'single-label' ? evaluation.classNames : evaluation?.kind === 'multi-label' ? evaluation.labelNames : []
  const isLabelled = kind === 'single-label' || kind === 'multi-label'
  return {
    version: REPORT_VERSION,
    run: {
      name: 'letters',
      folder: 'runs/letters-1',
      createdAt: '2026-03-01T09:30:00.000Z',
      seconds: 74.2,
      secondsByPhase: { reading: 0.41, tokenising: 0.9, training: 61.3, baselines: 3.1, testing: 2.2 },
      seed: 1,
      weightsHash: 'ab'.repeat(32),
      files: [
        { title: 'This report as a page', path: 'report.html' },
        { title: 'Weights', path: 'checkpoints/best' }
      ]
    },
    task: { id: TASKS[kind], kind },
    model: {
      family: 'bert',
      title: 'MiniLM-L6',
      parameters: 22_713_216,
      trainableParameters: 147_843,
      method: { id: 'lora', title: 'LoRA', settings: { r: 8, lora_alpha: 16, lora_dropout: 0, target_modules: 'query, value' } }
    },
    data: {
      files: ['clinical-letters.csv'],
      rows: { train: 600, validation: 120, test: evaluation?.rows ?? 0 },
      groupColumn: 'patient_id',
      groups: { train: 400, validation: 80, test: 82 },
      skipped: { empty_text: 2, missing_label: 12, empty_text_pair: 0 },
      duplicates: { sets: 3, extraRows: 4, conflictingSets: 0, conflictingRows: 0 },
      truncatedRows: 9,
      truncatedTokens: 812,
      totalTokens: 120_000,
      maxLength: 256,
      notes: ['The file was read as UTF-8.'],
      classNames: names,
      classCounts: classCounts(names)
    },
    training: {
      steps: 180,
      totalSteps: 180,
      epochs: 3,
      plannedEpochs: 3,
      bestStep: 120,
      bestMetric: BEST[kind],
      stoppedEarly: false,
      skippedSteps: 0,
      prefix: null,
      settings: { learning_rate: 0.0005, per_device_train_batch_size: 16, class_weights: 'none' },
      curves: curvesOf(kind)
    },
    calibration: { temperatures: isLabelled ? [1.21] : null, thresholds: kind === 'multi-label' ? [0.41, 0.5, 0.355] : null },
    evaluation,
    speed: { device: 'CPU, 2 threads', tokensPerSecond: 5213.4, peakRssBytes: 812_000_000, predictedRssBytes: 780_000_000 },
    testLooks: 1,
    seeds: null
  }
}

export const maskedLm = (): ReportEvaluation => ({
  kind: 'masked-lm',
  rows: 300,
  loss: Math.log(8.21),
  perplexity: 8.21,
  base: { loss: Math.log(14.1), perplexity: 14.1 }
})
