import { allOps } from '../ops/index.ts'
import type { Ops } from '../operations.ts'
import type { Graph, Node, Value } from '../types.ts'
import type { Ways } from './factors.ts'
import { replaceFound } from './replace-found.ts'

/** A normalisation whose normalised X is read for the gradient of X alone, d = dY · scale, and the node that makes this gradient. */
interface Normalised {
  readonly X: Value
  readonly mean: Value
  readonly invStdDev: Value
  readonly d: Value
}

/**
 * The same graph with the gradient of LayerNormalization made without the normalised X, where only that gradient reads it (scale and bias are frozen): two passes
 * less. With s = 1 / standard deviation, autodiff/rules/layer-normalization.ts says
 *   dX = s · (d − mean(d) − n · mean(d · n)), n = (X − mean) · s,
 * which is s · (d − k · X + (k · mean − mean(d))) with k = s² · (mean(d · X) − mean · mean(d)), as torch computes it (aten/src/ATen/native/cpu/layer_norm_kernel.cpp).
 */
export function normalisationGradients(graph: Graph): Graph {
  return replaceFound(graph, gradientOf, (g, { X, mean, invStdDev, d }, now) =>
    made(g, now(X), now(mean), now(invStdDev), now(d))
  )
}

function made(g: Ops, X: Value, mean: Value, s: Value, d: Value): Value {
  const ofD = g.reduceMean(d, [-1], true)
  const k = g.mul(g.mul(s, s), g.sub(g.reduceMean(g.mul(d, X), [-1], true), g.mul(mean, ofD)))
  return g.mul(s, g.add(g.sub(d, g.mul(k, X)), g.sub(g.mul(k, mean), ofD)))
}

/** The node that makes the gradient of a normalisation's X, and what it takes; null where there is none, or the normalised X has other readers. */
function gradientOf(ways: Ways, { op, inputs: [X], outputs: [, mean, s] }: Node): readonly [Node, Normalised] | null {
  if (op.type !== allOps.LayerNormalization.type || !X || !mean || !s || X.dtype !== 'float32') return null
  const reading = (value: Value | undefined, type: string, other?: Value): Node[] =>
    value
      ? ways.readersOf(value).filter(({ op: { type: found }, inputs }) => found === type && (!other || inputs.includes(other)))
      : []
  const [normal] = reading(mean, 'Sub', X).flatMap(({ outputs: [centred] }) => reading(centred, 'Mul', s))
  const [n] = normal?.outputs ?? []
  const readers = n ? ways.readersOf(n) : []
  const [product, scaled] = readers
  const [sum] = product?.outputs ?? []
  const [mixed] = reading(sum, 'ReduceMean')
  const d = product?.inputs.find((input) => input !== n)
  const isBoth = readers.length === 2 && scaled?.op.type === 'Mul' && scaled.inputs.includes(mixed?.outputs[0] ?? null)
  const [less] = isBoth ? reading(scaled.outputs[0], 'Sub') : []
  const [end] = reading(less?.outputs[0], 'Mul', s)
  const centredD = less?.inputs[0]
  const isOfD = centredD?.source.kind === 'node' && centredD.source.node.inputs[0] === d
  return end && d && isOfD ? [end, { X, mean, invStdDev: s, d }] : null
}
