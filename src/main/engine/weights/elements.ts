import { assert } from '../../base/assert.ts'
import { bfloat16ToFloat32, float16ToFloat32 } from './float16.ts'

/**
 * Bytes per element of each element type of the safetensors format that fills whole bytes. The order is the format library's own, from
 * narrow to wide; files store tensors of later types first.
 */
export const elementBytes = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E5M2: 1,
  F8_E4M3: 1,
  F8_E8M0: 1,
  I16: 2,
  U16: 2,
  F16: 2,
  BF16: 2,
  I32: 4,
  U32: 4,
  F32: 4,
  C64: 8,
  F64: 8,
  I64: 8,
  U64: 8
} as const

/** The name that a safetensors file gives to an element type. */
export type ElementType = keyof typeof elementBytes

/** What a tensor is called, of what, and how large. */
export interface TensorHead {
  readonly name: string
  readonly dtype: ElementType
  readonly shape: readonly number[]
}

/** A tensor to be written or hashed. `chunks` gives its little-endian bytes in order; a chunk is used before the next is asked for. */
export interface TensorSource extends TensorHead {
  readonly chunks: () => AsyncIterable<Uint8Array> | Iterable<Uint8Array>
}

export function isElementType(name: unknown): name is ElementType {
  return typeof name === 'string' && Object.hasOwn(elementBytes, name)
}

/** Whether the type holds floating-point numbers that `upcast` understands: what a frozen weight may be. */
export function isFloat(dtype: ElementType): boolean {
  return dtype === 'F32' || dtype === 'F16' || dtype === 'BF16' || dtype === 'F64'
}

/** Whether `upcast` can read the type (everything but 8-bit floats and complex numbers). */
export function canUpcast(dtype: ElementType): boolean {
  return !dtype.startsWith('F8') && dtype !== 'C64'
}

/** Number of elements of a shape; 1 for a scalar. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}

/** Orders names by their UTF-8 bytes (which is by code point), on every machine alike. */
export function compareNames(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

// safetensors, our caches and the weights hash are little-endian, and typed arrays are used on their bytes directly.
assert(
  new Uint8Array(Uint16Array.of(1).buffer)[0] === 1,
  'this processor stores numbers big-endian, which Attune does not support'
)

/**
 * Converts little-endian `bytes` of type `dtype` to float32 and writes them to `out` from element `at` on. `bytes` must be aligned to
 * the element and hold whole elements. Exact for BF16, F16, F32, small integers and BOOL; F64 and large integers round to nearest.
 */
export function upcast(dtype: ElementType, bytes: Uint8Array, out: Float32Array, at: number): void {
  const count = bytes.byteLength / elementBytes[dtype]
  assert(Number.isInteger(count), `${bytes.byteLength} bytes are not whole elements of ${dtype}`)
  const from = [bytes.buffer, bytes.byteOffset, count] as const
  if (dtype === 'F32') out.set(new Float32Array(...from), at)
  else if (dtype === 'BF16') bfloat16ToFloat32(new Uint16Array(...from), out, at)
  else if (dtype === 'F16') float16ToFloat32(new Uint16Array(...from), out, at)
  else if (dtype === 'F64') out.set(new Float64Array(...from), at)
  else if (dtype === 'I64') new BigInt64Array(...from).forEach((value, i) => (out[at + i] = Number(value)))
  else if (dtype === 'U64') new BigUint64Array(...from).forEach((value, i) => (out[at + i] = Number(value)))
  else if (dtype === 'I32') out.set(new Int32Array(...from), at)
  else if (dtype === 'U32') out.set(new Uint32Array(...from), at)
  else if (dtype === 'I16') out.set(new Int16Array(...from), at)
  else if (dtype === 'U16') out.set(new Uint16Array(...from), at)
  else if (dtype === 'I8') out.set(new Int8Array(...from), at)
  else if (dtype === 'U8' || dtype === 'BOOL') out.set(bytes, at)
  else assert(false, `${dtype} cannot be converted to float32`)
}
