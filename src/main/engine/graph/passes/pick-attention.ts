import type { Ops } from '../operations.ts'
import type { Dim, Node, Value } from '../types.ts'
import { floatOf } from './float-of.ts'
import { isHeadsFirst, made, projectionOf } from './fold-projection.ts'

/** The nodes between a layer's queries and what its attention gives, both [tokens, width], as `blocks/attention.ts` makes them. */
export interface AttentionChain {
  /** All of them, the reshape at the end included. */
  readonly nodes: ReadonlySet<Node>
  readonly queries: Value
  /** What attention gives the first token of each row, [rows, width], from that token's queries, [rows, width]. */
  readonly ofFirstTokens: (g: Ops, queries: Value) => Value
}

/** The parts of a chain whose inputs have been checked to be there. */
interface Parts {
  readonly scores: Node
  readonly keys: Value
  readonly bias: Value
  readonly biased: Node
  readonly softmax: Node
  readonly dropped: Dropped | null
  readonly product: Node
  readonly values: Value
}

interface Dropped {
  readonly node: Node
  readonly dequantized: Node
  readonly mask: Value
  readonly scale: Value
}

/** The chain that ends in `end`, or null where it does not end one, or each token sees other tokens than the rest of its row. */
export function attentionChain(end: Node): AttentionChain | null {
  const turned = end.op.type === 'Reshape' ? made(end.inputs[0], 'Transpose') : null
  const product = turned && isHeadsFirst(turned) ? made(turned.inputs[0], 'MatMul') : null
  const parts = product && partsOf(product)
  const heads = parts && made(parts.scores.inputs[0], 'Transpose')
  const split = heads && isHeadsFirst(heads) ? made(heads.inputs[0], 'Reshape') : null
  const queries = split?.inputs[0]
  const [rows, width] = queries?.shape ?? []
  if (!turned || !parts || !heads || !split || !queries || rows !== end.outputs[0]?.shape[0] || width === undefined) return null
  const { scores, biased, softmax, dropped } = parts
  const inner = [split, heads, scores, biased, softmax, parts.product, turned, end]
  return {
    nodes: new Set([...inner, ...(dropped ? [dropped.node, dropped.dequantized] : [])]),
    queries,
    ofFirstTokens: (g, picked) => g.within(end.scope, () => rebuild(g, parts, picked, heads.outputs[0]?.shape ?? [], width))
  }
}

function partsOf(product: Node): Parts | null {
  const [left, values] = product.inputs
  const dropped = droppedOf(left)
  const softmax = made(dropped ? dropped.from : left, 'Softmax')
  const biased = softmax && made(softmax.inputs[0], 'Add')
  const [sum, bias] = biased?.inputs ?? []
  const scores = made(sum, 'FusedMatMul')
  const keys = scores?.inputs[1]
  if (!softmax || !biased || !scores || !values || !keys || bias?.shape[2] !== 1 || scores.attributes['transA'] === 1) return null
  return { scores, keys, bias, biased, softmax, dropped, product, values }
}

/** A product with a dropout mask, and what the mask was laid over. */
function droppedOf(value: Value | null | undefined): (Dropped & { readonly from: Value }) | null {
  const node = made(value, 'Mul')
  const [from, factor] = node?.inputs ?? []
  const dequantized = made(factor, 'DequantizeLinear')
  const [mask, scale] = dequantized?.inputs ?? []
  return node && from && dequantized && mask && scale ? { node, from, dequantized, mask, scale } : null
}

/** [rows, heads, 1, time] instead of [rows, heads, time, time] between the products; keys and values, read once a row and head, are not worked out where that can be. */
function rebuild(
  g: Ops,
  parts: Parts,
  queries: Value,
  [rows = 0, heads = 0, , headWidth = 0]: readonly Dim[],
  width: Dim
): Value {
  const { scores, keys, bias, softmax, dropped, values } = parts
  const [time = 0] = keys.shape.slice(2)
  const scored = (): Value => {
    const folded = projectionOf(keys)
    if (!folded) return g.one(scores.op, [g.reshape(queries, [rows, heads, 1, headWidth]), keys], scores.attributes)
    const read = folded.scores(g, g.reshape(queries, [rows, heads, headWidth]), floatOf(scores.attributes['alpha']))
    return g.reshape(read, [rows, heads, 1, time])
  }
  const probabilities = g.one(softmax.op, [g.add(scored(), bias)], softmax.attributes)
  // Drawn for every token, so that the draws do not depend on this pass.
  const first = dropped && g.gather(dropped.mask, g.constant([0], [1], 'int64'), 2)
  const kept = first ? g.mul(probabilities, g.one(dropped.dequantized.op, [first, dropped.scale], {})) : probabilities
  const sums = projectionOf(values)?.sums(g, g.reshape(kept, [rows, heads, time])) ?? g.matMul(kept, values)
  return g.reshape(sums, [rows, width])
}
