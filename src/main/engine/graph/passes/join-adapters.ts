import { sizeAt } from '../shapes.ts'
import type { Dim, Graph, Node, Value } from '../types.ts'
import { alphaOf } from './block-products.ts'
import { eliminateDead } from './eliminate-dead.ts'
import { Ways } from './factors.ts'
import { rebuildGraph, type Lowering } from './rebuild.ts'

/**
 * The same graph with the thin products of the low-rank adapters that read the same hidden states made as one each: what A gives (x·Aᵀ), A's gradient (pᵀ·x),
 * and what adapters add to the gradient of the hidden states (Σ p·A), to which the product itself adds the rest. Sixteen columns take a processor hardly longer
 * than eight, and each sum less is a pass less. The last bits of such sums differ.
 */
export const joinAdapters = (graph: Graph): Graph => joinSums(joinShared(graph))

/** The highest rank of an adapter whose products are joined. */
const highest = 64

/** Whether a matrix is an adapter's: of low rank, and a quarter as long as wide at most. */
const isThin = (rank: Dim | undefined, width: Dim | undefined): boolean =>
  typeof rank === 'number' && typeof width === 'number' && rank <= highest && 4 * rank <= width

type Kind = 'down' | 'up' | 'gradient'

/** Which of an adapter's products a node is. */
function kindOf({ op, inputs: [a, b, c], attributes }: Node): Kind | null {
  if (op.type !== 'Gemm' || a?.shape[0] !== 'tokens' || !b || c) return null
  const [transA, transB] = [attributes['transA'] === 1, attributes['transB'] === 1]
  if (transA) return !transB && isThin(a.shape[1], b.shape[1]) ? 'gradient' : null
  if (b.source.kind !== 'state' || !isThin(b.shape[0], b.shape[1])) return null
  return transB ? 'down' : 'up'
}

/** Nodes with the same key, in the graph's order. */
function groupedBy(nodes: readonly Node[], keyOf: (node: Node) => string | null): readonly (readonly Node[])[] {
  const groups = new Map<string, Node[]>()
  for (const node of nodes) {
    const key = keyOf(node)
    if (key !== null) groups.set(key, [...(groups.get(key) ?? []), node])
  }
  return [...groups.values()]
}

/** Joins the products that share an operand. */
function joinShared(graph: Graph): Graph {
  const groups = groupedBy(graph.nodes, (node) => {
    const kind = kindOf(node)
    const shared = node.inputs[kind === 'down' ? 0 : 1]
    return kind === null || kind === 'up' || !shared ? null : `${kind} ${alphaOf(node.attributes)} ${shared.name}`
  })
  const places = new Map(graph.nodes.map((node, index) => [node, index]))
  const placeOf = (value: Value | null | undefined): number =>
    value?.source.kind === 'node' ? (places.get(value.source.node) ?? 0) : -1
  const joined = new Map<Node, readonly Node[]>()
  for (const nodes of groups) {
    // All are made where the first stands, if what the others need is there by then: A's gradients stand at a file's end.
    const at = placeOf(nodes[0]?.outputs[0])
    const isReady = nodes.every(({ inputs }) => inputs.every((input) => placeOf(input) < at))
    if (nodes.length > 1 && isReady) for (const node of nodes) joined.set(node, nodes)
  }
  if (joined.size === 0) return graph
  const parts = new Map<Node, Value>()
  const lowering: Lowering = (g, node, inputs, now) => {
    const nodes = joined.get(node)
    if (nodes && !parts.has(node)) {
      const isDown = kindOf(node) === 'down'
      const axis = isDown ? 1 : 0
      const thin = g.concat(nodes.flatMap(({ inputs: [a, b] }) => (isDown ? b : a) ?? []).map(now), isDown ? 0 : 1)
      const [a = null, b = null] = inputs
      const [whole] = g.apply(node.op, isDown ? [a, thin] : [thin, b], node.attributes)
      let start = 0
      for (const each of nodes) {
        const end = start + sizeAt(each.outputs[0]?.shape ?? [], axis)
        if (whole) parts.set(each, g.slice(whole, axis, start, end))
        start = end
      }
    }
    const part = parts.get(node)
    return part ? [part] : g.apply(node.op, inputs, node.attributes)
  }
  return rebuildGraph(graph, () => lowering)
}

/** Products that are added to one sum, and the last addition to it. */
interface Summands {
  readonly nodes: readonly Node[]
  readonly last: Node
}

/** Joins the products that are summands of one sum, at its last addition. */
function joinSums(graph: Graph): Graph {
  const ways = new Ways(graph)
  const places = new Map(graph.nodes.map((node, index) => [node, index]))
  const addition = ({ outputs: [y] }: Node): Node | null => {
    const [reader, ...others] = y && !ways.isOutput(y) ? ways.readersOf(y) : []
    const isAlike = reader?.op.type === 'Add' && reader.inputs.every((input) => input?.shape.join() === y?.shape.join())
    return reader && isAlike && others.length === 0 ? reader : null
  }
  const sumOf = (node: Node): Node => {
    const next = addition(node)
    return next ? sumOf(next) : node
  }
  const adding = new Map<Node, Node>()
  for (const node of graph.nodes) {
    const add = kindOf(node) === 'up' ? addition(node) : null
    if (add && !adding.has(add)) adding.set(add, node)
  }
  const groups = groupedBy([...adding.keys()], (add) => {
    const product = adding.get(add)
    return product ? `${sumOf(add).name} ${alphaOf(product.attributes)}` : null
  })
  const summands = new Map<Node, Summands>()
  for (const adds of groups) {
    const [last] = [...adds].sort((a, b) => (places.get(b) ?? 0) - (places.get(a) ?? 0))
    if (last) for (const add of adds) summands.set(add, { nodes: adds.flatMap((each) => adding.get(each) ?? []), last })
  }
  if (summands.size === 0) return graph
  const lowering: Lowering = (g, node, inputs, now) => {
    const found = summands.get(node)
    const product = adding.get(node)
    const rest = inputs[node.inputs[0] === product?.outputs[0] ? 1 : 0]
    if (!found || !rest) return g.apply(node.op, inputs, node.attributes)
    if (found.last !== node) return [rest]
    const side = (at: 0 | 1): Value[] => found.nodes.flatMap(({ inputs: each }) => each[at] ?? []).map(now)
    return [g.gemm(g.concat(side(0), 1), g.concat(side(1), 0), { alpha: alphaOf((found.nodes[0] ?? node).attributes), c: rest })]
  }
  return eliminateDead(rebuildGraph(graph, () => lowering))
}
