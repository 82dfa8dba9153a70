import type { Attributes } from '../../../src/main/engine/graph/types.ts'
import { broadcastShape, decimal, fill, read, readBroadcast, required, whole, type Kernel, type Tensor } from './tensor.ts'

/** The last two axes swapped. */
function swapped(x: Tensor): Tensor {
  const rank = x.shape.length
  const flip = (values: readonly number[]): number[] => [...values.slice(0, -2), values[rank - 1] ?? 0, values[rank - 2] ?? 0]
  return fill(flip(x.shape), (index) => read(x, flip(index)))
}

/** alpha · A · B over the last two axes; the axes before broadcast. */
function multiply(a: Tensor, b: Tensor, alpha: number): Tensor {
  const [m, inner, n] = [a.shape.at(-2) ?? 0, a.shape.at(-1) ?? 0, b.shape.at(-1) ?? 0]
  const batch = broadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2))
  const pick = (x: Tensor, outer: readonly number[], row: number, column: number): number => {
    const own = outer.slice(outer.length - (x.shape.length - 2)).map((place, i) => (x.shape[i] === 1 ? 0 : place))
    return read(x, [...own, row, column])
  }
  return fill([...batch, m, n], (index) => {
    const [outer, row, column] = [index.slice(0, -2), index.at(-2) ?? 0, index.at(-1) ?? 0]
    let sum = 0
    for (let k = 0; k < inner; k++) sum += pick(a, outer, row, k) * pick(b, outer, k, column)
    return alpha * sum
  })
}

function product(inputs: readonly (Tensor | null)[], attributes: Attributes): Tensor {
  const a = whole(attributes, 'transA') === 1 ? swapped(required(inputs, 0)) : required(inputs, 0)
  const b = whole(attributes, 'transB') === 1 ? swapped(required(inputs, 1)) : required(inputs, 1)
  return multiply(a, b, decimal(attributes, 'alpha'))
}

const gemm: Kernel = (inputs, attributes) => {
  const y = product(inputs, attributes)
  const c = inputs[2]
  if (!c) return [y]
  const beta = decimal(attributes, 'beta')
  return [fill(y.shape, (index) => read(y, index) + beta * readBroadcast(c, index))]
}

export const productKernels = {
  MatMul: (inputs) => [multiply(required(inputs, 0), required(inputs, 1), 1)],
  FusedMatMul: (inputs, attributes) => [product(inputs, attributes)],
  Gemm: gemm
} as const satisfies Readonly<Record<string, Kernel>>
