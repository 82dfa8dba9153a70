import { defined } from '../../base/assert.ts'
import { leavesOf } from '../../engine/graph/leaves.ts'
import type { Graph } from '../../engine/graph/types.ts'
import { elementBytes, elementCount, type TensorSource } from '../../engine/weights/elements.ts'

/** A model for others to run: a graph, and the bytes of its weights by their names in it. */
export interface InferenceModel {
  readonly graph: Graph
  /** Names of the graph's inputs, in the order in which the file lists them; those that are not named here follow. */
  readonly inputs: readonly string[]
  readonly tensors: ReadonlyMap<string, TensorSource>
}

/** Bytes of all weights. */
export const weightBytes = ({ tensors }: InferenceModel): number =>
  [...tensors.values()].reduce((sum, { dtype, shape }) => sum + elementBytes[dtype] * elementCount(shape), 0)

/** Those of the tensors that a graph uses. */
export function tensorsOf(graph: Graph, tensors: ReadonlyMap<string, TensorSource>): ReadonlyMap<string, TensorSource> {
  const names = leavesOf(graph).flatMap(({ source }) => (source.kind === 'weight' ? [source.tensor] : []))
  return new Map(names.map((name) => [name, defined(tensors.get(name), `the tensor ${name}`)]))
}
