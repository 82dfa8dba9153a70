import { mkdir, readdir, rmdir, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { RunConfig } from '../config/config-types.ts'
import { InputError, systemCodeOf } from '../base/errors.ts'
import { sha256OfFile, writeJsonAtomic } from '../base/files.ts'
import { keyRing } from '../base/sealed/key-ring.ts'
import { describeFiles } from '../export/check-files.ts'
import type { ExportableRun } from '../export/define-exporter.ts'
import { exporterOf, type ExportFormat } from '../export/index.ts'
import { makeManifest, MANIFEST, type Fact } from '../export/manifest.ts'
import { fingerprint, openSigningKey } from '../export/signing-key.ts'
import type { ExportType } from '../export/trained-tensors.ts'
import type { Runtime } from '../engine/runtime/port.ts'
import { writeAside } from '../engine/weights/aside.ts'
import { readPredictions, type StoredPredictions } from '../report/predictions.ts'
import { compareAnswers, requireWithin, tolerances, type Replay } from './compare-answers.ts'
import { ExportedModel } from './exported-model.ts'
import { metricsOf, readLogits } from './judge.ts'
import type { FinishedEvent, TrainerEvent } from './protocol.ts'
import { ownRows, type TestedRows } from './tested-rows.ts'
import { openTrained, TrainedModel, type TrainedParts } from './trained-run.ts'

export interface ExportInput {
  readonly runFolder: string
  readonly format: ExportFormat
  readonly dtype: ExportType
  readonly outFolder: string
  /** Version of Attune, for the manifest. */
  readonly version: string
  /** Where the installation's key lies. */
  readonly keyFolder: string
  readonly runtime: Runtime
  readonly cacheFolder: string
  readonly signal: AbortSignal
  readonly emit: (event: TrainerEvent) => void
}

/**
 * Exports a finished run: the files are written aside, the rows that the run was tested on are replayed through them, and only what answers
 * within the tolerance is signed and put in place. The export is plain, even where the run is encrypted.
 * @throws InputError where the target is taken or sealed, the form does not suit the run, its data changed, or the answers differ
 */
export async function exportRun(input: ExportInput): Promise<FinishedEvent> {
  const exporter = exporterOf(input.format)
  const target = resolve(input.outFolder)
  await requireFree(target)
  const parts = await openTrained(input.runFolder)
  const run = exportable(parts)
  const support = exporter.supports(run)
  if (!support.ok)
    throw new InputError('export-unsupported', `This run cannot be exported as ${exporter.title}. ${support.reason}`)
  const { config, facts } = parts
  const rows = await ownRows(config, facts.classNames, facts.splitHash, input.signal)
  const stored = await storedAnswers(input.runFolder, rows)
  const metrics = metricsOf(rows.judged(stored, facts.calibration))
  const key = await openSigningKey(input.keyFolder)
  await mkdir(dirname(target), { recursive: true })
  const replay = await writeAside(target, async (folder) => {
    await mkdir(folder)
    await exporter.write({
      run: { ...run, metrics },
      folder,
      dtype: input.dtype,
      signal: input.signal,
      onProgress: progress(input, 'saving')
    })
    const compared = await replayThrough(folder, input, parts, rows, stored)
    requireWithin(compared)
    const inputs = await factsOf(input, parts, rows, compared)
    const manifest = makeManifest([...inputs, ...(await describeFiles(folder, input.signal))], key)
    await writeJsonAtomic(join(folder, MANIFEST), manifest)
    return compared
  })
  return {
    event: 'finished',
    out: target,
    format: input.format,
    dtype: input.dtype,
    replay,
    signed_by: fingerprint(key.publicKey),
    is_plain: true
  }
}

const progress =
  (input: ExportInput, phase: 'saving' | 'testing') =>
  (done: number, total: number): void =>
    input.emit({ event: 'progress', phase, done, total })

/** Nothing is ever written over; an empty folder may be taken. */
async function requireFree(target: string): Promise<void> {
  if (keyRing.keyFor(join(target, MANIFEST))) {
    const sentence = `${target} lies in Attune's encrypted data, where no other program can read an export. Choose a folder outside.`
    throw new InputError('export-sealed', sentence, { file: target })
  }
  const there = await stat(target).catch((error: unknown) => {
    if (systemCodeOf(error) === 'ENOENT') return null
    throw error
  })
  if (there?.isDirectory() && (await readdir(target)).length === 0) return rmdir(target)
  if (there)
    throw new InputError('export-exists', `${target} is there already. Name a folder that is new or empty.`, { file: target })
}

/** A run as an exporter sees it. */
export function exportable({ base, definition, selection, checkpoint, facts, settings }: TrainedParts): ExportableRun {
  const { classNames, problem, shift, scale } = facts
  const weights = { base, definition, selection, checkpoint: checkpoint.checkpoint, shift, scale }
  return { ...weights, classNames, problem, maxLength: settings.maxLength, metrics: {} }
}

/** What the run answered to these rows when it was tested. */
async function storedAnswers(folder: string, { part, of, places, classes }: TestedRows): Promise<Float64Array> {
  const stored: StoredPredictions | null = await readPredictions(folder, part)
  if (stored?.lines.length !== of) {
    const sentence =
      'This run kept no answers to the rows that it was tested on, so that its export cannot be checked. Train it again.'
    throw new InputError('predictions-missing', sentence, { file: folder })
  }
  return Float64Array.from(places.flatMap((place) => stored.answers.slice(place * classes, (place + 1) * classes)))
}

async function replayThrough(
  folder: string,
  input: ExportInput,
  { facts, config }: TrainedParts,
  rows: TestedRows,
  stored: Float64Array
): Promise<Replay> {
  const { runtime, cacheFolder, runFolder, signal } = input
  const tell = progress(input, 'testing')
  const model = await TrainedModel.open(runtime, runFolder, cacheFolder)
  const logits = await model
    .logits(rows.texts, rows.pairs, signal, (done, total) => tell(done, 2 * total))
    .finally(() => model.dispose())
  requireAsTested(readLogits(rows.kind, logits.logits, rows.classes, facts.calibration, facts), stored, facts.scale)
  const ofRun = rows.kind === 'regression' ? logits.logits.map((value) => value * facts.scale + facts.shift) : logits.logits
  const { problem } = facts
  const exported = await ExportedModel.open(runtime, folder, cacheFolder, {
    ...{ config, problem, labels: rows.classes },
    ...(input.format === 'peft' && { baseFolder: config.model })
  })
  const ofFiles = await exported
    .logits(rows.texts, rows.pairs, signal, (done, total) => tell(total + done, 2 * total))
    .finally(() => exported.dispose())
  const tolerance = tolerances[input.dtype]
  return compareAnswers({ rows, calibration: facts.calibration, tolerance, logits: [ofRun, ofFiles], stored })
}

/** Of a probability, or of a regression's answer in units of its scale: what another batch or processor may change. */
const AS_TESTED = 1e-3

/** Refuses where the run itself no longer answers as it did: an export of it could not either. */
function requireAsTested(now: Float64Array, stored: Float64Array, scale: number): void {
  const most = AS_TESTED * Math.max(1, scale)
  if (now.every((value, i) => Math.abs(value - (stored[i] ?? Number.NaN)) <= most)) return
  const sentence = 'This run no longer answers as it did when it was tested. Restore its folder from a copy, or train it again.'
  throw new InputError('export-run-changed', sentence)
}

/** What the export was made from: every input by its hash. Paths and rows are left out. */
async function factsOf(input: ExportInput, parts: TrainedParts, rows: TestedRows, replay: Replay): Promise<Fact[]> {
  const { config, facts, settings, decision } = parts
  const { runtime } = input
  const content = await sha256OfFile(join(input.runFolder, 'config.json'))
  return [
    {
      kind: 'tools',
      ...{ attune: input.version, onnxruntime: runtime.version, node: process.versions.node },
      ...{ platform: `${process.platform}-${process.arch}`, device: runtime.provider, format: input.format, dtype: input.dtype }
    },
    { kind: 'model', ...facts.base },
    { kind: 'data', split: facts.splitHash, part: rows.part, rows: rows.places.length, of: rows.of, tested: rows.hash },
    { kind: 'config', content, seed: settings.seed, ...withoutPaths(config) },
    { kind: 'run', weights: await weightsOf(parts) },
    {
      kind: 'reading',
      ...{ problem: facts.problem, class_names: facts.classNames, calibration: facts.calibration, decision },
      ...{ max_length: settings.maxLength, window_pooling: settings.windowPooling }
    },
    { kind: 'replay', ...replay }
  ]
}

const weightsOf = ({ checkpoint }: TrainedParts): Promise<readonly string[]> =>
  Promise.all(checkpoint.checkpoint.files.map(({ path }) => sha256OfFile(path)))

/** What a replay needs of the configuration; where things lay is nobody's business. */
function withoutPaths(config: RunConfig): object {
  const { task, data, training, method } = config
  const files = ['file', 'train', 'validation', 'test'] as const
  const parts = Object.fromEntries(Object.entries(data).filter(([name]) => !(files as readonly string[]).includes(name)))
  const problem = 'problem_type' in config ? config.problem_type : null
  const head = 'head' in config ? config.head : null
  const isSplitByFile = 'train' in data && data.train !== null
  return { task, data: parts, is_split_by_file: isSplitByFile, training, method, head, problem_type: problem }
}
