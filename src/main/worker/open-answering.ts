import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { InputError } from '../base/errors.ts'
import { sha256OfFile } from '../base/files.ts'
import type { RunConfig } from '../config/config-types.ts'
import type { Runtime } from '../engine/runtime/port.ts'
import { smallerLooksSentence } from '../engine/training/back-off.ts'
import type { OnSmaller } from '../engine/training/in-parts.ts'
import { sweepAside } from '../engine/weights/aside.ts'
import { MANIFEST } from '../export/manifest.ts'
import { readAnswering } from '../export/answering/answering-file.ts'
import { learnedScores, readMarks } from '../export/marks/marks-file.ts'
import type { FixedDecision } from '../report/fixed-decision.ts'
import { openExport, tellIfRetired, type CheckedExport } from './export-folder.ts'
import { ownQuestions } from './ask-questions.ts'
import { hasCrf } from './model-definition.ts'
import type { RunModel } from './run-model.ts'
import { exporterOfManifest, openExported } from './open-exported.ts'
import type { Attribute, ExportedAbout, TextModel } from './opened-export.ts'
import type { ModelFacts, NoteEvent } from './protocol.ts'
import { settingsThreads } from './settings.ts'
import { findsAnswers, marksPassages, openBaseFolder, openTrained, readRunConfiguration, TrainedModel } from './trained-run.ts'

/** A model ready to answer texts, opened from a run or from an export. */
export interface AnsweringModel extends TextModel {
  readonly config: RunConfig
  /** How its logits are read. */
  readonly facts: Pick<RunModel, 'classNames' | 'calibration' | 'problem' | 'shift' | 'scale' | 'crf' | 'answering'>
  readonly decision: FixedDecision
  readonly attribute: Attribute
}

export interface AnsweringInput {
  /** Of a run or an export, or of an adapter beside its base model. */
  readonly folder: string
  /** The base model of an adapter that is no run; null or left out for everything else. */
  readonly base?: string | null
  /** Where a run's caches lie, by the folder that its runs are written to. */
  readonly cacheFolderOf: (output: string) => string
  readonly signal: AbortSignal
  /** Hears that an export is not to be used any more. */
  readonly emit: (event: NoteEvent) => void
  /** The best weights so far will do. */
  readonly mayBeUnfinished?: boolean
  /** A run or an export that marks passages will do. */
  readonly takesPassages?: boolean
  /** One that finds answers will do. */
  readonly takesQuestions?: boolean
  /** Where an export's weights stay prepared for the next time; null or left out where it is asked once. */
  readonly keptIn?: string | null
}

/** A model that is open; what is to be said of it is worked out on demand. */
export interface OpenedModel {
  readonly model: AnsweringModel
  readonly about: () => Promise<ModelFacts>
  /** The folder of the base model beneath it; null where it is whole. */
  readonly base: string | null
  /** Bytes of memory that it takes for itself, beside weights that are mapped. */
  readonly bytes: number
  readonly dispose: () => Promise<void>
}

/** Gives a runtime of this many threads, which whoever hands it out closes. */
export type RuntimeSource = (threads: number) => Promise<Runtime>

const hasFile = (folder: string, name: string): Promise<boolean> =>
  stat(join(folder, name)).then(
    (found) => found.isFile(),
    () => false
  )

export const isRunFolder = (folder: string): Promise<boolean> => hasFile(folder, 'run.json')

/** Says that fewer rows are computed at a time from here on. */
export const telling =
  (emit: (event: NoteEvent) => void): OnSmaller =>
  (rows) =>
    emit({ event: 'note', code: 'smaller-batches', message: smallerLooksSentence(rows) })

/** Whether a folder is an export, not a run. One that is neither is told so as a run that it is not. */
export async function isExportFolder(folder: string): Promise<boolean> {
  return !(await isRunFolder(folder)) && (await hasFile(folder, MANIFEST))
}

/** Opens the model of a run, or of an export whose files are then checked. @throws InputError where it is neither a finished run nor a whole export */
export async function openAnswering(
  input: AnsweringInput,
  runtimeFor: RuntimeSource,
  openFolder = openBaseFolder
): Promise<OpenedModel> {
  return (await isExportFolder(input.folder)) ? openWhole(input, runtimeFor) : openRun(input, runtimeFor, openFolder)
}

async function openRun(
  { folder, cacheFolderOf, emit, mayBeUnfinished = false, takesPassages = false, takesQuestions = false }: AnsweringInput,
  runtimeFor: RuntimeSource,
  openFolder: typeof openBaseFolder
): Promise<OpenedModel> {
  const options = { mayBeUnfinished, takesPassages, takesQuestions, openFolder, onSmaller: telling(emit) }
  const { config } = await readRunConfiguration(folder, options)
  const runtime = await runtimeFor(settingsThreads(config.training))
  const model = await TrainedModel.open(runtime, folder, cacheFolderOf(config.output), options)
  return {
    model,
    about: () => aboutRun(folder, model),
    base: config.model,
    bytes: model.learnedBytes,
    dispose: () => model.dispose()
  }
}

async function openWhole(
  { folder, signal, emit, keptIn = null, takesPassages = false, takesQuestions = false }: AnsweringInput,
  runtimeFor: RuntimeSource
): Promise<OpenedModel> {
  const found = await openExport(folder, signal)
  if (found.config.task === 'token-classification' && !takesPassages) throw marksPassages(folder)
  if (found.config.task === 'question-answering' && !takesQuestions) throw findsAnswers(folder)
  tellIfRetired(found, emit)
  // What a killed process left; an export may lie on a disk that cannot be written.
  await sweepAside(tmpdir())
  const scratch = await mkdtemp(join(tmpdir(), `.writing-${process.pid}-0-attune-`))
  const clear = (): Promise<void> => rm(scratch, { recursive: true, force: true })
  try {
    const runtime = await runtimeFor(settingsThreads({ threads: null }))
    const model = await modelOf(runtime, found, {
      cacheFolder: keptIn ?? scratch,
      keepsWeights: keptIn !== null,
      onSmaller: telling(emit)
    })
    const dispose = (): Promise<void> => model.dispose().finally(clear)
    return { model, about: async () => aboutExport(found, model), base: null, bytes: 0, dispose }
  } catch (error) {
    await clear()
    throw error
  }
}

/** What an adapter lacks to answer. */
export function loneAdapter(folder: string): InputError {
  const what = 'an adapter alone, which answers on its base model only.'
  const inApp = `This is ${what} Import it in the Library first.`
  return new InputError('answer-form', `${folder} is ${what} Name that model's folder with --base.`, { file: folder, inApp })
}

async function modelOf(
  runtime: Runtime,
  found: CheckedExport,
  { cacheFolder, ...how }: Pick<ExportedAbout, 'keepsWeights' | 'onSmaller'> & { readonly cacheFolder: string }
): Promise<AnsweringModel> {
  const { folder, format, config, reading } = found
  const exporter = exporterOfManifest(format, folder)
  if (exporter.replay === 'adapter') throw loneAdapter(folder)
  const { problem, classNames } = reading
  const about = { config, problem, classNames, ...how }
  const model = await openExported(exporter, runtime, folder, cacheFolder, about)
  // The regression's unit is folded into the exported weights.
  const facts = { ...reading, shift: 0, scale: 1, ...(await crfOf(found)), ...(await answeringOf(found)) }
  return {
    ...{ config, facts, decision: reading.decision, settings: model.settings },
    encode: (texts, pairs, signal) => model.encode(texts, pairs, signal),
    evaluate: (examples, signal, onProgress) => model.evaluate(examples, signal, onProgress),
    attribute: (text, pair, label, signal) => {
      if (model.attribute) return model.attribute(text, pair, label, signal)
      throw new InputError('attribute-form', 'This form of export cannot say which words mattered. Ask the run itself.')
    },
    dispose: () => model.dispose()
  }
}

/** What a conditional random field learned, which lies beside the model. */
async function crfOf({ folder, config }: CheckedExport): Promise<Pick<RunModel, 'crf'>> {
  const crf = hasCrf(config) ? learnedScores(await readMarks(folder)) : null
  return crf ? { crf } : {}
}

/** When it says that there is no answer, which lies beside the model. */
async function answeringOf({ folder, config }: CheckedExport): Promise<Pick<RunModel, 'answering'>> {
  if (config.task !== 'question-answering') return {}
  const { threshold } = await readAnswering(folder)
  return { answering: { threshold } }
}

async function aboutRun(folder: string, model: AnsweringModel): Promise<ModelFacts> {
  const { checkpoint } = await openTrained(folder, { takesPassages: true, takesQuestions: true })
  const weights = await Promise.all(checkpoint.checkpoint.files.map(({ path }) => sha256OfFile(path)))
  return { ...aboutModel(folder, model), form: 'run', weights, signed_by: null }
}

function aboutExport({ folder, format, manifest, signedBy }: CheckedExport, model: AnsweringModel): ModelFacts {
  const files = manifest.entries.filter(
    ({ kind, name }) => kind === 'file' && /\.(?:safetensors|onnx|onnx\.data)$/.test(String(name))
  )
  const weights = files.map(({ content }) => String(content))
  return { ...aboutModel(folder, model), form: format, weights, signed_by: signedBy }
}

/** The column with the second text, or with the question. */
function secondColumn({ task, data }: RunConfig): string | null {
  if (task === 'question-answering') return 'question' in data ? data.question : null
  return 'text_pair' in data ? data.text_pair : null
}

function aboutModel(
  folder: string,
  { config, facts, decision, settings }: AnsweringModel
): Omit<ModelFacts, 'form' | 'weights' | 'signed_by'> {
  const { data } = config
  const isWindowed = settings.truncation === 'windows'
  return {
    name: basename(resolve(folder)),
    problem: facts.problem,
    labels: facts.classNames,
    ...(config.task === 'question-answering' && { questions: ownQuestions(config) }),
    columns: { text: data.text, pair: secondColumn(config) },
    max_tokens: settings.maxLength,
    cuts_long_texts: !isWindowed,
    thresholds: facts.calibration.thresholds,
    decision: {
      alarm: decision.alarm && { label: decision.alarm.className, threshold: decision.alarm.threshold },
      person_below: decision.person?.below ?? null,
      labels: decision.labels.map(({ className, threshold }) => ({ label: className, threshold }))
    }
  }
}
