import { createHash } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { availableMemory } from 'node:process'
import { join } from 'node:path'
import type { RunConfig } from '../config/config-types.ts'
import { defined } from '../base/assert.ts'
import { InputError, StoppedError } from '../base/errors.ts'
import { writeFileAtomic, writeJsonAtomic } from '../base/files.ts'
import { evaluate, numberGroups, type Baseline } from '../engine/evaluation/index.ts'
import { libraryHash } from '../engine/runtime/index.ts'
import type { Runtime } from '../engine/runtime/port.ts'
import { baseFeatures } from '../engine/training/base-features.ts'
import { buildTrainingGraph } from '../engine/training/graphs.ts'
import { peakActivationBytes } from '../engine/training/memory.ts'
import { lossOptionsOf } from '../engine/training/plan.ts'
import { TextRun } from '../engine/training/text-run.ts'
import { majorityBaseline, keywordBaseline, probeBaseline, baselineSplit, type BaselineInput } from './baselines.ts'
import { calibrate, evaluationInput, readLogits, validationMetrics, type Calibration } from './judge.ts'
import { compareSeeds } from '../report/compare-seeds.ts'
import { parseRunReport } from '../report/check-report.ts'
import { finishedEvent } from '../report/finished-event.ts'
import { renderHtml } from '../report/html.ts'
import type { RunReport } from '../report/run-report.ts'
import { prepareRun, textOf, type PrepareContext, type PreparedRun } from './prepare.ts'
import { makeReport, type RunOutcome } from './report.ts'
import type { PhaseName, TrainerEvent } from './protocol.ts'
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
  /** Asks to train no further and to test the best weights so far. */
  readonly finish: AbortSignal
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

/**
 * Trains one configuration from its files to its report, once for each of its seeds, and returns the `finished` event. With several seeds each
 * has a folder of its own inside the run's, and the report is that of the first with the spread of all.
 */
export async function trainRun(input: TrainInput): Promise<Extract<TrainerEvent, { event: 'finished' }>> {
  const place = await runPlace(input)
  const { training } = input.config
  const seeds = training.seeds.length === 0 ? [training.seed] : training.seeds
  try {
    const reports: RunReport[] = []
    for (const seed of seeds) {
      const folder = seeds.length === 1 ? place.folder : join(place.folder, `seed-${seed}`)
      await mkdir(folder, { recursive: true })
      reports.push((await finishedReport(folder, input)) ?? (await trainSeed(input, { ...place, folder }, seed)))
    }
    const report = await writeReport(place.folder, reports)
    await writeRecord(place.folder, { ...place.record, state: 'finished' })
    return {
      ...finishedEvent(report),
      steps: report.training.steps,
      rows: report.data.rows,
      calibration: report.calibration,
      seeds: report.seeds
    }
  } catch (error) {
    await writeRecord(place.folder, { ...place.record, state: error instanceof StoppedError ? 'stopped' : 'failed' }).catch(
      () => undefined
    )
    throw error
  }
}

/** The report of a seed that was already done when the run was stopped. */
async function finishedReport(folder: string, { resume, config }: TrainInput): Promise<RunReport | null> {
  if (!resume || config.training.seeds.length < 2) return null
  const json = await readFile(join(folder, 'report.json'), 'utf8').catch(() => null)
  return json === null ? null : parseRunReport(json, join(folder, 'report.json'))
}

async function writeReport(folder: string, reports: readonly RunReport[]): Promise<RunReport> {
  const first = defined(reports[0], 'a report')
  const results = reports.map(({ run, evaluation }) => ({
    seed: run.seed,
    metrics: evaluation === null || evaluation.kind === 'masked-lm' ? {} : evaluation.metrics
  }))
  const report: RunReport =
    reports.length === 1 ? first : { ...first, run: { ...first.run, folder }, seeds: compareSeeds(results) }
  await writeJsonAtomic(join(folder, 'report.json'), report)
  await writeFileAtomic(join(folder, 'report.html'), renderHtml(report))
  return report
}

async function trainSeed(input: TrainInput, place: RunPlace, seed: number): Promise<RunReport> {
  const watch = new Stopwatch()
  const notes: string[] = []
  const { config, runtime, emit, signal } = input
  const context: PrepareContext = {
    cacheFolder: input.cacheFolder,
    seed,
    signal,
    onProgress: (phase, done, total) => emit({ event: 'progress', phase, done, total }),
    onNote: (code, message) => {
      notes.push(message)
      emit({ event: 'note', code, message })
    }
  }
  const prepared = await watch.time('reading', () => prepareRun(config, context))
  const metrics = new MetricsFile(place.folder)
  const planHash = hashOf({
    config: input.configHash,
    seed,
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
    checkMemory(predicted, config.training.memory_limit)
    const { trainableCount: trainable_parameters, totalCount: total_parameters } = run.selection
    const rows = { train: run.train.rows.length, validation: run.validation.rows.length, test: run.test.rows.length }
    const resumedFrom = input.resume ? await run.restore() : null
    if (resumedFrom !== null) await metrics.rewind(resumedFrom)
    emit({
      event: 'started',
      run: place.folder,
      resumedFrom,
      trainable_parameters,
      total_parameters,
      rows,
      totalSteps: run.totalSteps,
      predicted_rss_bytes: predicted
    })
    await prepared.recheck()
    const fitted = await watch.time('training', () => run.fit())
    const judged = await judgeRun(input, prepared, run, place.folder, watch)
    const report = makeReport(config, prepared, run, {
      folder: place.folder,
      name: input.name,
      createdAt: place.record.createdAt,
      seconds: watch.parts(),
      weightsHash: fitted.weightsHash,
      steps: fitted.steps,
      ...judged,
      device: `CPU, ${runtime.threads} threads`,
      peakRssBytes: await peakRss(),
      predictedRssBytes: predicted,
      events: await metrics.read(),
      notes,
      seeds: null
    })
    return await writeReport(place.folder, [report])
  } finally {
    await run.dispose()
  }
}

interface RunPlace {
  readonly folder: string
  readonly record: RunRecord
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
  const { runtime, cacheFolder, signal, finish, emit } = input
  const { targets, targetSettings, settings, dataset } = prepared
  return new TextRun({
    ...prepared,
    runtime,
    folder,
    cacheFolder: join(cacheFolder, 'prefix'),
    planHash,
    signal,
    finish,
    emit: (event) => {
      metrics.append(event)
      emit(event)
    },
    onPrepare: (phase, done, total) => emit({ event: 'progress', phase, done, total }),
    now: watch.now,
    judge: (logits, rows) =>
      targets ? validationMetrics(targets, dataset.classNames, rows, logits, targetSettings, lossOptionsOf(settings)) : {}
  })
}

/** A run that is only looked at, never trained. */
export function planningRun(runtime: Runtime, prepared: PreparedRun, cacheFolder: string): TextRun {
  const nothing = (): void => undefined
  return new TextRun({
    ...prepared,
    runtime,
    cacheFolder,
    folder: '',
    planHash: '',
    signal: new AbortController().signal,
    finish: new AbortController().signal,
    emit: nothing,
    onPrepare: nothing,
    now: () => 0,
    judge: () => ({})
  })
}

type Judged = Pick<RunOutcome, 'evaluation' | 'calibration' | 'testLooks'>

/** Fits the reading of logits on validation, then looks at the test rows, once, with every baseline beside. */
async function judgeRun(
  input: TrainInput,
  prepared: PreparedRun,
  run: TextRun,
  folder: string,
  watch: Stopwatch
): Promise<Judged> {
  const { targets, targetSettings, dataset, split } = prepared
  const look = (): Promise<number> => countTestLook(input.config.output, split.splitHash)
  if (!targets) {
    if (split.test.length === 0) return { evaluation: null, calibration: null, testLooks: 0 }
    const testLooks = await look()
    const loss = await watch.time('testing', () => run.maskedLoss(run.test))
    const evaluation = { kind: 'masked-lm', rows: split.test.length, loss, perplexity: Math.exp(loss), base: null } as const
    return { evaluation, calibration: null, testLooks }
  }
  const { classNames } = dataset
  const tell = (phase: PhaseName): void => input.emit({ event: 'progress', phase, done: 0, total: 0 })
  tell('validating')
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
  if (split.test.length === 0) return { evaluation: null, calibration, testLooks: 0 }
  tell('baselines')
  const baselines = await watch.time('baselines', () => measureBaselines(input, prepared, run))
  tell('testing')
  const testLooks = await look()
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
  return { evaluation, calibration, testLooks }
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
/** What baselines, intervals and the report add at the end, while the runtime's memory pool is still held. Measured on the bundled letters. */
const judgingBytes = 150e6

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
  return processBytes + judgingBytes + state + data + peakActivationBytes(graph, sizes) + model.checkpoint.tensors.size * 2000
}

/** Peak of this process's own memory, without mapped file pages (design §4.9). */
async function peakRss(): Promise<number> {
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '')
  const kilobytes = (key: string): number => Number(new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0)
  const peak = kilobytes('VmHWM') - kilobytes('RssFile')
  return peak > 0 ? peak * 1024 : process.resourceUsage().maxRSS * 1024
}

/** Refuses a run that would not fit into memory, and says what would. */
function checkMemory(predicted: number, limit: number | null): void {
  // What the system can give without swapping, file pages it would let go included.
  const available = limit ?? availableMemory()
  if (predicted <= available) return
  const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`
  const which = limit === null ? 'is free' : 'memory_limit allows'
  const sentence = `This run would take about ${gigabytes(predicted)} of memory; ${gigabytes(available)} ${which}. Use a smaller per_device_train_batch_size with gradient_accumulation_steps, a shorter max_length, or method: lora.`
  throw new InputError('memory-short', sentence, { key: 'training.per_device_train_batch_size' })
}
