import { GraphError } from '../../base/errors.ts'
import { nameInputs } from './define-op.ts'
import { sameShape } from './shapes.ts'
import { describe, type Graph, type Node, type Value } from './types.ts'

/**
 * Checks that a graph is whole: every value is made before it is used, names are unique, and every node's outputs are what its op infers.
 * Throws a GraphError that names op, scope path and shapes.
 */
export function verifyGraph(graph: Graph): void {
  const made = new Set<Value>()
  const names = new Map<string, Value>()
  const claim = (value: Value): void => {
    const known = names.get(value.name)
    if (known && known !== value) throw new GraphError(`two values are named "${value.name}"`)
    names.set(value.name, value)
  }
  for (const node of graph.nodes) {
    for (const input of node.inputs) {
      if (!input) continue
      claim(input)
      if (input.source.kind === 'node' && !made.has(input)) {
        throw new GraphError(`${node.op.type} in ${node.scope}: ${input.name} is used before it is made`)
      }
    }
    verifyTypes(node)
    for (const output of node.outputs) {
      claim(output)
      made.add(output)
    }
  }
  for (const [name, value] of graph.outputs) {
    if (value.source.kind === 'node' && !made.has(value)) throw new GraphError(`output "${name}" is never made`)
    const namesake = names.get(name)
    const isItself = namesake === value && value.source.kind === 'node'
    if (namesake && !isItself) throw new GraphError(`output "${name}" has the name of another value`)
    if (value.source.kind !== 'node' && value.name === name)
      throw new GraphError(`output "${name}" has the name of the value it hands on`)
  }
}

function verifyTypes(node: Node): void {
  // nameInputs checks presence and element types; infer was declared for exactly these.
  const expected = node.op.infer(nameInputs(node.op, node.inputs) as never, node.attributes)
  expected.forEach((type, i) => {
    const output = node.outputs[i]
    if (!output || output.dtype !== type.dtype || !sameShape(output.shape, type.shape)) {
      const found = output ? describe(output) : 'nothing'
      throw new GraphError(`${node.op.type} in ${node.scope}: output ${i} should be ${describe(type)}, the graph says ${found}`)
    }
  })
}

/** Ops whose kernel reads an element only before writing the same element, so that input and output may share memory. */
const elementwise = new Set(['Add', 'Sub', 'Mul', 'Div', 'Sqrt', 'Neg', 'Identity', 'Where', 'Max', 'Min', 'Cast'])

/** Ops whose output the runtime may lay over their input's memory. */
const aliasing = new Set(['Identity', 'Reshape', 'Squeeze', 'Unsqueeze'])

/**
 * Checks that updating `slot` in place is safe: the runtime does not know that input and output share memory, so the node that writes the new
 * value must be elementwise, or scatter into the slot, and of the slot's own type, and everything that reads the old value (or a reshaped view of it) must
 * come before it (be among its ancestors).
 */
export function verifyInPlace(graph: Graph, slot: string, outputName: string): void {
  const output = graph.outputs.get(outputName)
  if (!output || output.source.kind !== 'node') throw new GraphError(`output "${outputName}" does not exist`)
  const writer = output.source.node
  const [first] = writer.inputs
  const addsInto = writer.op.type === 'ScatterElements' && first?.source.kind === 'state' && first.source.slot === slot
  if (!elementwise.has(writer.op.type) && !addsInto)
    throw new GraphError(`${writer.op.type} may not update "${slot}" in place: it is not elementwise`)
  const before = ancestorsOf(writer)
  const views = viewsOf(graph, slot)
  for (const node of graph.nodes) {
    const reads = node.inputs.some((input) => input !== null && views.has(input))
    if (reads && !before.has(node))
      throw new GraphError(`${node.op.type} in ${node.scope} may read "${slot}" after it is overwritten`)
  }
  for (const view of views) {
    const fits = view.dtype === output.dtype && sameShape(view.shape, output.shape)
    if (view.source.kind === 'state' && !fits)
      throw new GraphError(`"${slot}" is ${describe(view)}, its new value ${describe(output)}: it cannot be updated in place`)
  }
}

/** The slot's value and everything that may share its memory. */
function viewsOf(graph: Graph, slot: string): Set<Value> {
  const views = new Set<Value>()
  for (const node of graph.nodes) {
    for (const input of node.inputs) if (input?.source.kind === 'state' && input.source.slot === slot) views.add(input)
    const [first] = node.inputs
    const [output] = node.outputs
    if (first && output && views.has(first) && aliasing.has(node.op.type)) views.add(output)
  }
  return views
}

function ancestorsOf(node: Node): Set<Node> {
  const seen = new Set<Node>([node])
  const stack = [node]
  for (let next = stack.pop(); next; next = stack.pop()) {
    for (const input of next.inputs) {
      if (input?.source.kind !== 'node' || seen.has(input.source.node)) continue
      seen.add(input.source.node)
      stack.push(input.source.node)
    }
  }
  return seen
}
