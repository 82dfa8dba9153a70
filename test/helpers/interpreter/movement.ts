import { onnxTypeNumber } from '../../../src/main/engine/graph/ops/cast.ts'
import {
  axisFrom,
  broadcastShape,
  fill,
  read,
  readBroadcast,
  required,
  sizeOf,
  whole,
  type Kernel,
  type Tensor
} from './tensor.ts'

const cast: Kernel = (inputs, attributes) => {
  const { shape, data } = required(inputs, 0)
  const to = whole(attributes, 'to')
  if (to === onnxTypeNumber.bool) return [{ shape, data: data.map((x) => (x === 0 ? 0 : 1)) }]
  const isWhole = to === onnxTypeNumber.int64 || to === onnxTypeNumber.int32 || to === onnxTypeNumber.uint8
  // Floats stay doubles whatever their declared width: the interpreter is the exact reference.
  return [{ shape, data: isWhole ? data.map(Math.trunc) : data }]
}

const reshaped = (x: Tensor, shape: readonly number[]): Tensor => {
  if (sizeOf(shape) !== x.data.length) throw new Error(`[${x.shape.join()}] cannot become [${shape.join()}]`)
  return { shape, data: x.data }
}

const ints = (x: Tensor): number[] => Array.from(x.data)

const concat: Kernel = (inputs, attributes) => {
  const tensors = inputs.map((_, i) => required(inputs, i))
  const first = required(inputs, 0)
  const axis = axisFrom(whole(attributes, 'axis'), first.shape.length)
  const total = tensors.reduce((sum, { shape }) => sum + (shape[axis] ?? 0), 0)
  const shape = first.shape.map((size, i) => (i === axis ? total : size))
  return [
    fill(shape, (index) => {
      let place = index[axis] ?? 0
      let chosen = 0
      for (; place >= (tensors[chosen]?.shape[axis] ?? 0); chosen++) place -= tensors[chosen]?.shape[axis] ?? 0
      return read(
        required(tensors, chosen),
        index.map((old, i) => (i === axis ? place : old))
      )
    })
  ]
}

const slice: Kernel = (inputs) => {
  const x = required(inputs, 0)
  const [starts, ends, axes] = [1, 2, 3].map((i) => ints(required(inputs, i)))
  const first = x.shape.map(() => 0)
  const shape = [...x.shape]
  axes?.forEach((axis, i) => {
    const at = axisFrom(axis, x.shape.length)
    const size = x.shape[at] ?? 0
    const clamp = (place: number): number => Math.min(Math.max(place < 0 ? place + size : place, 0), size)
    first[at] = clamp(starts?.[i] ?? 0)
    shape[at] = Math.max(0, clamp(ends?.[i] ?? size) - (first[at] ?? 0))
  })
  return [
    fill(shape, (index) =>
      read(
        x,
        index.map((place, i) => place + (first[i] ?? 0))
      )
    )
  ]
}

const pad: Kernel = (inputs) => {
  const x = required(inputs, 0)
  const pads = ints(required(inputs, 1))
  const rank = x.shape.length
  const shape = x.shape.map((size, i) => size + (pads[i] ?? 0) + (pads[i + rank] ?? 0))
  return [
    fill(shape, (index) => {
      const own = index.map((place, i) => place - (pads[i] ?? 0))
      return own.every((place, i) => place >= 0 && place < (x.shape[i] ?? 0)) ? read(x, own) : 0
    })
  ]
}

const squeeze: Kernel = (inputs) => {
  const x = required(inputs, 0)
  const gone = new Set(ints(required(inputs, 1)).map((axis) => axisFrom(axis, x.shape.length)))
  return [
    reshaped(
      x,
      x.shape.filter((_, i) => !gone.has(i))
    )
  ]
}

const unsqueeze: Kernel = (inputs) => {
  const x = required(inputs, 0)
  const axes = ints(required(inputs, 1))
  const rank = x.shape.length + axes.length
  const added = new Set(axes.map((axis) => axisFrom(axis, rank)))
  const left = [...x.shape]
  return [
    reshaped(
      x,
      Array.from({ length: rank }, (_, i) => (added.has(i) ? 1 : (left.shift() ?? 1)))
    )
  ]
}

const expand: Kernel = (inputs) => {
  const x = required(inputs, 0)
  return [fill(broadcastShape(x.shape, ints(required(inputs, 1))), (index) => readBroadcast(x, index))]
}

const transpose: Kernel = (inputs, attributes) => {
  const x = required(inputs, 0)
  const { perm } = attributes
  if (!Array.isArray(perm)) throw new Error('the kernel lacks the attribute perm')
  const axes: readonly number[] = perm
  const shape = axes.map((axis) => x.shape[axis] ?? 0)
  return [
    fill(shape, (index) =>
      read(
        x,
        axes.map((_, axis) => index[axes.indexOf(axis)] ?? 0)
      )
    )
  ]
}

const shapeOf = ({ shape }: Tensor): Tensor => ({ shape: [shape.length], data: Float64Array.from(shape) })

export const movementKernels = {
  Cast: cast,
  Concat: concat,
  ConstantOfShape: (inputs) => [fill(ints(required(inputs, 0)), () => 0)],
  Expand: expand,
  Pad: pad,
  Reshape: (inputs) => [reshaped(required(inputs, 0), ints(required(inputs, 1)))],
  Shape: (inputs) => [shapeOf(required(inputs, 0))],
  Slice: slice,
  Squeeze: squeeze,
  Transpose: transpose,
  Unsqueeze: unsqueeze
} as const satisfies Readonly<Record<string, Kernel>>
