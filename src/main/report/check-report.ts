import { InputError, messageOf } from '../base/errors.ts'
import type {
  BaselineComparison,
  ClassRow,
  ConfidenceBar,
  DifferenceTest,
  Estimate,
  IntervalMethod,
  MultiLabelResult,
  RegressionResult,
  SingleLabelResult
} from '../engine/evaluation/index.ts'
import { checkAnswers } from './check-answers.ts'
import { checkSpans } from './check-spans.ts'
import { checkAfterTest } from './after-test.ts'
import { checkCost } from './cost.ts'
import { checkInt8 } from './int8.ts'
import { checkEnergy } from './energy.ts'
import { checkFolds } from './folds.ts'
import { checkLearningCurve } from './learning-curve.ts'
import { checkSubgroups } from './subgroups.ts'
import { count, isRecord, list, number, object, oneOf, orNull, record, setting, text, truth } from './shape.ts'
import type { Check, ChecksOf } from './shape.ts'
import { REPORT_VERSION } from './run-report.ts'
import type {
  CalibrationFacts,
  DataFacts,
  EvaluationPoint,
  LossPoint,
  MaskedLmResult,
  ModelFacts,
  RunFacts,
  RunReport,
  SeedStatistic,
  SeedSummary,
  SpeedFacts,
  TaskFacts,
  TrainingFacts
} from './run-report.ts'

const texts = list(text)
const settings = record(setting)
const parts = (each: Check): Check => object<DataFacts['rows']>({ train: each, validation: each, test: each })

const estimate = orNull(object<Estimate>({ value: number, low: number, high: number }))
const estimates = record(estimate)

const intervals = object<IntervalMethod>({ level: number, resamples: count, seed: number, unit: oneOf('rows', 'groups') })
const difference = object<DifferenceTest>({
  metric: text,
  method: oneOf('mcnemar-exact', 'sign-flip', 'randomisation', 'paired-bootstrap'),
  p: number,
  adjustedP: number
})
const baseline = object<BaselineComparison>({
  id: text,
  title: text,
  metrics: estimates,
  differences: estimates,
  tests: list(difference),
  verdict: oneOf('better', 'worse', 'not shown')
})
const common = { rows: count, intervals, primary: text, metrics: estimates, baselines: list(baseline) }

const classRow = {
  name: text,
  support: count,
  predicted: count,
  precision: estimate,
  recall: estimate,
  specificity: estimate,
  f1: estimate,
  auroc: estimate,
  auprc: estimate
} satisfies ChecksOf<ClassRow>

const bars = list(object<ConfidenceBar>({ low: number, high: number, right: count, wrong: count }))
const reliability = list(
  object<SingleLabelResult['reliability'][number]>({
    low: number,
    high: number,
    count,
    confidence: orNull(number),
    accuracy: orNull(number)
  })
)

const classError = object<SingleLabelResult['worstErrors'][number]>({
  row: count,
  label: count,
  predicted: count,
  confidence: number,
  probabilityOfLabel: number
})
const labelError = object<MultiLabelResult['worstErrors'][number]>({
  row: count,
  label: count,
  isCarried: truth,
  probability: number
})
const targetError = object<RegressionResult['worstErrors'][number]>({ row: count, target: number, prediction: number })

/** Tables are as long as there are classes, so that no page has to draw a ragged one. */
function singleLabel(value: unknown): string | null {
  const classes = isRecord(value) && Array.isArray(value['classNames']) ? value['classNames'].length : 0
  return object<SingleLabelResult>({
    ...common,
    kind: oneOf('single-label'),
    classNames: texts,
    perClass: list(object<ClassRow>(classRow), classes),
    confusion: list(list(count, classes), classes),
    worstErrors: list(classError),
    confidence: bars,
    reliability
  })(value)
}

function multiLabel(value: unknown): string | null {
  const labels = isRecord(value) && Array.isArray(value['labelNames']) ? value['labelNames'].length : 0
  return object<MultiLabelResult>({
    ...common,
    kind: oneOf('multi-label'),
    labelNames: texts,
    perLabel: list(object<MultiLabelResult['perLabel'][number]>({ ...classRow, threshold: number }), labels),
    worstErrors: list(labelError),
    confidence: bars,
    reliability
  })(value)
}

const regression = object<RegressionResult>({ ...common, kind: oneOf('regression'), worstErrors: list(targetError) })

const guess = { loss: number, perplexity: number }
const maskedLm = object<MaskedLmResult>({ kind: oneOf('masked-lm'), rows: count, ...guess, base: orNull(object(guess)) })

const KINDS: Readonly<Record<TaskFacts['kind'], Check>> = {
  'single-label': singleLabel,
  'multi-label': multiLabel,
  spans: checkSpans(common),
  answers: checkAnswers(common),
  regression,
  'masked-lm': maskedLm
}

const kind = oneOf(...Object.keys(KINDS))

function evaluation(value: unknown): string | null {
  if (!isRecord(value)) return ' must be an object or null'
  const fault = kind(value['kind'])
  if (fault !== null) return `.kind${fault}`
  return Object.entries(KINDS).find(([name]) => name === value['kind'])?.[1](value) ?? null
}

const duplicates = object<DataFacts['duplicates']>({
  sets: count,
  extraRows: count,
  conflictingSets: count,
  conflictingRows: count
})

const run = object<RunFacts>({
  name: text,
  folder: text,
  createdAt: text,
  seconds: number,
  secondsByPhase: record(number),
  seed: number,
  weightsHash: orNull(text),
  files: list(object<RunFacts['files'][number]>({ title: text, path: text }))
})

const model = object<ModelFacts>({
  family: text,
  title: text,
  parameters: count,
  trainableParameters: count,
  method: object<ModelFacts['method']>({ id: text, title: text, settings })
})

const data = object<DataFacts>({
  files: texts,
  rows: parts(count),
  groupColumn: orNull(text),
  groups: orNull(parts(count)),
  skipped: record(count),
  duplicates,
  truncatedRows: count,
  truncatedTokens: count,
  totalTokens: count,
  maxLength: count,
  notes: texts,
  classNames: texts,
  classCounts: orNull(parts(list(count)))
})

const bestMetric = object<NonNullable<TrainingFacts['bestMetric']>>({ name: text, value: number, greaterIsBetter: truth })
const curves = object<TrainingFacts['curves']>({
  training: list(object<LossPoint>({ step: count, loss: number })),
  validation: list(object<EvaluationPoint>({ step: count, metrics: record(number) }))
})

const training = object<TrainingFacts>({
  steps: count,
  totalSteps: count,
  epochs: number,
  plannedEpochs: number,
  bestStep: orNull(count),
  bestMetric: orNull(bestMetric),
  stoppedEarly: truth,
  skippedSteps: count,
  prefix: orNull(text),
  settings,
  curves
})

const numbers = orNull(list(number))
const statistic = object<SeedStatistic>({ values: list(orNull(number)), mean: number, deviation: orNull(number) })

const report = object<RunReport>({
  version: oneOf(REPORT_VERSION),
  run,
  task: object<TaskFacts>({
    id: oneOf('text-classification', 'token-classification', 'question-answering', 'regression', 'masked-lm'),
    kind
  }),
  model,
  data,
  training,
  calibration: object<CalibrationFacts>({ temperatures: numbers, thresholds: numbers }),
  evaluation: orNull(evaluation),
  speed: object<SpeedFacts>({ device: text, tokensPerSecond: number, peakRssBytes: number, predictedRssBytes: orNull(number) }),
  testLooks: count,
  after: checkAfterTest,
  energy: checkEnergy,
  cost: checkCost,
  int8: checkInt8,
  subgroups: checkSubgroups,
  folds: checkFolds,
  learningCurve: checkLearningCurve,
  seeds: orNull(object<SeedSummary>({ seeds: list(number), metrics: record(statistic) }))
})

/** `value`, parsed from report.json, as a report. `file` is named in the `InputError` that says which field is wrong. */
export function checkRunReport(value: unknown, file = 'report.json'): RunReport {
  const fault = report(value)
  if (fault === null) return value as RunReport // Every field was checked against a list that must name them all.
  const where = `${file}${fault.startsWith(' ') ? '' : ':'} ${fault.trimStart()}`
  const message = `${where}. The report was changed or comes from another version of Attune; run attune evaluate to write a new one.`
  throw new InputError('report-unreadable', message, { file, inApp: changed })
}

const changed =
  'The report of this run was changed, or comes from another version of Attune. Restore it from a backup, or train the run again.'

/** Parses the text of a report.json. */
export function parseRunReport(json: string, file = 'report.json'): RunReport {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch (cause) {
    throw new InputError('report-unreadable', `${file} is not JSON (${messageOf(cause)}).`, { file, inApp: changed }, { cause })
  }
  return checkRunReport(value, file)
}
