import { createHash } from 'node:crypto'
import { basename, join } from 'node:path'
import type { RunConfig } from '../config/config-types.ts'
import { StoppedError } from '../base/errors.ts'
import { writeJsonAtomic } from '../base/files.ts'
import { evaluate, numberGroups, type Baseline, type EvaluationResult } from '../engine/evaluation/index.ts'
import { libraryHash } from '../engine/runtime/index.ts'
import type { Runtime } from '../engine/runtime/port.ts'
import { baseFeatures } from '../engine/training/base-features.ts'
import { buildTrainingGraph } from '../engine/training/graphs.ts'
import { peakActivationBytes } from '../engine/training/memory.ts'
import { lossOptionsOf } from '../engine/training/plan.ts'
import { TextRun } from '../engine/training/text-run.ts'
import { majorityBaseline, keywordBaseline, probeBaseline, baselineSplit, type BaselineInput } from './baselines.ts'
import { calibrate, evaluationInput, readLogits, validationMetrics, type Calibration } from './judge.ts'
import { prepareRun, textOf, type PreparedRun } from './prepare.ts'
import type { TrainerEvent } from './protocol.ts'
import { countTestLook, createRunFolder, findRun, MetricsFile, writeRecord, type RunRecord } from './run-folder.ts'
import { Stopwatch } from './seconds.ts'

export interface TrainInput {
  readonly config: RunConfig
  readonly configHash: string
  readonly configText: string
  /** The run's name: that of the file without its ending. */
  readonly name: string
  readonly resume: boolean
  readonly runtime: Runtime
  readonly cacheFolder: string
  readonly signal: AbortSignal
  readonly emit: (event: TrainerEvent) => void
}

/** What `predict` and `evaluate` need of a finished run, besides its checkpoint (`model.json`). */
export interface RunModel {
  readonly classNames: readonly string[]
  readonly calibration: Calibration
  readonly shift: number
  readonly scale: number
  readonly problem: string
  readonly splitHash: string
}

/** Trains one configuration from its files to its report. Returns the `finished` event. */
export async function trainRun(input: TrainInput): Promise<Extract<TrainerEvent, { event: 'finished' }>> {
  const watch = new Stopwatch()
  const { config, runtime, emit, signal } = input
  const prepared = await watch.time('reading', () =>
    prepareRun(config, {
      cacheFolder: input.cacheFolder,
      seed: config.training.seed,
      signal,
      onProgress: (phase, done, total) => emit({ event: 'progress', phase, done, total }),
      onNote: (code, message) => emit({ event: 'note', code, message })
    })
  )
  const place = await runPlace(input)
  const metrics = new MetricsFile(place.folder)
  const planHash = hashOf({
    config: input.configHash,
    split: prepared.split.splitHash,
    tokenizer: prepared.tokenizer.contentHash,
    model: prepared.modelKey,
    threads: runtime.threads,
    runtime: runtime.version,
    kind: runtime.kind,
    library: await libraryHash()
  })
  const run = makeRun(input, prepared, place.folder, planHash, watch, metrics)
  try {
    const predicted = predictedRss(prepared, run)
    const rows = { train: run.train.rows.length, validation: run.validation.rows.length, test: run.test.rows.length }
    const { trainableCount: trainable_parameters, totalCount: total_parameters } = run.selection
    emit({
      event: 'started',
      run: place.folder,
      resumedFrom: null,
      trainable_parameters,
      total_parameters,
      rows,
      totalSteps: run.totalSteps,
      predicted_rss_bytes: predicted
    })
    await prepared.recheck()
    const fitted = await watch.time('training', () => run.fit({ resume: input.resume }))
    const outcome = await judgeRun(input, prepared, run, place.folder, watch)
    const tokens = await tokensPerSecond(metrics)
    const finished = {
      event: 'finished' as const,
      run: place.folder,
      weights_hash: fitted.weightsHash,
      ...outcome.summary,
      seconds: watch.parts(),
      tokens_per_second: tokens,
      peak_rss_bytes: await peakRss(),
      predicted_rss_bytes: predicted,
      trainable_parameters,
      total_parameters,
      truncated_rows: run.train.truncatedRows + run.validation.truncatedRows + run.test.truncatedRows,
      truncated_tokens: run.train.truncatedTokens + run.validation.truncatedTokens + run.test.truncatedTokens,
      steps: fitted.steps,
      rows
    }
    await writeJsonAtomic(join(place.folder, 'result.json'), { ...finished, evaluation: outcome.evaluation })
    await writeRecord(place.folder, { ...place.record, state: 'finished' })
    return finished
  } catch (error) {
    await writeRecord(place.folder, { ...place.record, state: error instanceof StoppedError ? 'stopped' : 'failed' }).catch(
      () => undefined
    )
    throw error
  } finally {
    await run.dispose()
  }
}

async function runPlace({
  config,
  configHash,
  configText,
  name,
  resume
}: TrainInput): Promise<{ folder: string; record: RunRecord }> {
  if (resume) return findRun(config.output, name, configHash)
  const createdAt = new Date().toISOString()
  const folder = await createRunFolder(config.output, name, configHash, createdAt)
  await writeJsonAtomic(join(folder, 'config.json'), { text: configText, config })
  return { folder, record: { format: 'attune-run-1', name, configHash, state: 'running', createdAt } }
}

function makeRun(
  input: TrainInput,
  prepared: PreparedRun,
  folder: string,
  planHash: string,
  watch: Stopwatch,
  metrics: MetricsFile
): TextRun {
  const { runtime, cacheFolder, signal, emit } = input
  const { model, definition, weights, tokenizer, table, targets, targetSettings, split, settings, modelKey, dataset } = prepared
  return new TextRun({
    runtime,
    model,
    definition,
    weights,
    tokenizer,
    table,
    targets,
    targetSettings,
    split,
    settings,
    folder,
    cacheFolder: join(cacheFolder, 'prefix'),
    modelKey,
    planHash,
    signal,
    emit: (event) => {
      metrics.append(event)
      emit(event)
    },
    onPrepare: (phase, done, total) => emit({ event: 'progress', phase, done, total }),
    now: watch.now,
    judge: (logits, rows) => (targets ? validationMetrics(targets, dataset.classNames, rows, logits, targetSettings) : {})
  })
}

/** A run that is only looked at, never trained. */
export function planningRun(runtime: Runtime, prepared: PreparedRun, cacheFolder: string): TextRun {
  const { model, definition, weights, tokenizer, table, targets, targetSettings, split, settings, modelKey } = prepared
  const nothing = (): void => undefined
  const common = {
    model,
    definition,
    weights,
    tokenizer,
    table,
    targets,
    targetSettings,
    split,
    settings,
    modelKey,
    cacheFolder,
    runtime
  }
  return new TextRun({
    ...common,
    folder: '',
    planHash: '',
    signal: new AbortController().signal,
    emit: nothing,
    onPrepare: nothing,
    now: () => 0,
    judge: () => ({})
  })
}

/** Fits the reading of logits on validation, then looks at the test rows, once, with every baseline beside. */
async function judgeRun(
  input: TrainInput,
  prepared: PreparedRun,
  run: TextRun,
  folder: string,
  watch: Stopwatch
): Promise<{ summary: Record<string, unknown>; evaluation: EvaluationResult | null }> {
  const { targets, targetSettings, dataset, split } = prepared
  if (!targets)
    return {
      summary: {
        metrics: { validation: { loss: await run.maskedLoss(run.validation) }, test: { loss: await run.maskedLoss(run.test) } },
        baselines: {}
      },
      evaluation: null
    }
  const { classNames } = dataset
  const calibration = await watch.time('validating', async () =>
    calibrate(targets, await run.logits(run.validation), run.validation.rows)
  )
  const stored: RunModel = {
    classNames,
    calibration,
    shift: targetSettings.shift,
    scale: targetSettings.scale,
    problem: prepared.problem,
    splitHash: split.splitHash
  }
  await writeJsonAtomic(join(folder, 'model.json'), stored)
  if (split.test.length === 0) return { summary: { metrics: {}, baselines: {} }, evaluation: null }
  const baselines = await watch.time('baselines', () => measureBaselines(input, prepared, run))
  const looks = await countTestLook(input.config.output, split.splitHash)
  const evaluation = await watch.time('testing', async () => {
    const logits = await run.logits(run.test)
    const answers = readLogits(targets.kind, logits, targets.classes, calibration, targetSettings)
    const groups = dataset.groups ? numberGroups(Array.from(split.test, (row) => dataset.groups?.[row] ?? '')) : null
    return evaluate(evaluationInput(targets, classNames, split.test, answers, calibration), {
      seed: prepared.settings.seed,
      rowIds: Array.from(split.test, (row) => dataset.lines[row] ?? row),
      groups,
      baselines,
      resamples: input.config.training.bootstrap_resamples
    })
  })
  const summary = {
    metrics: { test: evaluation.metrics },
    baselines: Object.fromEntries(
      evaluation.baselines.map(({ id, title, metrics, differences, verdict, tests }) => [
        id,
        { title, metrics, differences, verdict, tests }
      ])
    ),
    calibration,
    test_looks: looks
  }
  return { summary, evaluation }
}

async function measureBaselines(input: TrainInput, prepared: PreparedRun, run: TextRun): Promise<Baseline[]> {
  const { targets, dataset, split, settings, definition, weights, modelKey } = prepared
  if (!targets || !input.config.training.baselines) return []
  const common: BaselineInput = {
    targets,
    classNames: dataset.classNames,
    split,
    textOf: (row) => textOf(dataset, row),
    balanced: settings.classWeights === 'balanced'
  }
  const options = { folder: join(input.cacheFolder, 'prefix'), modelKey, collate: run.collate, signal: input.signal }
  const features = async (examples: typeof run.train): Promise<Float32Array> =>
    baseFeatures(input.runtime, definition, weights, examples, options)
  const used = baselineSplit(split).train.length
  const width = definition.config.width
  const parts = {
    train: (await features(run.train)).subarray(0, used * width),
    validation: await features(run.validation),
    test: await features(run.test)
  }
  return [majorityBaseline(common), keywordBaseline(common), probeBaseline(common, parts, width)]
}

const hashOf = (value: object): string => createHash('sha256').update(JSON.stringify(value)).digest('hex')

/** What the process holds before any model: Node, the library and the code. Measured; design §4.9 allows ±25 % without a probe. */
const processBytes = 190e6

/** Estimated peak of memory that is not mapped from files. */
export function predictedRss({ definition, settings, model }: PreparedRun, run: TextRun): number {
  const { graph } = buildTrainingGraph(definition, run.selection, {
    loss: lossOptionsOf(settings),
    accumulate: settings.accumulation > 1
  })
  const time = run.train.lengths.reduce((longest, length) => Math.max(longest, length), 1)
  const rows = Math.min(settings.batchSize, run.train.sequences.length)
  const sizes = { rows, time, tokens: rows * time, examples: Math.ceil(rows * time * settings.maskProbability) }
  const state = run.arena.size * 4 * (2 + run.arena.state.size)
  const data = run.train.lengths.reduce((sum, length) => sum + length * 5, 0)
  return processBytes + state + data + peakActivationBytes(graph, sizes) + model.checkpoint.tensors.size * 2000
}

/** Peak of this process's own memory, without mapped file pages (design §4.9). */
async function peakRss(): Promise<number> {
  const { readFile } = await import('node:fs/promises')
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '')
  const kilobytes = (key: string): number => Number(new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0)
  const peak = kilobytes('VmHWM') - kilobytes('RssFile')
  return peak > 0 ? peak * 1024 : process.resourceUsage().maxRSS * 1024
}

async function tokensPerSecond(metrics: MetricsFile): Promise<number> {
  const steps = (await metrics.read()).filter((event) => event['event'] === 'step')
  const sum = (key: string): number => steps.reduce((total, event) => total + Number(event[key] ?? 0), 0)
  const seconds = sum('seconds')
  return seconds > 0 ? sum('tokens') / seconds : 0
}

/** A run's name from its configuration file. */
export const runNameOf = (configFile: string): string => basename(configFile).replace(/\.(ya?ml|json)$/i, '')
