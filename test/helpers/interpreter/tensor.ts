import type { Attributes } from '../../../src/main/engine/graph/types.ts'

/** A dense tensor in row-major order. Integers and booleans (0, 1) are kept as plain numbers too. */
export interface Tensor {
  readonly shape: readonly number[]
  readonly data: Float64Array
}

/** Computes one op: inputs in the op's declared order, null where an optional one is left out. */
export type Kernel = (inputs: readonly (Tensor | null)[], attributes: Attributes) => readonly Tensor[]

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1)

export const zeros = (shape: readonly number[]): Tensor => ({ shape, data: new Float64Array(sizeOf(shape)) })

/** Input number `i`, which must be there. */
export function required(inputs: readonly (Tensor | null)[], i: number): Tensor {
  const tensor = inputs[i]
  if (!tensor) throw new Error(`the kernel lacks input ${i}`)
  return tensor
}

export function whole(attributes: Attributes, name: string): number {
  const value = attributes[name]
  if (typeof value !== 'number') throw new Error(`the kernel lacks the attribute ${name}`)
  return value
}

export function decimal(attributes: Attributes, name: string): number {
  const value = attributes[name]
  if (typeof value !== 'object' || !('float' in value)) throw new Error(`the kernel lacks the attribute ${name}`)
  return value.float
}

/** The element number that `index` has in a tensor of `shape`. */
export function offsetOf(shape: readonly number[], index: readonly number[]): number {
  let offset = 0
  for (let axis = 0; axis < shape.length; axis++) offset = offset * (shape[axis] ?? 1) + (index[axis] ?? 0)
  return offset
}

/** The index of element number `offset`. */
export function indexOf(shape: readonly number[], offset: number): number[] {
  const index = new Array<number>(shape.length).fill(0)
  let left = offset
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis] ?? 1
    index[axis] = left % size
    left = Math.floor(left / size)
  }
  return index
}

/** A tensor whose element at each index is `at(index)`. */
export function fill(shape: readonly number[], at: (index: number[], offset: number) => number): Tensor {
  const out = zeros(shape)
  for (let offset = 0; offset < out.data.length; offset++) out.data[offset] = at(indexOf(shape, offset), offset)
  return out
}

export const read = (tensor: Tensor, index: readonly number[]): number => tensor.data[offsetOf(tensor.shape, index)] ?? NaN

export function broadcastShape(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length)
  return Array.from({ length: rank }, (_, i) => {
    const left = a[a.length - rank + i] ?? 1
    const right = b[b.length - rank + i] ?? 1
    if (left !== right && left !== 1 && right !== 1) throw new Error(`[${a.join()}] and [${b.join()}] do not broadcast`)
    return left === 1 ? right : left
  })
}

/** The element of `tensor` that stands at `index` of the shape it is broadcast to. */
export function readBroadcast({ shape, data }: Tensor, index: readonly number[]): number {
  const extra = index.length - shape.length
  let offset = 0
  for (let axis = 0; axis < shape.length; axis++) {
    const size = shape[axis] ?? 1
    offset = offset * size + (size === 1 ? 0 : (index[axis + extra] ?? 0))
  }
  return data[offset] ?? NaN
}

export const axisFrom = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis)

/** `index` with `place` put at `axis`. */
export const withPlace = (index: readonly number[], axis: number, place: number): number[] =>
  index.map((old, i) => (i === axis ? place : old))
