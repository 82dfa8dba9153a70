import { createHash } from 'node:crypto'
import { assert } from '../../base/assert.ts'
import { compareNames, elementBytes, elementCount } from './elements.ts'
import type { TensorSource } from './elements.ts'

/**
 * SHA-256, in hex, over tensors in the order of their names' UTF-8 bytes. Framing, all numbers little-endian: the ASCII text
 * `attune-weights-1` and a zero byte; then for each tensor
 * - uint32 length of the name in bytes, the name in UTF-8
 * - uint32 length of the element type's safetensors name (`F32`), the name in ASCII
 * - uint32 rank, one uint64 per dimension
 * - uint64 length of the data in bytes, the data as little-endian elements in row-major order
 *
 * Tensors are streamed: no more than one chunk is held.
 */
export async function weightsHash(tensors: readonly TensorSource[], signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256').update('attune-weights-1\0')
  const sorted = [...tensors].sort((a, b) => compareNames(a.name, b.name))
  let previous: string | undefined
  for (const tensor of sorted) {
    assert(tensor.name !== previous, `the tensor ${tensor.name} is hashed twice`)
    previous = tensor.name
    const length = elementCount(tensor.shape) * elementBytes[tensor.dtype]
    hash.update(frame(tensor, length))
    let done = 0
    for await (const chunk of tensor.chunks()) {
      signal?.throwIfAborted()
      hash.update(chunk)
      done += chunk.byteLength
    }
    assert(done === length, `the tensor ${tensor.name} gave ${done} bytes instead of ${length}`)
  }
  return hash.digest('hex')
}

function frame(tensor: TensorSource, length: number): Buffer {
  const name = Buffer.from(tensor.name)
  const dtype = Buffer.from(tensor.dtype)
  const out = Buffer.alloc(4 + name.byteLength + 4 + dtype.byteLength + 4 + 8 * tensor.shape.length + 8)
  let at = out.writeUInt32LE(name.byteLength)
  at += name.copy(out, at)
  at = out.writeUInt32LE(dtype.byteLength, at)
  at += dtype.copy(out, at)
  at = out.writeUInt32LE(tensor.shape.length, at)
  for (const size of tensor.shape) at = out.writeBigUInt64LE(BigInt(size), at)
  out.writeBigUInt64LE(BigInt(length), at)
  return out
}
