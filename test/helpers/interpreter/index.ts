import type { allOps } from '../../../src/main/engine/graph/ops/index.ts'
import { bindShape } from '../../../src/main/engine/graph/shapes.ts'
import type { Graph, Node, Value } from '../../../src/main/engine/graph/types.ts'
import { elementwiseKernels } from './elementwise.ts'
import { indexingKernels } from './indexing.ts'
import { movementKernels } from './movement.ts'
import { productKernels } from './products.ts'
import { reductionKernels } from './reductions.ts'
import type { Kernel, Tensor } from './tensor.ts'

export type { Tensor } from './tensor.ts'

/** A kernel for every op; a missing one does not compile. */
export const kernels: Readonly<Record<keyof typeof allOps, Kernel>> = {
  ...elementwiseKernels,
  ...indexingKernels,
  ...movementKernels,
  ...productKernels,
  ...reductionKernels
}

/** Range, which only passes make: the whole numbers from 0 below a limit. */
const range: Kernel = ([, limit]) => {
  const count = limit?.data[0] ?? NaN
  return [{ shape: [count], data: Float64Array.from({ length: count }, (_, i) => i) }]
}

/** If, of which passes make one: a softmax of a sum, or of its first summand where that is told to be the same. */
const either: Kernel = ([isBiased, scores, bias], attributes) => {
  const sum = isBiased?.data[0] ? kernels.Add([scores ?? null, bias ?? null], {})[0] : scores
  return kernels.Softmax([sum ?? null], attributes)
}

const kernelOf = new Map<string, Kernel>([...Object.entries(kernels), ['Range', range], ['If', either]])

export interface Feeds {
  /** Inputs, states and weights by name, in row-major order. */
  readonly values: Readonly<Record<string, ArrayLike<number>>>
  /** The numbers behind named dims. */
  readonly sizes?: Readonly<Record<string, number>>
}

/**
 * Evaluates a graph in double precision, node by node, with plain loops. Every result's shape is compared with what the op's `infer` promised.
 * Returns the outputs by name. Throws on a missing feed and on any disagreement about shapes.
 */
export function evaluate(graph: Graph, { values, sizes = {} }: Feeds): Readonly<Record<string, Tensor>> {
  const known = new Map<Value, Tensor>()
  const valueOf = (value: Value): Tensor => {
    const tensor = known.get(value) ?? leaf(value, values, sizes)
    known.set(value, tensor)
    return tensor
  }
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((input) => (input ? valueOf(input) : null))
    run(node, inputs).forEach((tensor, i) => {
      const output = node.outputs[i]
      if (!output) return
      const promised = bindShape(output.shape, sizes)
      if (promised.join() !== tensor.shape.join())
        throw new Error(`${node.name}: infer says [${promised.join()}], the kernel made [${tensor.shape.join()}]`)
      known.set(output, tensor)
    })
  }
  return Object.fromEntries([...graph.outputs].map(([name, value]) => [name, valueOf(value)]))
}

function run(node: Node, inputs: readonly (Tensor | null)[]): readonly Tensor[] {
  const kernel = kernelOf.get(node.op.type)
  if (!kernel) throw new Error(`${node.op.type} has no kernel`)
  return kernel(inputs, node.attributes)
}

function leaf({ name, shape, source }: Value, values: Feeds['values'], sizes: Readonly<Record<string, number>>): Tensor {
  if (source.kind === 'node') throw new Error(`${name} is used before it is made`)
  const bound = bindShape(shape, sizes)
  const data = source.kind === 'constant' ? source.data : source.kind === 'shape' ? bindShape(source.dims, sizes) : values[name]
  if (!data) throw new Error(`nothing was fed for ${name}`)
  const size = bound.reduce((product, length) => product * length, 1)
  if (data.length !== size) throw new Error(`${name} has ${data.length} numbers, its shape is [${bound.join()}]`)
  return { shape: bound, data: Float64Array.from(data) }
}
