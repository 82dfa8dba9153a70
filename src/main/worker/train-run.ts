import { createHash } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunConfig } from '../config/config-types.ts'
import { StoppedError } from '../base/errors.ts'
import { writeJsonAtomic } from '../base/files.ts'
import { PeakMemory } from '../base/process-memory.ts'
import { libraryHash } from '../engine/runtime/index.ts'
import { storageProblem } from '../base/storage-problem.ts'
import type { Runtime } from '../engine/runtime/port.ts'
import type { RoomReader } from '../engine/training/memory-watch.ts'
import { lossOptionsOf } from '../engine/training/plan.ts'
import { Preflight } from '../engine/training/preflight.ts'
import { TextRun } from '../engine/training/text-run.ts'
import type { TextRunInput } from '../engine/training/text-run-input.ts'
import { wholeKey } from '../engine/weights/source-key.ts'
import { judgeRun, writeModelSoFar } from './judge-run.ts'
import { validationMetrics } from './judge.ts'
import { answerMetricsOf } from './judge-answers.ts'
import { markMetrics } from './judge-marks.ts'
import { CostMeter } from './cost-meter.ts'
import { checkMemory } from './memory.ts'
import { finishedEvent } from '../report/finished-event.ts'
import { writeReportFiles } from '../report/report-files.ts'
import type { Spent } from '../report/spent.ts'
import type { RunReport } from '../report/run-report.ts'
import { pendingIn } from './disk.ts'
import { prepareRun, type PrepareContext, type PreparedRun } from './prepare.ts'
import { noteInt8 } from './int8-note.ts'
import { makeReport } from './report.ts'
import { RunBaselines } from './run-baselines.ts'
import type { Outcome, Selection, TrainerEvent } from './protocol.ts'
import { createRunFolder, findRun, MetricsFile, removeRunFolder, writeRecord, type RunRecord } from './run-folder.ts'
import { roomHere } from './room.ts'
import { deviceName } from './run-runtime.ts'
import { partsOf, type TrainedPart } from './run-parts.ts'
import { finishedReport, reportOf } from './run-reports.ts'
import { Stopwatch } from './seconds.ts'
import type { ResolvedThreads } from './thread-choice.ts'

export interface TrainInput {
  readonly config: RunConfig
  readonly configHash: string
  readonly configText: string
  /** The run's name: that of the file without its ending. */
  readonly name: string
  readonly resume: boolean
  readonly microBatch?: number | undefined
  /** What it is among several runs; null for a run of its own. */
  readonly selection: Selection | null
  readonly runtime: Runtime
  readonly threads: ResolvedThreads
  readonly cacheFolder: string
  readonly signal: AbortSignal
  /** Asks to train no further and to test the best weights so far. */
  readonly finish: AbortSignal
  readonly emit: (event: TrainerEvent) => void
  /** What is left of memory; left out, it is looked up. */
  readonly room?: RoomReader
  /** Rehearses the run in a process of its own. */
  readonly probe: (recomputed: number) => Promise<Outcome>
}

/**
 * Trains one configuration from its files to its report, once for each of its seeds, folds or shares, and returns the `finished` event. Of several, each
 * has a folder of its own inside the run's. The report of seeds is that of the first with the spread of all; folds are judged as one test.
 */
export async function trainRun(input: TrainInput): Promise<Extract<TrainerEvent, { event: 'finished' }>> {
  const place = await runPlace(input)
  let hasStarted = place.isResumed
  const watched: TrainInput = {
    ...input,
    emit: (event) => {
      hasStarted ||= event.event === 'started'
      input.emit(event)
    }
  }
  const parts = partsOf(input.config)
  const folders = parts.map(({ folder }) => join(place.folder, folder))
  try {
    const reports: RunReport[] = []
    for (const [i, part] of parts.entries()) {
      const folder = folders[i] ?? place.folder
      refuseRest(input, part, i, parts.length)
      await mkdir(folder, { recursive: true })
      reports.push((await finishedReport(folder, input)) ?? (await trainPart(watched, { ...place, folder }, part)))
    }
    const report = await reportOf(input, place.folder, folders, reports)
    await writeRecord(place.folder, { ...place.record, state: 'finished' })
    return { ...finishedEvent(report) }
  } catch (error) {
    // What was refused or stopped before its first step leaves nothing behind.
    if (!hasStarted) {
      await removeRunFolder(place.folder, place.madeOutput)
      throw input.signal.aborted ? new StoppedError(stoppedEarly) : error
    }
    await writeRecord(place.folder, { ...place.record, state: error instanceof StoppedError ? 'stopped' : 'failed' }).catch(
      () => undefined
    )
    // A disk that fills up or fails may show in any of the run's files.
    throw storageProblem(error, 'The run cannot go on, its last checkpoint is kept', place.folder)
  }
}

const chosenAmong = (tried: number): string =>
  `Chosen on validation rows among ${tried} runs with other settings. Test rows were looked at for this one alone.`

/** Folds and shares that were not trained cannot be judged: asked to train no further, such a run stands where it is. */
function refuseRest({ finish }: TrainInput, { fold, share }: TrainedPart, done: number, of: number): void {
  if (!finish.aborted || (fold === null && share === null) || done === 0) return
  const sentence = `${done} of ${of} ${fold ? 'folds' : 'shares'} are done, and the result needs all of them. Go on with --resume.`
  throw new StoppedError(sentence)
}

const stoppedEarly = 'Stopped before the first step, so nothing is kept: start the run again.'

async function trainPart(input: TrainInput, place: RunPlace, { seed, fold, share }: TrainedPart): Promise<RunReport> {
  const watch = new Stopwatch()
  const peak = new PeakMemory()
  const notes: string[] = []
  const { config, runtime, emit, signal } = input
  const context: PrepareContext = {
    cacheFolder: input.cacheFolder,
    seed,
    fold,
    share,
    microBatch: input.microBatch,
    computing: runtime,
    signal,
    onProgress: (phase, done, total) => emit({ event: 'progress', phase, done, total }),
    onNote: (code, message) => {
      notes.push(message)
      emit({ event: 'note', code, message })
    },
    onTokensFound: (rows) => (texts = rows)
  }
  let texts = 0
  const cost = await CostMeter.open({ runtime, emit, onNote: context.onNote })
  const prepared = await watch.time('reading', () => prepareRun(config, context))
  for (const note of input.threads.notes) context.onNote('threads', note)
  if (input.selection?.isChosen) context.onNote('selection', chosenAmong(input.selection.tried))
  const metrics = new MetricsFile(place.folder)
  const plans = await watch.time('reading', () => plansOf(input, prepared, seed))
  let begin: (resumedFrom: number | null) => void = () => undefined
  const onBack = async (step: number, sentence: string): Promise<void> => {
    await metrics.rewind(step)
    context.onNote('memory-back', sentence)
    begin(step)
  }
  const baselines = new RunBaselines(input, prepared)
  const parts = { ...runInput(input, prepared, place.folder, plans, { watch, metrics, peak, cost, baselines }), onBack }
  const run = new TextRun(parts)
  cost.reuse(() => ({ ...run.caches.spared, texts }))
  let spent: Spent | undefined
  let hasBegun = false
  try {
    const memory = await checkMemory({
      preflight: new Preflight(run, parts, pendingIn(prepared.disk)),
      config,
      probe: input.probe,
      isProbedAlways: false,
      onNote: context.onNote,
      onProbe: () => emit({ event: 'progress', phase: 'probing', done: 0, total: 1 })
    })
    run.cutTo(memory.microBatch)
    const { trainableCount: trainable_parameters, totalCount: total_parameters } = run.selection
    const rows = {
      train: share ? new Set(prepared.split.train).size : run.train.rows.length,
      validation: run.validation.rows.length,
      test: run.test.rows.length
    }
    const resumedFrom = input.resume ? await run.restore() : null
    if (resumedFrom !== null) await metrics.rewind(resumedFrom)
    if (input.resume) await cost.goOn(place.folder, resumedFrom)
    begin = (from) =>
      emit({
        event: 'started',
        run: place.folder,
        device: runtime.provider,
        resumedFrom: from,
        trainable_parameters,
        total_parameters,
        rows,
        totalSteps: run.totalSteps,
        predicted_rss_bytes: memory.bytes
      })
    begin(resumedFrom)
    hasBegun = true
    await writeModelSoFar(prepared, place.folder)
    await prepared.recheck()
    const int8 = await noteInt8(run, parts, resumedFrom === null, context.onNote)
    const fitted = await watch.time('training', () => run.fit())
    const judged = await judgeRun(input, prepared, run, place.folder, watch, baselines)
    spent = await cost.finish(place.folder)
    const report = makeReport(config, prepared, run, {
      folder: place.folder,
      name: input.name,
      createdAt: place.record.createdAt,
      seconds: watch.parts(),
      weightsHash: fitted.weightsHash,
      steps: fitted.steps,
      ...judged,
      device: deviceName(runtime),
      peakRssBytes: peak.peak().own,
      predictedRssBytes: memory.bytes,
      events: await metrics.read(),
      notes,
      int8,
      seeds: null,
      ...spent
    })
    await writeReportFiles(place.folder, report)
    return report
  } finally {
    baselines.dispose()
    // What was taken counts however it ended; that it cannot be written must not hide why.
    if (hasBegun && !spent) await cost.finish(place.folder).catch(() => undefined)
    cost.dispose()
    await run.dispose()
  }
}

/**
 * What a run's checkpoints are of. The model counts by its bytes alone; by the times of its files, too, it counts in the second, under which checkpoints
 * were written before.
 */
async function plansOf(input: TrainInput, prepared: PreparedRun, seed: number): Promise<TextRunInput['plans']> {
  const { config, runtime } = input
  const library = await libraryHash()
  const planOf = (model: string): string =>
    hashOf({
      config: input.configHash,
      seed,
      split: prepared.split.splitHash,
      tokenizer: prepared.tokenizer.contentHash,
      model,
      ...(prepared.startKey === null ? {} : { adapter: prepared.startKey }),
      threads: runtime.threads,
      runtime: runtime.version,
      kind: runtime.kind,
      ...(runtime.provider === 'cpu' ? {} : { device: runtime.provider, tf32: config.training.tf32 }),
      ...(runtime.precision === 'float32' ? {} : { precision: runtime.precision }),
      library
    })
  const whole = await wholeKey(prepared.model.checkpoint, join(input.cacheFolder, 'weights'), input.signal)
  return [planOf(whole), planOf(prepared.modelKey)]
}

interface RunPlace {
  readonly folder: string
  readonly record: RunRecord
  readonly isResumed: boolean
  /** The folder for runs, where this one had to make it. */
  readonly madeOutput: string | null
}

async function runPlace({ config, configHash, configText, name, resume, runtime, threads }: TrainInput): Promise<RunPlace> {
  if (resume) return { ...(await findRun(config.output, name, configHash)), isResumed: true, madeOutput: null }
  const createdAt = new Date().toISOString()
  const { folder, madeOutput } = await createRunFolder(config.output, name, configHash, createdAt)
  const { count, why } = threads
  const own = { device: runtime.provider, threads: { count, why } }
  const record: RunRecord = { format: 'attune-run-1', name, configHash, state: 'running', createdAt, ...own }
  // Its checkpoints are of this device and so many threads, wherever settings that leave them open would lead later.
  await writeRecord(folder, record)
  await writeJsonAtomic(join(folder, 'config.json'), { text: configText, config })
  return {
    folder,
    record,
    isResumed: false,
    madeOutput
  }
}

function runInput(
  input: TrainInput,
  prepared: PreparedRun,
  folder: string,
  plans: TextRunInput['plans'],
  { watch, metrics, peak, cost, baselines }: Instruments
): Omit<TextRunInput, 'onBack'> {
  const { runtime, cacheFolder, signal, finish, emit } = input
  const { targets, targetSettings, settings, dataset } = prepared
  return {
    ...prepared,
    runtime,
    folder,
    cacheFolder: join(cacheFolder, 'prefix'),
    plans,
    signal,
    finish,
    emit: (event) => {
      metrics.append(event)
      emit(event)
      cost.hear(event)
    },
    onPrepare: (phase, done, total) => {
      peak.look()
      baselines.begin()
      emit({ event: 'progress', phase, done, total })
    },
    onBatch: (work) => {
      cost.add(work)
      baselines.begin()
    },
    now: watch.now,
    memory: () => peak.look(),
    room: input.room ?? roomHere({ provider: runtime.provider, limit: input.config.training.memory_limit }),
    onWait: (what, seconds) => cost.wait(what, seconds),
    judge: (logits, rows, tensor) => {
      if (prepared.answering) return answerMetricsOf(prepared, prepared.answering, logits)
      if (prepared.marking) return markMetrics(prepared, prepared.marking, logits, lossOptionsOf(settings), tensor)
      return targets ? validationMetrics(targets, dataset.classNames, rows, logits, targetSettings, lossOptionsOf(settings)) : {}
    }
  }
}

/** What is measured or worked out while a run goes on. */
interface Instruments {
  readonly watch: Stopwatch
  readonly metrics: MetricsFile
  readonly peak: PeakMemory
  readonly cost: CostMeter
  readonly baselines: RunBaselines
}

const hashOf = (value: object): string => createHash('sha256').update(JSON.stringify(value)).digest('hex')
