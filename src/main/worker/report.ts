import { basename } from 'node:path'
import type { RunConfig } from '../config/config-types.ts'
import type {
  EvaluationPoint,
  LossPoint,
  MaskedLmResult,
  ReportEvaluation,
  RunReport,
  SeedSummary,
  SettingValue,
  SplitPart,
  TrainingFacts
} from '../report/run-report.ts'
import { REPORT_VERSION, thinLosses } from '../report/run-report.ts'
import type { AnswerResult, EntityResult, EvaluationResult } from '../engine/evaluation/index.ts'
import type { Examples } from '../engine/training/examples.ts'
import type { SubgroupFacts } from '../report/subgroups.ts'
import type { CostFacts } from '../report/cost.ts'
import type { EnergyFacts } from '../report/energy.ts'
import type { Int8Facts } from '../report/int8.ts'
import { concise } from '../config/to-yaml.ts'
import { loopSettingsOf } from '../engine/training/plan.ts'
import type { TextRun } from '../engine/training/text-run.ts'
import type { Calibration } from './judge.ts'
import type { PreparedRun } from './prepare.ts'

/** What a finished run knows of itself. */
export interface RunOutcome {
  readonly folder: string
  readonly name: string
  readonly createdAt: string
  readonly seconds: Readonly<Record<string, number>>
  readonly weightsHash: string
  readonly steps: number
  readonly evaluation: EvaluationResult | EntityResult | AnswerResult | MaskedLmResult | null
  readonly calibration: Calibration | null
  readonly testLooks: number
  readonly device: string
  readonly peakRssBytes: number
  readonly predictedRssBytes: number
  /** The events of metrics.jsonl. */
  readonly events: readonly Readonly<Record<string, unknown>>[]
  readonly notes: readonly string[]
  /** Null where no layer was trained over in 8 bits. */
  readonly int8: Int8Facts | null
  readonly seeds: SeedSummary | null
  /** Null where it was not measured. */
  readonly energy: EnergyFacts | null
  readonly cost: CostFacts
  readonly subgroups?: SubgroupFacts
}

const each = <T>(make: (part: SplitPart) => T): Record<SplitPart, T> => ({
  train: make('train'),
  validation: make('validation'),
  test: make('test')
})

/** A setting as run.yaml writes it. */
function settingValue(value: unknown): SettingValue {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  return Array.isArray(value) ? value.join(', ') : JSON.stringify(value)
}

const settingsTable = (options: object): Record<string, SettingValue> =>
  Object.fromEntries(Object.entries(options).map(([name, value]) => [name, settingValue(value)]))

/** Everything the run's report says, from what the run left behind. */
export function makeReport(config: RunConfig, prepared: PreparedRun, run: TextRun, outcome: RunOutcome): RunReport {
  const { model, definition, dataset } = prepared
  const { type, ...options } = config.method
  const { total = 0, ...byPhase } = outcome.seconds
  return {
    version: REPORT_VERSION,
    run: {
      name: outcome.name,
      folder: outcome.folder,
      createdAt: outcome.createdAt,
      seconds: total,
      secondsByPhase: byPhase,
      seed: prepared.settings.seed,
      weightsHash: outcome.weightsHash,
      files: [
        { title: 'Report', path: 'report.html' },
        { title: 'Every number', path: 'report.json' },
        { title: 'Curves', path: 'metrics.jsonl' },
        { title: 'Weights', path: 'checkpoints' }
      ]
    },
    task: { id: config.task, kind: taskKind(prepared) },
    model: {
      family: model.architecture.id,
      title: basename(config.model),
      parameters: run.selection.totalCount,
      trainableParameters: run.selection.trainableCount,
      method: { id: type, title: definition.method.title, settings: settingsTable(options) }
    },
    data: dataFacts(config, prepared, run, outcome),
    training: trainingFacts(config, prepared, run, outcome),
    calibration: {
      temperatures:
        dataset.labels.kind === 'target' || dataset.labels.kind === 'answers'
          ? null
          : (outcome.calibration?.temperatures ?? null),
      thresholds: outcome.calibration?.thresholds ?? null
    },
    evaluation: outcome.evaluation satisfies ReportEvaluation | null,
    speed: {
      device: outcome.device,
      tokensPerSecond: tokensPerSecond(outcome.events),
      peakRssBytes: outcome.peakRssBytes,
      predictedRssBytes: outcome.predictedRssBytes
    },
    testLooks: outcome.testLooks,
    seeds: outcome.seeds,
    ...(outcome.energy && { energy: outcome.energy }),
    cost: outcome.cost,
    ...(outcome.int8 && { int8: outcome.int8 }),
    ...(outcome.subgroups && { subgroups: outcome.subgroups })
  }
}

function taskKind({ targets, marking, answering }: PreparedRun): RunReport['task']['kind'] {
  if (answering) return 'answers'
  return marking ? 'spans' : (targets?.kind ?? 'masked-lm')
}

function dataFacts(
  config: RunConfig,
  { dataset, split, settings }: PreparedRun,
  run: TextRun,
  { notes, events }: RunOutcome
): RunReport['data'] {
  const examples: readonly Examples[] = [run.train, run.validation, run.test]
  const sum = (of: (examples: Examples) => number): number => examples.reduce((total, one) => total + of(one), 0)
  const { groups } = dataset
  const groupsIn = (part: SplitPart): number => new Set(Array.from(split[part], (row) => groups?.[row] || `row ${row}`)).size
  return {
    files: dataset.files.map(({ name }) => basename(name)),
    rows: each((part) => split[part].length),
    groupColumn: config.data.group,
    groups: groups ? each(groupsIn) : null,
    skipped: dataset.skippedCounts,
    duplicates: {
      sets: split.duplicates.sets,
      extraRows: split.duplicates.extraRows,
      conflictingSets: split.duplicates.conflictingSets,
      conflictingRows: split.duplicates.conflictingRows
    },
    truncatedRows: sum((one) => one.truncatedRows),
    truncatedTokens: sum((one) => one.truncatedTokens),
    totalTokens: sum((one) => one.truncatedTokens + one.lengths.reduce((total, length) => total + length, 0)),
    maxLength: settings.maxLength,
    // Of all parts of a run that was resumed.
    notes: [...notes, ...events.flatMap(({ event, sentence }) => (event === 'smaller-batches' ? [String(sentence)] : []))],
    classNames: dataset.classNames,
    classCounts: dataset.classNames.length === 0 ? null : each((part) => split.classCounts[part])
  }
}

function trainingFacts(config: RunConfig, { settings }: PreparedRun, run: TextRun, { events, steps }: RunOutcome): TrainingFacts {
  const evaluations = events.filter((event) => event['event'] === 'evaluation')
  const best = evaluations.findLast((event) => event['isBest'] === true)
  const { name, greaterIsBetter } = loopSettingsOf(settings, run.totalSteps).bestMetric
  // Events were written by this program; their shapes are those of TrainingEvent.
  const metricsOf = (event: Readonly<Record<string, unknown>>): Record<string, number> =>
    event['metrics'] as Record<string, number>
  const losses = events
    .filter((event) => event['event'] === 'step')
    .map((event): LossPoint => ({ step: Number(event['step']), loss: Number(event['loss']) }))
  const points = evaluations.map((event): EvaluationPoint => ({ step: Number(event['step']), metrics: metricsOf(event) }))
  const lastEpoch = events.findLast((event) => typeof event['epoch'] === 'number')?.['epoch']
  return {
    steps,
    totalSteps: run.totalSteps,
    epochs: Number(lastEpoch ?? 0) + 1,
    plannedEpochs: settings.epochs,
    bestStep: best ? Number(best['step']) : null,
    bestMetric: best ? { name, value: metricsOf(best)[name] ?? 0, greaterIsBetter } : null,
    stoppedEarly: events.some((event) => event['event'] === 'early-stop'),
    skippedSteps: events.filter((event) => event['event'] === 'skipped').length,
    prefix: run.prefixPhrase(),
    settings: settingsTable(changedSettings(config)),
    curves: { training: thinLosses(losses), validation: points }
  }
}

/** The settings of `training` that differ from their defaults. */
function changedSettings(config: RunConfig): object {
  const { training } = concise(config)
  return typeof training === 'object' && training !== null ? training : {}
}

function tokensPerSecond(events: RunOutcome['events']): number {
  const steps = events.filter((event) => event['event'] === 'step')
  const sum = (key: string): number => steps.reduce((total, event) => total + Number(event[key] ?? 0), 0)
  const seconds = sum('seconds')
  return seconds > 0 ? sum('tokens') / seconds : 0
}
