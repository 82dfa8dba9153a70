import { peakBytes } from '../graph/passes/runtime-order.ts'
import { bindShape } from '../graph/shapes.ts'
import type { Graph } from '../graph/types.ts'

const elementBytes = { float32: 4, float16: 2, bfloat16: 2, int64: 8, int32: 4, uint8: 1, bool: 1 } as const

/** Peak bytes of a graph's intermediate values for one batch, along the order in which the runtime makes them. */
export function peakActivationBytes(graph: Graph, sizes: Readonly<Record<string, number>>): number {
  return peakBytes(graph, ({ dtype, shape }) =>
    bindShape(shape, sizes).reduce((product, size) => product * size, elementBytes[dtype])
  )
}
