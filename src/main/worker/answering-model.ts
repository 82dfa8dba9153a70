import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import type { RunConfig } from '../config/config-types.ts'
import { InputError } from '../base/errors.ts'
import { sha256OfFile } from '../base/files.ts'
import { PACK_ENDING } from '../export/pack/layout.ts'
import { MANIFEST } from '../export/manifest.ts'
import type { Runtime } from '../engine/runtime/port.ts'
import { sweepAside } from '../engine/weights/aside.ts'
import type { FixedDecision } from '../report/fixed-decision.ts'
import { openExport, tellIfRetired, type CheckedExport } from './export-folder.ts'
import type { RunModel } from './judge-run.ts'
import { exporterOfManifest, openExported } from './open-exported.ts'
import type { Attribute, TextModel } from './opened-export.ts'
import type { ModelFacts, NoteEvent } from './protocol.ts'
import { settingsThreads } from './settings.ts'
import { openTrained, readRunConfiguration, TrainedModel } from './trained-run.ts'

/** A model ready to answer texts, opened from a run or from an export. */
export interface AnsweringModel extends TextModel {
  readonly config: RunConfig
  /** How its logits are read. */
  readonly facts: Pick<RunModel, 'classNames' | 'calibration' | 'problem' | 'shift' | 'scale'>
  readonly decision: FixedDecision
  readonly attribute: Attribute
}

export interface Opened {
  readonly model: AnsweringModel
  readonly about: ModelFacts
}

/** Whether a folder is an export, not a run. One that is neither is told so as a run that it is not. */
export async function isExportFolder(folder: string): Promise<boolean> {
  const has = (name: string): Promise<boolean> =>
    stat(join(folder, name)).then(
      (found) => found.isFile(),
      () => false
    )
  return !(await has('run.json')) && (await has(MANIFEST))
}

export interface AnsweringInput {
  /** Of a run or an export. */
  readonly folder: string
  /** Where a run's caches lie, by the folder that its runs are written to. */
  readonly cacheFolderOf: (output: string) => string
  readonly signal: AbortSignal
  /** Hears that an export is not to be used any more. */
  readonly emit: (event: NoteEvent) => void
  /** The best weights so far will do. */
  readonly mayBeUnfinished?: boolean
  /** A run that marks passages will do. */
  readonly takesPassages?: boolean
  /** Where an export's weights stay prepared for the next time; null or left out where it is asked once. */
  readonly keptIn?: string | null
}

/** A model that is open; what is to be said of it is worked out on demand. */
interface Asked {
  readonly model: AnsweringModel
  readonly about: () => Promise<ModelFacts>
}

/**
 * Opens the model in `folder` for as long as `work` takes. Of an export every file is checked against its manifest first.
 * @throws InputError where it is neither a finished run nor a whole export, or an adapter without its base model
 */
export async function withAnsweringModel<T>(input: AnsweringInput, work: (opened: Opened) => Promise<T>): Promise<T> {
  return open(input, async ({ model, about }) => work({ model, about: await about() }))
}

/** The same where nobody asks about the model itself. */
export async function withModel<T>(input: AnsweringInput, work: (model: AnsweringModel) => Promise<T>): Promise<T> {
  return open(input, ({ model }) => work(model))
}

async function open<T>(input: AnsweringInput, work: (asked: Asked) => Promise<T>): Promise<T> {
  await refusePack(input.folder)
  return (await isExportFolder(input.folder)) ? withExport(input, work) : withRun(input, work)
}

async function refusePack(path: string): Promise<void> {
  const found = path.endsWith(PACK_ENDING) ? await stat(path).catch(() => null) : null
  if (found?.isFile() !== true) return
  throw new InputError('answer-form', `${path} is a pack. Import it first, and name the folder that comes of it.`, { file: path })
}

async function withRun<T>(
  { folder, cacheFolderOf, mayBeUnfinished = false, takesPassages = false }: AnsweringInput,
  work: (asked: Asked) => Promise<T>
): Promise<T> {
  const options = { mayBeUnfinished, takesPassages }
  const { config } = await readRunConfiguration(folder, options)
  const runtime = await openThreads(settingsThreads(config.training))
  try {
    const model = await TrainedModel.open(runtime, folder, cacheFolderOf(config.output), options)
    try {
      return await work({ model, about: () => aboutRun(folder, model) })
    } finally {
      await model.dispose()
    }
  } finally {
    await runtime.dispose()
  }
}

async function withExport<T>(
  { folder, signal, emit, keptIn = null }: AnsweringInput,
  work: (asked: Asked) => Promise<T>
): Promise<T> {
  const found = await openExport(folder, signal)
  tellIfRetired(found, emit)
  // What a killed process left; an export may lie on a disk that cannot be written.
  await sweepAside(tmpdir())
  const scratch = await mkdtemp(join(tmpdir(), `.writing-${process.pid}-0-attune-`))
  const runtime = await openThreads(settingsThreads({ threads: null }))
  try {
    const model = await openAnswering(runtime, found, keptIn ?? scratch, keptIn !== null)
    try {
      return await work({ model, about: async () => aboutExport(found, model) })
    } finally {
      await model.dispose()
    }
  } finally {
    await runtime.dispose()
    await rm(scratch, { recursive: true, force: true })
  }
}

async function openThreads(threads: number): Promise<Runtime> {
  const { openRuntime } = await import('../engine/runtime/index.ts')
  return openRuntime({ threads })
}

async function openAnswering(
  runtime: Runtime,
  found: CheckedExport,
  cacheFolder: string,
  keepsWeights: boolean
): Promise<AnsweringModel> {
  const { folder, format, config, reading } = found
  const exporter = exporterOfManifest(format, folder)
  if (exporter.replay === 'adapter') {
    const sentence = `${folder} is an adapter alone, which answers on its base model only. Name the run itself, or export it as huggingface.`
    throw new InputError('answer-form', sentence, { file: folder })
  }
  const labels = Math.max(1, reading.classNames.length)
  const about = { config, problem: reading.problem, labels, keepsWeights }
  const model = await openExported(exporter, runtime, folder, cacheFolder, about)
  // The regression's unit is folded into the exported weights.
  const facts = { ...reading, shift: 0, scale: 1 }
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

async function aboutRun(folder: string, model: AnsweringModel): Promise<ModelFacts> {
  const { checkpoint } = await openTrained(folder, { takesPassages: true })
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
    columns: { text: data.text, pair: 'text_pair' in data ? data.text_pair : null },
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
