import { bytesOf, tinyModel } from './tiny-onnx.ts'
import type { TinyNode, TinyTensor } from './tiny-onnx.ts'

/** TensorProto.DataType numbers. */
export const dataType = {
  float32: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
  uint32: 12,
  bfloat16: 16
}

/** A float32 input or output. */
export function float(name: string, ...shape: (number | string)[]): TinyTensor {
  return { name, type: dataType.float32, shape }
}

/** A float32 constant. */
export function constant(
  name: string,
  shape: readonly number[],
  values: readonly number[]
): Parameters<typeof tinyModel>[0]['initializers'] {
  return [{ name, type: dataType.float32, shape, data: bytesOf(Float32Array.from(values)) }]
}

/** y[rows, 2] = x[rows, 3] · w[3, 2] + b[2] */
export const linear = tinyModel({
  nodes: [
    { op: 'MatMul', inputs: ['x', 'w'], outputs: ['xw'] },
    { op: 'Add', inputs: ['xw', 'b'], outputs: ['y'] }
  ],
  inputs: [float('x', 'rows', 3), float('w', 3, 2), float('b', 2)],
  outputs: [float('y', 'rows', 2)]
})

const adamNodes: readonly TinyNode[] = [
  { op: 'Mul', inputs: ['m', 'beta1'], outputs: ['m_old'] },
  { op: 'Mul', inputs: ['g', 'rest1'], outputs: ['m_new'] },
  { op: 'Add', inputs: ['m_old', 'm_new'], outputs: ['m_next'] },
  { op: 'Mul', inputs: ['g', 'g'], outputs: ['square'] },
  { op: 'Mul', inputs: ['v', 'beta2'], outputs: ['v_old'] },
  { op: 'Mul', inputs: ['square', 'rest2'], outputs: ['v_new'] },
  { op: 'Add', inputs: ['v_old', 'v_new'], outputs: ['v_next'] },
  { op: 'Sqrt', inputs: ['v_next'], outputs: ['root'] },
  { op: 'Add', inputs: ['root', 'epsilon'], outputs: ['scale'] },
  { op: 'Div', inputs: ['m_next', 'scale'], outputs: ['direction'] },
  { op: 'Mul', inputs: ['direction', 'lr'], outputs: ['change'] },
  { op: 'Sub', inputs: ['w', 'change'], outputs: ['w_next'] }
]

/** One AdamW step over a chunk of any length: the shape of an optimizer graph, every tensor read before it is written. */
export const adam = tinyModel({
  nodes: adamNodes,
  inputs: [...['w', 'g', 'm', 'v'].map((name) => float(name, 'n')), float('lr')],
  outputs: ['w_next', 'm_next', 'v_next'].map((name) => float(name, 'n')),
  initializers: Object.entries({ beta1: 0.9, rest1: 0.1, beta2: 0.999, rest2: 0.001, epsilon: 1e-8 }).flatMap(
    ([name, value]) => constant(name, [], [value]) ?? []
  )
})

/** `depth` products of one n × n matrix with itself, each scaled down to stay finite: long enough to be stopped, and stoppable between products. */
export function longChain(depth: number): Uint8Array {
  const nodes = Array.from({ length: depth }, (_, i): TinyNode[] => [
    { op: 'MatMul', inputs: [i === 0 ? 'x' : `s${i - 1}`, 'x'], outputs: [`p${i}`] },
    { op: 'Mul', inputs: [`p${i}`, 'scale'], outputs: [`s${i}`] }
  ]).flat()
  const sum: TinyNode = { op: 'ReduceSum', inputs: [`s${depth - 1}`], outputs: ['y'], attributes: { keepdims: 0 } }
  return tinyModel({ nodes: [...nodes, sum], inputs: [float('x', 'n', 'n'), float('scale')], outputs: [float('y')] })
}
