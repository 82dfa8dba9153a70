import { allOps } from '../../graph/ops/index.ts'
import type { Ops } from '../../graph/operations.ts'
import type { Node, Value } from '../../graph/types.ts'
import { defineRule, type Walk } from '../define-rule.ts'
import { isMask } from './again.ts'

/**
 * Y = softmax X: dX = Y·(dY − Σ(Y·dY)) over the axis
 *
 * In attention, O = (Y∘M)·V with a dropout mask M or none, the sum is that of O·dO over the width of a head (arXiv:2205.14135, section 3.1), which reads two
 * tensors as wide as a head instead of two as wide as the text is long.
 */
export const softmaxRule = defineRule(allOps.Softmax, ({ g, outputs: [Y], attributes: { axis }, dY, walk }) => ({
  X: () => g.mul(Y!, g.sub(dY, attentionSum(g, Y!, axis, walk) ?? g.reduceSum(g.mul(Y!, dY), [axis], true)))
}))

function attentionSum(g: Ops, probabilities: Value, axis: number, walk: Walk): Value | null {
  if (axis !== -1) return null
  const [reader, ...others] = walk.readersOf(probabilities)
  if (!reader || others.length > 0) return null
  const isMasked = reader.op.type === 'Mul' && reader.inputs.some((input) => input !== null && isMask(input))
  const [kept] = isMasked ? reader.outputs : [probabilities]
  const product = kept && onlyProduct(kept, walk)
  const [output] = product?.outputs ?? []
  const gradient = output && walk.gradientOf(output)
  return gradient ? g.reduceSum(g.mul(output, gradient), [-1], true) : null
}

/** The one node that reads a value, if it multiplies it from the left with something as it stands. */
function onlyProduct(left: Value, walk: Walk): Node | null {
  const [reader, ...others] = walk.readersOf(left)
  return reader?.op.type === 'MatMul' && others.length === 0 && reader.inputs[0] === left ? reader : null
}
