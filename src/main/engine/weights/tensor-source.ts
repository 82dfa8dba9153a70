import { assert } from '../../base/assert.ts'
import type { Checkpoint } from './checkpoint-folder.ts'
import { elementBytes, elementCount } from './elements.ts'
import type { TensorHead, TensorSource } from './elements.ts'
import { readTensorBytes, tensorEntry } from './read-tensor.ts'

/** A typed array whose elements are as wide as the tensor's (a Uint16Array for F16 and BF16, a Uint8Array for BOOL). */
export type TensorData =
  | Float32Array
  | Float64Array
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | BigInt64Array
  | BigUint64Array

/**
 * A tensor that lies elsewhere (a state slot of the runtime) and is read in parts; `offset` and `length` count elements. What `read` gives is a copy, whose
 * memory goes back as soon as it has been used.
 */
export interface TensorReader extends TensorHead {
  readonly read: (offset: number, length: number) => Promise<TensorData>
}

function bytesOf(data: TensorData): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
}

/** A tensor that is in memory. Its bytes are not copied. */
export function sourceOfArray(head: TensorHead, data: TensorData): TensorSource {
  assert(data.BYTES_PER_ELEMENT === elementBytes[head.dtype], `${head.name} is ${head.dtype}, its array is not`)
  return { ...head, chunks: () => [bytesOf(data)] }
}

/** A tensor read part by part, 4 Mi elements at a time unless told, so that it is never whole in memory. */
export function sourceOfReader({ read, ...head }: TensorReader, chunkElements = 1 << 22): TensorSource {
  async function* chunks(): AsyncGenerator<Uint8Array, void, undefined> {
    const count = elementCount(head.shape)
    for (let offset = 0; offset < count; offset += chunkElements) {
      const length = Math.min(chunkElements, count - offset)
      const data = await read(offset, length)
      assert(data.length === length, `reading ${head.name} gave ${data.length} elements instead of ${length}`)
      assert(data.BYTES_PER_ELEMENT === elementBytes[head.dtype], `${head.name} is ${head.dtype}, what was read is not`)
      yield bytesOf(data)
      // Else a checkpoint's copies pile up beside training until the collector comes.
      if (data.buffer instanceof ArrayBuffer) data.buffer.transfer(0)
    }
  }
  return { ...head, chunks }
}

/** A tensor of a checkpoint on disk, as it is stored there. */
export function sourceOfCheckpoint(checkpoint: Checkpoint, name: string): TensorSource {
  const { dtype, shape } = tensorEntry(checkpoint, name)
  return { name, dtype, shape, chunks: () => readTensorBytes(checkpoint, name) }
}
