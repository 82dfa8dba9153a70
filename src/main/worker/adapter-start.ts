import { join } from 'node:path'
import type { RunConfig } from '../config/config-types.ts'
import { InputError } from '../base/errors.ts'
import { readFile } from '../base/sealed/fs.ts'
import { counted, shownList } from '../base/wording.ts'
import { isAdapterFolder, openAdapterFolder, type AdapterFolder } from '../engine/training/adapter-folder.ts'
import { fitAdapter, outputsOf, type FittedAdapter } from '../engine/training/fit-adapter.ts'
import type { StartValues } from '../engine/training/initialise.ts'
import { openModelFolder, type ModelFolder } from '../engine/training/model-folder.ts'
import type { TargetSettings } from '../engine/training/targets.ts'
import { readTensor } from '../engine/weights/read-tensor.ts'
import { contentKey } from '../engine/weights/source-key.ts'
import { headKindOf } from './model-definition.ts'
import { markingOf } from './prepare-marks.ts'

/** Where an imported adapter keeps the files that it came in. */
export const ADAPTER_INSIDE = 'adapter'

/** Outputs of a head that finds answers. */
export const ANSWER_OUTPUTS: readonly string[] = ['start', 'end']

/** An adapter put to its base model, and the names of its classes in the order of its outputs. */
export interface StartingAdapter {
  readonly adapter: AdapterFolder
  readonly fitted: FittedAdapter
  readonly model: ModelFolder
  /** Null where nothing names them. */
  readonly classNames: readonly string[] | null
}

/**
 * Opens an adapter by its folder, or by the folder that importing it made.
 * @param labels its classes as the person names them; empty where they do not
 */
export async function openStart(folder: string, model: ModelFolder, labels: readonly string[]): Promise<StartingAdapter> {
  const isImported = !(await isAdapterFolder(folder)) && (await isAdapterFolder(join(folder, ADAPTER_INSIDE)))
  const adapter = await openAdapterFolder(isImported ? join(folder, ADAPTER_INSIDE) : folder)
  const fitted = fitAdapter(adapter, model)
  if (fitted.head === 'question-answering') return { adapter, fitted, model, classNames: ANSWER_OUTPUTS }
  const imported = isImported ? fitting(await importedNames(folder), fitted) : null
  const classNames = named(labels, fitted) ?? imported ?? fitting(adapter.classNames, fitted) ?? fitting(model.classNames, fitted)
  return { adapter, fitted, model, classNames }
}

async function importedNames(folder: string): Promise<readonly string[] | null> {
  const json: unknown = JSON.parse(await readFile(join(folder, 'model.json'), 'utf8'))
  const { classNames, outputs = classNames } = (json ?? {}) as { classNames?: unknown; outputs?: unknown } // As importing it wrote it, looked at on the next line.
  const names = outputs
  return Array.isArray(names) && names.length > 0 ? names.map(String) : null
}

const fitting = (names: readonly string[] | null, { labels }: Pick<FittedAdapter, 'labels'>): readonly string[] | null =>
  names?.length === labels ? names : null

function named(labels: readonly string[], { labels: outputs }: FittedAdapter): readonly string[] | null {
  if (labels.length === 0) return null
  if (labels.length === outputs) return labels
  const sentence = `The adapter has ${counted(outputs ?? 0, 'output')}, but ${counted(labels.length, 'class', 'classes')} are named: ${shownList(labels)}. Name one for each output, in their order.`
  throw new InputError('adapter-labels', sentence, { key: 'method.adapter_labels' })
}

/** A run that starts from an adapter, with everything in it that the adapter decides; any other run as it is. */
export async function withAdapter(config: RunConfig): Promise<RunConfig> {
  const { method } = config
  if (method.type !== 'lora' || method.from_adapter === null) return config
  const { from_adapter: folder, adapter_labels: labels, lora_dropout, loraplus_lr_ratio } = method
  const { fitted, classNames } = await openStart(folder, await openModelFolder(config.model), labels)
  const own = { from_adapter: folder, adapter_labels: classNames ?? [], lora_dropout, loraplus_lr_ratio }
  return { ...config, method: { ...method, ...fitted.options, ...own } }
}

/** What a run starts from besides its model. */
export interface Start {
  readonly values: StartValues
  /** Says what the adapter's files are. */
  readonly key: string
  /** Why the head starts new, one sentence; null where it does not. */
  readonly note: string | null
}

/** The first values that an adapter gives to a run that learns these classes. `config`: as `withAdapter` left it. */
export async function startOf(
  config: RunConfig,
  model: ModelFolder,
  classNames: readonly string[],
  target: Pick<TargetSettings, 'shift' | 'scale'>
): Promise<Start | null> {
  const { method } = config
  if (method.type !== 'lora' || method.from_adapter === null) return null
  const start = await openStart(method.from_adapter, model, method.adapter_labels)
  const wanted = wantedOutputs(config, classNames)
  const order = start.fitted.head === headKindOf(config) ? headOrder(start, wanted) : null
  return {
    values: valuesOf(start, order, target, headKindOf(config)),
    key: await contentKey(start.adapter.checkpoint),
    note: order === null ? newHead(start, wanted) : null
  }
}

/** What the outputs of a run stand for: tags where it marks passages, first and last where it finds answers. */
function wantedOutputs(config: RunConfig, classNames: readonly string[]): readonly string[] {
  if (config.task === 'question-answering') return ANSWER_OUTPUTS
  return markingOf(config, classNames)?.tags.names ?? classNames
}

/** The adapter's output for each of the run's; null where they cannot be told to be the same. */
function headOrder({ fitted, classNames: own }: StartingAdapter, wanted: readonly string[]): readonly number[] | null {
  if (wanted.length === 0) return fitted.labels === 1 ? [0] : null
  if (own?.length !== wanted.length) return null
  const order = wanted.map((name) => own.indexOf(name))
  return order.includes(-1) ? null : order
}

function newHead({ fitted: { labels }, classNames }: StartingAdapter, wanted: readonly string[]): string {
  const what = 'The head of the adapter is left out and starts new'
  if (labels === null) return `${what}: there is none in its files.`
  if (wanted.length === 0) return `${what}: it gives ${counted(labels, 'class', 'classes')}, not a number.`
  if (classNames) return `${what}: its classes are ${shownList(classNames)}, those of the data ${shownList(wanted)}.`
  return `${what}: nothing names its ${counted(labels, 'output')}. Name them with method.adapter_labels, in their order.`
}

/** `order` null: what depends on the classes starts new; −1 in it: an output that the adapter lacks is never given. `head`: that of the run. */
export function valuesOf(
  { adapter, fitted, model }: StartingAdapter,
  order: readonly number[] | null,
  { shift, scale }: Pick<TargetSettings, 'shift' | 'scale'>,
  head = fitted.head
): StartValues {
  const outputs = new Set([fitted.head, head].flatMap((kind) => [...outputsOf(model, kind).keys()]))
  return async (name, shape) => {
    const isHead = outputs.has(name)
    if (isHead && order === null) return null
    const own = isHead && fitted.labels !== null ? [fitted.labels, ...shape.slice(1)] : shape
    const found = placeOf({ adapter, fitted, model }, name, own)
    if (!found) return null
    const values = await readTensor(...found)
    if (!isHead || order === null) return values
    const ordered = rowsInOrder(values, order, own)
    // The run's answers are scale · logit + shift, the adapter's the logits themselves.
    return shape.length === 1 ? ordered.map((value) => (value - shift) / scale) : ordered.map((value) => value / scale)
  }
}

function placeOf(
  { adapter, fitted, model }: Pick<StartingAdapter, 'adapter' | 'fitted' | 'model'>,
  name: string,
  shape: readonly number[]
): Parameters<typeof readTensor> | null {
  const places = [
    [adapter.checkpoint, fitted.slots.get(name)],
    [model.checkpoint, model.storedNames.get(name)]
  ] as const
  for (const [checkpoint, stored] of places)
    if (stored !== undefined && checkpoint.tensors.get(stored)?.shape.join() === shape.join()) return [checkpoint, stored]
  return null
}

/** The logit of an output that the adapter lacks: its exponential is 0 in every arithmetic. */
const NEVER = -1e4

function rowsInOrder(values: Float32Array, order: readonly number[], [rows = 1, ...rest]: readonly number[]): Float32Array {
  const width = values.length / rows
  const out = new Float32Array(order.length * width)
  for (const [row, from] of order.entries()) {
    if (from >= 0) out.set(values.subarray(from * width, (from + 1) * width), row * width)
    else if (rest.length === 0) out[row] = NEVER
  }
  return out
}
