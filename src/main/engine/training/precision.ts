import { leavesOf } from '../graph/leaves.ts'
import { mixPrecision, type Half } from '../graph/passes/mix-precision.ts'
import { writeModel, type ExternalLocation } from '../graph/onnx/write-model.ts'
import { Ops } from '../graph/operations.ts'
import { bindShape } from '../graph/shapes.ts'
import type { DType, Graph } from '../graph/types.ts'
import type { HostTensor, Precision, Runtime } from '../runtime/port.ts'
import { narrowWeight } from '../weights/narrow.ts'
import type { WeightSource } from './feeding.ts'

const halves: Readonly<Record<Precision, Half | null>> = { float32: null, bf16: 'bfloat16', fp16: 'float16' }

/** A graph with its matrix products in what a run asks for. */
export function inPrecision(graph: Graph, precision: Precision): Graph {
  const half = halves[precision]
  return half === null ? graph : mixPrecision(graph, half)
}

/** Where a graph's frozen weights lie, and the contents of those that were converted, by the names of their values. */
export interface GraphWeights {
  readonly locate: (tensor: string, dtype: DType) => ExternalLocation
  readonly initializers: Readonly<Record<string, HostTensor>>
}

/** Converts the frozen weights that a graph reads in 16 bits, once; the others stay in their files. */
export async function weightsOf(graph: Graph, { folder, locate }: WeightSource): Promise<GraphWeights> {
  const initializers: Record<string, HostTensor> = {}
  for (const { name, dtype, shape, source } of leavesOf(graph)) {
    if (source.kind !== 'weight' || !(dtype === 'float16' || dtype === 'bfloat16')) continue
    const data = await narrowWeight(folder, locate(source.tensor), dtype)
    initializers[name] = { type: dtype, shape: bindShape(shape, {}), data }
  }
  return {
    // The library refuses to be given what is not declared as lying in a file, but never looks for this one.
    locate: (tensor, dtype) =>
      dtype === 'float32' ? locate(tensor) : { location: given, offset: 0, length: locate(tensor).length / 2 },
    initializers
  }
}

const given = 'given'

/**
 * A product in the runtime's precision whose answer is known.
 * @throws Error where the device cannot compute in it, or says something else
 */
export async function testPrecision(runtime: Runtime): Promise<void> {
  const half = halves[runtime.precision]
  if (half === null) return
  const g = new Ops({ training: false })
  const [a, b] = [g.input('a', 'float32', [2, 2]), g.input('b', 'float32', [2, 2])]
  g.output('y', g.cast(g.matMul(g.cast(a, half), g.cast(b, half)), 'float32'))
  const program = await runtime.load({ name: 'precision-test', model: writeModel(g.build(), noWeights) })
  try {
    const matrix = (...data: number[]): HostTensor => ({ type: 'float32', shape: [2, 2], data: Float32Array.from(data) })
    const { y } = await program.run({ inputs: { a: matrix(1, 2, 3, 4), b: matrix(0.5, -2, 4, 0.25) }, fetch: ['y'] })
    const got = Array.from(y?.data ?? [], Number).join(' ')
    const expected = '8.5 -1.5 17.5 -5'
    if (got !== expected) throw new Error(`The device computed ${got} instead of ${expected} in ${runtime.precision}.`)
  } finally {
    await program.dispose()
  }
}

const noWeights = (tensor: string): never => {
  throw new Error(`the graph has a weight ${tensor}`)
}
