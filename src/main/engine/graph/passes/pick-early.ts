import type { Ops } from '../operations.ts'
import type { Dim, Node, Value } from '../types.ts'
import { attentionChain, type AttentionChain } from './pick-attention.ts'

/** Ops that treat each row alike, and their inputs that may carry rows (all others are the same for every row). */
const rowwise: Readonly<Record<string, 'all' | readonly number[]>> = {
  ...Object.fromEntries(['Add', 'Sub', 'Mul', 'Div', 'Max', 'Min', 'Pow', 'Where'].map((type) => [type, 'all'] as const)),
  ...Object.fromEntries(
    ['Gelu', 'FastGelu', 'QuickGelu', 'Relu', 'Tanh', 'Sigmoid', 'Erf', 'Exp', 'Neg', 'Sqrt', 'Abs', 'Cast', 'Identity'].map(
      (type) => [type, [0]] as const
    )
  ),
  DequantizeLinear: [0],
  LayerNormalization: [0],
  Gemm: [0, 2],
  MatMul: [0]
}

/**
 * Moves `Gather` of rows up through everything that treats rows alike: the last layer's feed-forward block then works on the tokens that the head
 * reads (one a text, or the masked ones), forward and backward, instead of on all. Where that is the first of each row, the last layer's queries go the
 * same way: attention is then worked out for one token a row. The arithmetic of the rows that are read stays the same, and
 * dropout masks are still drawn for all rows, so that the draws do not depend on this pass.
 *
 * Works on the nodes of `g` before differentiation; what is no longer needed is left for `eliminateDead`. Returns what `result` has become.
 */
export function pickEarly(g: Ops, result: Value): Value {
  const nodes = [...g.nodes]
  const replaced = new Map<Value, Value>()
  for (const node of nodes) {
    if (isPick(node)) {
      const [data, indices] = node.inputs
      if (!data || !indices) continue
      const pulled = pullable(nodes, node, data)
      if (pulled.nodes.size > 0) record(g, replaced, node, [narrow(g, data, indices, pulled)])
    } else if (node.inputs.some((input) => input !== null && replaced.has(input))) {
      const inputs = node.inputs.map((input) => input && (replaced.get(input) ?? input))
      record(
        g,
        replaced,
        node,
        g.within(node.scope, () => g.apply(node.op, inputs, node.attributes))
      )
    }
  }
  return replaced.get(result) ?? result
}

function record(g: Ops, replaced: Map<Value, Value>, node: Node, outputs: readonly Value[]): void {
  node.outputs.forEach((old, i) => {
    const made = outputs[i]
    if (made) replaced.set(old, made)
    if (made && g.detached.has(old)) g.detached.add(made)
  })
}

/** Whether a node picks rows of a computed matrix whose number of rows only the batch knows. */
function isPick({ op, attributes, inputs: [data, indices] }: Node): boolean {
  return (
    op.type === 'Gather' &&
    attributes['axis'] === 0 &&
    data?.source.kind === 'node' &&
    data.shape.length === 2 &&
    typeof data.shape[0] === 'string' &&
    indices?.shape.length === 1
  )
}

const isRowwise = ({ op, attributes, outputs: [y] }: Node, rows: Dim): boolean =>
  rowwise[op.type] !== undefined &&
  y?.shape.length === 2 &&
  y.shape[0] === rows &&
  attributes['transA'] !== 1 &&
  (op.type !== 'LayerNormalization' || attributes['axis'] === -1)

/** Nodes that work on picked rows alone, and the attention among them by its last node. */
interface Pulled {
  readonly nodes: ReadonlySet<Node>
  readonly attention: ReadonlyMap<Node, AttentionChain>
}

/** An index for each row of the batch, not for each text in a row: that of its first token. */
const picksFirstTokens = ({ inputs: [, indices] }: Node): boolean =>
  indices?.source.kind === 'input' && indices.shape[0] === 'rows'

/** The nodes above a pick that may work on its rows alone, because nothing else reads their values. */
function pullable(nodes: readonly Node[], pick: Node, data: Value): Pulled {
  const rows = data.shape[0] ?? 0
  const readers = new Map<Value, Node[]>()
  for (const node of nodes) for (const input of node.inputs) if (input) readers.set(input, [...(readers.get(input) ?? []), node])
  const pulled = new Set<Node>()
  const attention = new Map<Node, AttentionChain>()
  const usesOf = (node: Node): Node[] => node.outputs.flatMap((output) => readers.get(output) ?? [])
  const isPrivate = ({ nodes: chain }: AttentionChain, end: Node): boolean =>
    [...chain].every((node) => node === end || usesOf(node).every((use) => chain.has(use)))
  for (const node of nodes.slice(0, nodes.indexOf(pick)).reverse()) {
    const uses = usesOf(node)
    if (uses.length === 0 || !uses.every((use) => use === pick || pulled.has(use))) continue
    if (isRowwise(node, rows)) pulled.add(node)
    const chain = picksFirstTokens(pick) ? attentionChain(node) : null
    if (!chain || !isPrivate(chain, node)) continue
    for (const inner of chain.nodes) pulled.add(inner)
    attention.set(node, chain)
  }
  return { nodes: pulled, attention }
}

/** The picked rows of `value`, computed from picked rows as far up as `pulled` reaches. */
function narrow(g: Ops, value: Value, indices: Value, { nodes: pulled, attention }: Pulled): Value {
  const known = new Map<Value, Value>()
  const visit = (wide: Value): Value => {
    const made =
      known.get(wide) ?? (wide.source.kind === 'node' && pulled.has(wide.source.node) ? rebuild(wide.source.node) : pick(wide))
    known.set(wide, made)
    return made
  }
  const pick = (wide: Value): Value => g.within(scopeOf(wide), () => g.gather(wide, indices))
  const rebuild = (node: Node): Value => {
    const chain = attention.get(node)
    if (chain) return chain.ofFirstTokens(g, visit(chain.queries))
    const carriers = rowwise[node.op.type]
    const inputs = node.inputs.map((input, position) => {
      const mayCarry = carriers === 'all' || carriers?.includes(position) === true
      return input && mayCarry && input.shape.length === 2 && input.shape[0] === value.shape[0] ? visit(input) : input
    })
    const outputs = g.within(node.scope, () => g.apply(node.op, inputs, node.attributes))
    record(g, known, node, outputs)
    const [first] = outputs
    if (!first) throw new Error(`${node.op.type} has no output`)
    return first
  }
  return visit(value)
}

const scopeOf = (value: Value): string => (value.source.kind === 'node' ? value.source.node.scope : value.name)
