import { join } from 'node:path'
import { assert, defined } from '../../base/assert.ts'
import { open } from '../../base/sealed/fs.ts'
import type { OpenFile } from '../../base/sealed/open-file.ts'
import { storageProblem } from '../../base/storage-problem.ts'
import { layOutModel } from '../../engine/graph/onnx/stream-model.ts'
import type { ExternalLocation } from '../../engine/graph/onnx/write-model.ts'
import { elementBytes, elementCount, type TensorSource } from '../../engine/weights/elements.ts'
import { writeAt } from '../../engine/weights/regular-file.ts'
import { weightBytes, type InferenceModel } from './inference-model.ts'

export interface WriteOnnxOptions {
  /** Puts weights into `<name>.data` even where one file could hold them. */
  readonly externalData?: boolean
  readonly signal: AbortSignal
  readonly onProgress: (done: number, total: number) => void
}

/** Bytes of weights above which they go into a file of their own: a protobuf ends at 2 GiB, and readers copy it while they parse. */
const SELF_CONTAINED = 1.5e9
/** Weights below this stay inside the model, as `onnx.save` leaves them. */
const LEAST_OUTSIDE = 1024
/** Weights outside begin at a page of memory, so that they can be mapped. */
const PAGE = 4096

const bytesOf = ({ dtype, shape }: TensorSource): number => elementBytes[dtype] * elementCount(shape)

/**
 * Writes `name` into `folder`, weights inside it or in `<name>.data` beside it. Weights pass through one after another.
 * @throws InputError where the disk is full or cannot be written
 */
export async function writeOnnx(folder: string, name: string, model: InferenceModel, options: WriteOnnxOptions): Promise<void> {
  const total = weightBytes(model)
  const isOutside = options.externalData === true || total > SELF_CONTAINED
  const places = isOutside ? placesIn(`${name}.data`, model) : new Map<string, ExternalLocation>()
  const place = (tensor: string): ExternalLocation | { bytes: number } =>
    places.get(tensor) ?? { bytes: bytesOf(tensorOf(model, tensor)) }
  const { pieces } = layOutModel(model.graph, { inputs: model.inputs, place })
  let done = 0
  const told = { ...options, onProgress: (bytes: number) => options.onProgress((done += bytes), total) }
  try {
    if (places.size > 0)
      await writeInto(join(folder, `${name}.data`), async (file) => {
        for (const [tensor, { offset }] of places) await writeTensor(file, offset, tensorOf(model, tensor), told)
      })
    await writeInto(join(folder, name), async (file) => {
      let at = 0
      for (const piece of pieces) {
        if (piece instanceof Uint8Array) await writeAt(file, piece, at)
        else await writeTensor(file, at, tensorOf(model, piece.tensor), told)
        at += piece instanceof Uint8Array ? piece.byteLength : piece.bytes
      }
    })
  } catch (error) {
    throw storageProblem(error, 'The model could not be written', join(folder, name))
  }
}

const tensorOf = ({ tensors }: InferenceModel, name: string): TensorSource => defined(tensors.get(name), `the weight ${name}`)

function placesIn(location: string, { tensors }: InferenceModel): Map<string, ExternalLocation> {
  const places = new Map<string, ExternalLocation>()
  let end = 0
  for (const tensor of tensors.values()) {
    const length = bytesOf(tensor)
    if (length < LEAST_OUTSIDE) continue
    const offset = Math.ceil(end / PAGE) * PAGE
    places.set(tensor.name, { location, offset, length })
    end = offset + length
  }
  return places
}

async function writeInto(path: string, write: (file: OpenFile) => Promise<void>): Promise<void> {
  const file = await open(path, 'wx')
  try {
    await write(file)
    await file.sync()
  } finally {
    await file.close()
  }
}

interface Told {
  readonly signal: AbortSignal
  readonly onProgress: (bytes: number) => void
}

async function writeTensor(file: OpenFile, start: number, tensor: TensorSource, { signal, onProgress }: Told): Promise<void> {
  const end = start + bytesOf(tensor)
  let at = start
  for await (const chunk of tensor.chunks()) {
    signal.throwIfAborted()
    assert(at + chunk.byteLength <= end, `the tensor ${tensor.name} gave more than its ${bytesOf(tensor)} bytes`)
    await writeAt(file, chunk, at)
    at += chunk.byteLength
    onProgress(chunk.byteLength)
  }
  assert(at === end, `the tensor ${tensor.name} gave ${end - at} bytes too few`)
}
