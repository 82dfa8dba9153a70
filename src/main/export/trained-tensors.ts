import { defined } from '../base/assert.ts'
import { InputError } from '../base/errors.ts'
import { headOf } from '../engine/training/custom-head.ts'
import type { AttachedSite, ModelDefinition, ParameterSelection } from '../engine/training/model-definition.ts'
import type { ModelFolder } from '../engine/training/model-folder.ts'
import type { TensorSpec } from '../engine/blocks/tensor-spec.ts'
import type { Checkpoint } from '../engine/weights/checkpoint-folder.ts'
import { elementBytes, elementCount, upcast, type ElementType, type TensorSource } from '../engine/weights/elements.ts'
import { float32ToBfloat16, float32ToFloat16 } from '../engine/weights/float16.ts'
import { readTensor, readTensorBytes, tensorEntry } from '../engine/weights/read-tensor.ts'

/** Element types that a merged model can be written in. */
export const exportTypes = { fp32: 'F32', fp16: 'F16', bf16: 'BF16' } as const satisfies Readonly<Record<string, ElementType>>
export type ExportType = keyof typeof exportTypes

/** A trained model as it lies on disk: the base model, and beside it what the run learned. */
export interface TrainedWeights {
  readonly base: ModelFolder
  readonly definition: ModelDefinition
  readonly selection: ParameterSelection
  /** The run's trained tensors, float32. */
  readonly checkpoint: Checkpoint
  /** regression: answers are scale · logit + shift; folded into the last layer, so that the exported model answers in the data's own unit. */
  readonly shift: number
  readonly scale: number
}

/** A part of a tensor in float32, valid until the next is asked for. */
type Floats = AsyncGenerator<Float32Array, void, undefined>

/** Elements that are converted together. */
const PART = 1 << 20

/**
 * Every tensor of the model with its head, adapters merged in, in the names of the family. Nothing is read before a tensor's chunks are
 * asked for, and then in parts of some megabytes; of an adapted matrix, the adapter alone is in memory whole.
 * @throws InputError while reading, where float16 cannot hold a weight
 */
export function mergedTensors(trained: TrainedWeights, type: ExportType, signal?: AbortSignal): TensorSource[] {
  const output = outputLayer(trained)
  return trained.selection.tensors.map((spec) => {
    const folded = output?.includes(spec.name) ? foldedInto(trained, spec, signal) : floatsOf(trained, spec, signal)
    return { name: spec.name, dtype: exportTypes[type], shape: spec.shape, chunks: () => encoded(folded(), type, spec.name) }
  })
}

/** The tensors that the run trained, adapters as they are, by their slots' names. Read in parts, as above. */
export function learnedTensors(trained: TrainedWeights, type: ExportType, signal?: AbortSignal): TensorSource[] {
  const output = outputLayer(trained)
  return trained.selection.parameters.map(({ name, shape }) => {
    const own = (): Floats => floatParts(trained.checkpoint, name, signal)
    const floats = output?.includes(name) ? foldedInto(trained, { name, shape }, signal) : own
    return { name, dtype: exportTypes[type], shape, chunks: () => encoded(floats(), type, name) }
  })
}

/** The tensors of the base model that the run left as they were, in the names of the family. Read in parts, as above. */
export function frozenTensors(trained: TrainedWeights, type: ExportType, signal?: AbortSignal): TensorSource[] {
  const { base, selection } = trained
  const learned = new Set(selection.parameters.map(({ name }) => name))
  return selection.tensors.flatMap(({ name, shape }) => {
    if (learned.has(name)) return []
    const floats = (): Floats => floatParts(base.checkpoint, base.storedNames.get(name) ?? name, signal)
    return { name, dtype: exportTypes[type], shape, chunks: () => encoded(floats(), type, name) }
  })
}

/** Names of the last layer's weight and bias where a regression's unit has to be folded into them. */
function outputLayer({ definition, shift, scale }: TrainedWeights): readonly string[] | null {
  if (shift === 0 && scale === 1) return null
  const last = headOf(definition)
    .tensors(definition.config, definition.labels)
    .filter(({ name, shape }) => name.endsWith('.weight') && shape.length === 2)
    .at(-1)
  const { name } = defined(last, 'the last layer of a regression')
  return [name, name.replace(/weight$/, 'bias')]
}

/** W' = scale·W and b' = scale·b + shift. */
function foldedInto(
  trained: TrainedWeights,
  spec: Pick<TensorSpec, 'name' | 'shape'>,
  signal: AbortSignal | undefined
): () => Floats {
  const shift = spec.shape.length === 1 ? trained.shift : 0
  return async function* () {
    for await (const part of floatsOf(trained, spec, signal)()) yield part.map((value) => value * trained.scale + shift)
  }
}

function floatsOf(
  trained: TrainedWeights,
  spec: Pick<TensorSpec, 'name' | 'shape'>,
  signal: AbortSignal | undefined
): () => Floats {
  const path = spec.name.replace(/\.(?:weight|bias)$/, '')
  const attached = trained.selection.attached.get(path)
  if (attached) return () => mergedSite(trained, attached, spec, signal)
  const [checkpoint, name] = placeOf(trained, spec.name)
  return () => floatParts(checkpoint, name, signal)
}

/** Where a tensor's own values lie: in the run's checkpoint where it was trained, else in the base model. */
function placeOf({ base, selection, checkpoint }: TrainedWeights, name: string): readonly [Checkpoint, string] {
  const isTrained = selection.parameters.some((parameter) => parameter.name === name)
  return isTrained ? [checkpoint, name] : [base.checkpoint, base.storedNames.get(name) ?? name]
}

/** A tensor in parts of whole rows of `width` elements. */
async function* floatParts(checkpoint: Checkpoint, name: string, signal: AbortSignal | undefined, width = 1): Floats {
  const { dtype, shape } = tensorEntry(checkpoint, name)
  // A multiple of eight rows is one of eight bytes, which is what files are read by.
  const rows = 8 * Math.max(1, Math.floor(PART / (8 * width)))
  const chunkBytes = rows * width * elementBytes[dtype]
  const floats = new Float32Array(Math.min(rows * width, elementCount(shape)))
  for await (const chunk of readTensorBytes(checkpoint, name, { signal, chunkBytes })) {
    upcast(dtype, chunk, floats, 0)
    yield floats.subarray(0, chunk.byteLength / elementBytes[dtype])
  }
}

async function* mergedSite(
  trained: TrainedWeights,
  { site, slots }: AttachedSite,
  spec: Pick<TensorSpec, 'name' | 'shape'>,
  signal: AbortSignal | undefined
): Floats {
  const { method, options } = trained.definition
  if (!method.merge) throw new Error(`${method.id} cannot be merged`)
  const tensors: Record<string, Float32Array> = {}
  for (const [short, slot] of Object.entries(slots)) tensors[short] = await readTensor(trained.checkpoint, slot, { signal })
  const width = spec.name.endsWith('.bias') ? 1 : site.in
  let first = 0
  for await (const rows of floatParts(...placeOf(trained, spec.name), signal, width)) {
    const [weight, bias] = width === 1 ? [NONE, rows] : [rows, NONE]
    method.merge({ weight, bias, first }, site, options, tensors)
    yield rows
    first += rows.length / width
  }
}

const NONE = new Float32Array(0)

async function* encoded(parts: Floats, type: ExportType, name: string): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const part of parts) yield bytesOf(encodedPart(part, type, name))
}

function encodedPart(part: Float32Array, type: ExportType, name: string): Float32Array | Uint16Array {
  if (type === 'fp32') return part
  if (type === 'bf16') return float32ToBfloat16(part)
  const large = part.find((value) => Math.abs(value) > LARGEST_FLOAT16)
  if (large !== undefined) {
    const sentence = `The tensor ${name} holds ${large.toPrecision(4)}, which is more than fp16 can hold (65,504). Export as fp32 or bf16.`
    throw new InputError('export-range', sentence, { tensor: name })
  }
  return float32ToFloat16(part)
}

const LARGEST_FLOAT16 = 65_504

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array | Uint16Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength)

/** Bytes of a tensor as it will be written. */
export const sizeInBytes = ({ dtype, shape }: TensorSource): number => elementCount(shape) * elementBytes[dtype]
