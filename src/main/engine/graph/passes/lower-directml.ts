import { allOps } from '../ops/index.ts'
import type { OpDefinition } from '../define-op.ts'
import { axisOf } from '../shapes.ts'
import type { Graph, Value } from '../types.ts'
import { eliminateDead } from './eliminate-dead.ts'
import { rebuildGraph, type Lowering } from './rebuild.ts'

/** Rows of a table beyond which a batch's one-hot rows would take gigabytes of the card: those are added up on the processor. */
const longestTable = 1 << 16

/** The index of each row, of one column, before it was spread over the row's width; null where that is not how they came about. */
function unspread(indices: Value): Value | null {
  if (indices.source.kind !== 'node' || indices.source.node.op.type !== 'Expand') return null
  const [column] = indices.source.node.inputs
  return column?.shape.length === 2 && column.shape[1] === 1 ? column : null
}

/** What is added to `data`, by a product with one-hot rows; null where the indices are neither whole rows nor one of each row. */
function addedTo(g: Parameters<Lowering>[0], data: Value, indices: Value, updates: Value, axis: number): Value | null {
  const depth = data.shape[axis]
  if (typeof depth !== 'number' || depth > longestTable) return null
  const last = data.shape.length - 1
  if (axis === last && indices.shape[last] === 1) return g.mul(g.oneHot(g.squeeze(indices, [last]), depth, data.dtype), updates)
  const column = axis === 0 && last === 1 ? unspread(indices) : null
  return column && g.gemm(g.oneHot(g.squeeze(column, [1]), depth, data.dtype), updates, { transA: true })
}

/** data + oneHot(indices)ᵀ · updates, or data + oneHot(indices) · updates where each row names one column. */
const scatterElements: Lowering = (g, { op, attributes }, inputs) => {
  const [data, indices, updates] = inputs
  const { axis = 0, reduction } = attributes
  if (reduction === 'add' && typeof axis === 'number' && data && indices && updates) {
    const added = addedTo(g, data, indices, updates, axisOf('ScatterElements', axis, data.shape.length))
    if (added) return [g.add(data, added)]
  }
  return g.apply(op, inputs, attributes)
}

/**
 * The same graph for DirectML, which has a kernel for all our operators but ScatterElements since opset 18 (onnxruntime's OperatorKernels.md). What this
 * leaves of it (long tables, and the rows that a head reads of a batch of any length) is computed on the processor by the library.
 */
export function lowerDirectml(graph: Graph): Graph {
  const ScatterElements = allOps.ScatterElements as unknown as OpDefinition // Its inputs come by position.
  return eliminateDead(rebuildGraph(graph, (op) => (op === ScatterElements ? scatterElements : undefined)))
}
