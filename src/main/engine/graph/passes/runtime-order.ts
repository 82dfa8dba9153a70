import { isGradientScope } from '../scopes.ts'
import type { Graph, Node, Value } from '../types.ts'

/** The nodes that make a node's inputs, each once. */
function sourcesOf(node: Node): Node[] {
  const sources = new Set<Node>()
  for (const input of node.inputs) if (input?.source.kind === 'node') sources.add(input.source.node)
  return [...sources]
}

/**
 * The order in which ONNX Runtime executes a graph's nodes: depth first from the leaves, the last leaf first, and at each node from the input
 * that stands latest in the file (`GraphViewer`'s default order; checked against a profile in the tests).
 */
export function runtimeOrder({ nodes }: Graph): readonly Node[] {
  const indices = new Map(nodes.map((node, index) => [node, index]))
  const used = new Set(nodes.flatMap(sourcesOf))
  const stack = nodes.filter((node) => !used.has(node)).map((node) => ({ node, isDone: false }))
  const seen = new Set<Node>()
  const order: Node[] = []
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { node, isDone } = next
    if (isDone) order.push(node)
    if (isDone || seen.has(node)) continue
    seen.add(node)
    stack.push({ node, isDone: true })
    const sources = sourcesOf(node).sort((a, b) => (indices.get(a) ?? 0) - (indices.get(b) ?? 0))
    for (const source of sources) if (!seen.has(source)) stack.push({ node: source, isDone: false })
  }
  return order
}

/**
 * Orders the file so that the runtime (see `runtimeOrder`) computes what the backward pass needs when it needs it:
 *
 * - What needs only the batch's inputs (masks as floats) comes first, then what does not depend on `seed`, the gradient's beginning: forward
 *   values, and those that the backward pass computes again from them. The runtime makes first what stands later, so at each node it follows
 *   the gradient (or the hidden states) before it makes the recomputed value (or the mask).
 * - Values made again that only wait for a gradient (recomputation.ts) come right after it, before the gradients that need them, for the same reason.
 * - Nodes that feed no other come last, the one whose inputs are ready first at the very end, because the runtime starts with the last: each
 *   weight's gradient is computed as soon as it can be, instead of after the whole backward pass with everything it needs kept until then.
 */
export function orderForBackward(graph: Graph, seed: Value): Graph {
  const used = new Set(graph.nodes.flatMap(sourcesOf))
  const dependent = new Set<Node>()
  for (const node of graph.nodes) {
    if (node.inputs.includes(seed) || sourcesOf(node).some((source) => dependent.has(source))) dependent.add(node)
  }
  const inner = graph.nodes.filter((node) => used.has(node))
  const leaves = graph.nodes.filter((node) => !used.has(node))
  const isFed = (node: Node): boolean => node.inputs.every((input) => input?.source.kind !== 'node')
  const rank = (node: Node): number => (dependent.has(node) ? 2 : isFed(node) ? 0 : 1)
  const places = placesOfWaiting(graph.nodes, dependent)
  const ranked = [0, 1].flatMap((wanted) => inner.filter((node) => rank(node) === wanted))
  const placed = graph.nodes.map((node, index) => ({ node, at: places.get(node) ?? index })).sort((a, b) => a.at - b.at)
  const gradients = placed.flatMap(({ node }) => (dependent.has(node) && used.has(node) ? [node] : []))
  return { nodes: [...ranked, ...gradients, ...leaves.reverse()], outputs: graph.outputs }
}

/**
 * Of values made again, which depend on a gradient's shape alone and not on its numbers: where that shape stands. What a rule makes of them for its own
 * gradient (GELU's slope) is left where it is, and so made before the gradient that it is multiplied by: it takes more memory on the way.
 */
function placesOfWaiting(nodes: readonly Node[], dependent: ReadonlySet<Node>): ReadonlyMap<Node, number> {
  const places = new Map<Node, number>()
  nodes.forEach((node, index) => {
    if (!dependent.has(node) || isGradientScope(node.scope)) return
    const gradients = sourcesOf(node).filter((source) => dependent.has(source))
    if (node.op.type === 'Shape') places.set(node, index)
    else if (gradients.length > 0 && gradients.every((source) => places.has(source)))
      places.set(node, Math.max(...gradients.map((source) => places.get(source) ?? 0)))
  })
  return places
}

/** Ops whose output is their input's memory seen differently. */
const views = new Set(['Reshape', 'Squeeze', 'Unsqueeze', 'Identity'])

/** The value in whose memory `value` lies. */
function ownerOf(value: Value): Value {
  const { source } = value
  if (source.kind !== 'node' || !views.has(source.node.op.type)) return value
  const [input] = source.node.inputs
  return input ? ownerOf(input) : value
}

/** What one node of the execution order makes, and what nobody reads after it. */
export interface Lifetimes {
  readonly made: readonly Value[]
  readonly done: readonly Value[]
}

/**
 * When the runtime makes each intermediate value and when it lets it go, node by node in the order of execution. Views are not listed, nor what lies
 * elsewhere: the graph's inputs, weights and outputs.
 */
export function lifetimesOf(graph: Graph): readonly Lifetimes[] {
  const order = runtimeOrder(graph)
  const lastUse = new Map<Value, number>()
  order.forEach((node, at) => {
    for (const value of [...node.outputs, ...node.inputs]) if (value) lastUse.set(ownerOf(value), at)
  })
  const elsewhere = new Set([...graph.outputs.values()].map(ownerOf))
  const lifetimes = order.map((): { made: Value[]; done: Value[] } => ({ made: [], done: [] }))
  order.forEach((node, at) => {
    for (const output of node.outputs) {
      if (ownerOf(output) !== output || elsewhere.has(output)) continue
      lifetimes[at]?.made.push(output)
      lifetimes[lastUse.get(output) ?? at]?.done.push(output)
    }
  })
  return lifetimes
}

/** Most bytes of intermediate values alive at once when the runtime runs a graph. `bytesOf` gives a value's size. */
export function peakBytes(lifetimes: readonly Lifetimes[], bytesOf: (value: Value) => number): number {
  let alive = 0
  let peak = 0
  for (const { made, done } of lifetimes) {
    for (const value of made) alive += bytesOf(value)
    peak = Math.max(peak, alive)
    for (const value of done) alive -= bytesOf(value)
  }
  return peak
}
