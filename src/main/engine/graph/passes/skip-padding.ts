import { PaddedSoftmax } from '../padded-softmax.ts'
import type { Graph, Node, Value } from '../types.ts'
import type { Ways } from './factors.ts'
import { replaceFound } from './replace-found.ts'

/** What a softmax is of: scores, and the bias from the batch that is added to them. */
interface Biased {
  readonly scores: Value
  readonly bias: Value
  readonly axis: number
}

/**
 * The same graph with attention's bias, which keeps texts from looking at padding, left out of batches without any: it is all zero there. Whether it is, is found
 * once a run. The same bits.
 */
export function skipPadding(graph: Graph): Graph {
  const told = new Map<Value, Value>()
  return replaceFound(graph, biasedIn, (g, { scores, bias: fed, axis }, now) => {
    const bias = now(fed)
    const isBiased =
      told.get(bias) ??
      g.within('padding', () => g.not(g.equal(g.reduceSum(bias, [0, 1, 2, 3], false), g.constant([0], [], 'float32'))))
    told.set(bias, isBiased)
    return g.one(PaddedSoftmax, [isBiased, now(scores), bias], { axis })
  })
}

/** The sum that a softmax alone reads; null for any other node. */
function biasedIn(ways: Ways, node: Node): readonly [Node, Biased] | null {
  const {
    op,
    inputs: [x],
    attributes: { axis }
  } = node
  const sum = op.type === 'Softmax' && x?.source.kind === 'node' && x.source.node.op.type === 'Add' ? x.source.node : null
  if (!sum || !x || ways.readersOf(x).length !== 1 || ways.isOutput(x)) return null
  const [first, second] = sum.inputs
  for (const [scores, bias] of [
    [first, second],
    [second, first]
  ]) {
    const isOfTexts = bias?.source.kind === 'input' && bias.shape.length === 4 && bias.shape[1] === 1 && bias.shape[2] === 1
    if (isOfTexts && scores?.dtype === 'float32' && typeof axis === 'number') return [node, { scores, bias, axis }]
  }
  return null
}
