import { bindShape } from '../graph/shapes.ts'
import type { Graph, Node, Value } from '../graph/types.ts'

const elementBytes = { float32: 4, float16: 2, bfloat16: 2, int64: 8, int32: 4, uint8: 1, bool: 1 } as const

function bytesOf(value: Value, sizes: Readonly<Record<string, number>>): number {
  return bindShape(value.shape, sizes).reduce((product, size) => product * size, elementBytes[value.dtype])
}

/** Ops whose output is their input's memory. */
const views = new Set(['Reshape', 'Squeeze', 'Unsqueeze', 'Identity'])

/**
 * Peak bytes of a graph's intermediate values for one batch: each lives from the node that makes it to the last that reads it, along the
 * order in which ONNX Runtime runs nodes (`executionOrder`). Outputs written to state and constants are not counted.
 */
export function peakActivationBytes(graph: Graph, sizes: Readonly<Record<string, number>>): number {
  const order = executionOrder(graph)
  const rootOf = new Map<Value, Value>()
  const root = (value: Value): Value => rootOf.get(value) ?? value
  const lastUse = new Map<Value, number>()
  order.forEach((node, i) => {
    const [first] = node.inputs
    const [output] = node.outputs
    if (views.has(node.op.type) && first && output) rootOf.set(output, root(first))
    for (const input of node.inputs) if (input) lastUse.set(root(input), i)
  })
  const kept = new Set([...graph.outputs.values()].map(root))
  const dying = new Map<number, Value[]>()
  for (const [value, i] of lastUse) {
    if (value.source.kind === 'node' && !kept.has(value)) dying.set(i, [...(dying.get(i) ?? []), value])
  }
  let now = 0
  let peak = 0
  order.forEach((node, i) => {
    for (const output of node.outputs)
      if (root(output) === output && (lastUse.has(output) || output === node.outputs[0]) && !kept.has(output))
        now += bytesOf(output, sizes)
    peak = Math.max(peak, now)
    for (const value of dying.get(i) ?? []) now -= bytesOf(value, sizes)
  })
  return peak
}

/**
 * The order in which ONNX Runtime runs a graph's nodes with its default settings: reverse depth-first from the outputs (ort-facts §6), which a
 * post-order walk over inputs, outputs taken in turn, reproduces.
 */
export function executionOrder(graph: Graph): readonly Node[] {
  const order: Node[] = []
  const seen = new Set<Node>()
  const enter = (start: Node): void => {
    const stack: { node: Node; next: number }[] = [{ node: start, next: 0 }]
    seen.add(start)
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const input = top.node.inputs[top.next++]
      if (input?.source.kind === 'node' && !seen.has(input.source.node)) {
        seen.add(input.source.node)
        stack.push({ node: input.source.node, next: 0 })
      } else if (top.next >= top.node.inputs.length) {
        order.push(top.node)
        stack.pop()
      }
    }
  }
  for (const value of graph.outputs.values())
    if (value.source.kind === 'node' && !seen.has(value.source.node)) enter(value.source.node)
  return order
}
