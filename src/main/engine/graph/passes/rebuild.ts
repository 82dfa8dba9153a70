import { GraphError } from '../../../base/errors.ts'
import type { OpDefinition } from '../define-op.ts'
import { Ops } from '../operations.ts'
import type { Graph, Node, Value } from '../types.ts'
import { verifyGraph } from '../verify.ts'

/**
 * Makes other nodes in a node's place. `inputs` are the node's, in the new graph; the results stand for its outputs, in order. `now` finds what stands for
 * another value of the old graph: a leaf, or what was made before.
 */
export type Lowering = (g: Ops, node: Node, inputs: readonly (Value | null)[], now: (value: Value) => Value) => readonly Value[]

/** Makes something else in a leaf's place; undefined where it stays. */
export type LeafLowering = (g: Ops, leaf: Value) => Value | undefined

/**
 * Builds a graph anew, node by node in the same order and scopes, with `loweringOf(op)` in place of the ops that have one and `instead(leaf)` in
 * place of the leaves that have one, and `finished(value)` where an output is declared. Other leaves keep their names, outputs theirs. Throws a GraphError when a replacement is of another type or shape.
 */
export function rebuildGraph(
  graph: Graph,
  loweringOf: (op: OpDefinition) => Lowering | undefined,
  instead: LeafLowering = () => undefined,
  finished: (g: Ops, value: Value) => Value = (_, value) => value
): Graph {
  const g = new Ops({ training: false })
  const rebuilt = new Map<Value, Value>()
  const valueOf = (value: Value): Value => {
    const known = rebuilt.get(value) ?? instead(g, value) ?? leaf(g, value)
    rebuilt.set(value, known)
    return known
  }
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((input) => (input ? valueOf(input) : null))
    const lowering = loweringOf(node.op)
    const outputs = g.within(node.scope, () =>
      lowering ? lowering(g, node, inputs, valueOf) : g.apply(node.op, inputs, node.attributes)
    )
    node.outputs.forEach((output, i) => {
      const made = outputs[i]
      if (!made) throw new GraphError(`${node.op.type} in ${node.scope}: nothing stands for output ${i}`)
      rebuilt.set(output, made)
    })
  }
  for (const [name, value] of graph.outputs) g.output(name, finished(g, valueOf(value)))
  const result = g.build()
  verifySameOutputs(graph, result)
  verifyGraph(result)
  return result
}

function leaf(g: Ops, value: Value): Value {
  const { name, dtype, shape, source } = value
  switch (source.kind) {
    case 'input':
      return g.input(name, dtype, shape)
    case 'weight':
      return g.weight(source.tensor, dtype, shape)
    case 'state':
      return g.state(source.slot, dtype, shape)
    case 'shape':
      return g.shapeVector(source.dims)
    case 'constant':
      return g.constant(source.data, shape, dtype)
    case 'node':
      throw new GraphError(`${name} is used before it is made`)
  }
}

function verifySameOutputs(before: Graph, after: Graph): void {
  for (const [name, { dtype, shape }] of before.outputs) {
    const now = after.outputs.get(name)
    if (now?.dtype !== dtype || now.shape.join() !== shape.join())
      throw new GraphError(`output "${name}" changed its type: ${dtype}[${shape.join(',')}]`)
  }
}
