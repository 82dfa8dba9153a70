import { constantOf } from '../../graph/constant.ts'
import { allOps } from '../../graph/ops/index.ts'
import type { Ops } from '../../graph/operations.ts'
import { axisOf, sizeAt } from '../../graph/shapes.ts'
import type { Value } from '../../graph/types.ts'
import { defineRule } from '../define-rule.ts'

const axesOf = (X: Value, axes: Value): number[] =>
  constantOf('Reduce', axes).map((axis) => axisOf('Reduce', axis, X.shape.length))

/** dY with the reduced axes back as size 1. */
function kept(g: Ops, X: Value, axes: Value, dY: Value): Value {
  const gone = new Set(axesOf(X, axes))
  return g.reshape(
    dY,
    X.shape.map((dim, i) => (gone.has(i) ? 1 : dim))
  )
}

/** Y = Σ X: dX = dY, repeated */
export const reduceSumRule = defineRule(allOps.ReduceSum, ({ g, inputs: { X, axes }, dY }) => ({
  X: () => g.expand(kept(g, X, axes, dY), X.shape)
}))

/** Y = (Σ X) / n: dX = dY / n, repeated. The reduced axes have numeric sizes. */
export const reduceMeanRule = defineRule(allOps.ReduceMean, ({ g, inputs: { X, axes }, dY }) => ({
  X: () => {
    const count = axesOf(X, axes).reduce((product, axis) => product * sizeAt(X.shape, axis), 1)
    return g.expand(kept(g, X, axes, g.scale(dY, 1 / count)), X.shape)
  }
}))

/** Y = Σ X²: dX = 2 · X · dY */
export const reduceSumSquareRule = defineRule(allOps.ReduceSumSquare, ({ g, inputs: { X, axes }, dY }) => ({
  X: () => g.mul(g.scale(X, 2), kept(g, X, axes, dY))
}))

/** Y = max X: dY shared equally among the elements that are the largest, as torch's amax does */
export const reduceMaxRule = defineRule(allOps.ReduceMax, ({ g, inputs: { X, axes }, outputs, dY }) => ({
  X: () => {
    const [Y] = outputs
    if (!Y) throw new Error('ReduceMax has an output')
    const isLargest = g.cast(g.equal(X, kept(g, X, axes, Y)), X.dtype)
    const count = g.reduceSum(isLargest, axesOf(X, axes), true)
    return g.mul(isLargest, g.div(kept(g, X, axes, dY), count))
  }
}))
