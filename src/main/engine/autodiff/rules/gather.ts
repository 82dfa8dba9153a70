import { GraphError } from '../../../base/errors.ts'
import { allOps } from '../../graph/ops/index.ts'
import { axisOf, productOf } from '../../graph/shapes.ts'
import { defineRule } from '../define-rule.ts'

/** Up to this many rows the product with one-hot rows is quicker than adding element by element (bench/README.md). */
const shortTable = 512

/**
 * Y = rows of `data` picked by `indices`: each row's gradient is the sum over its uses. Only axis 0, as in embeddings.
 *
 * A short table (positions, types): oneHot(indices)ᵀ · dY. A long one: ScatterElements with add, which is exact and repeatable on CPU (ScatterND is
 * not, design §4.1).
 */
export const gatherRule = defineRule(allOps.Gather, ({ g, inputs: { data, indices }, attributes: { axis }, dY }) => ({
  data: () => {
    if (axisOf('Gather', axis, data.shape.length) !== 0) throw new GraphError('Gather: the gradient is defined for axis 0')
    const count = productOf(indices.shape)
    const [length, ...rest] = data.shape
    const flat = g.reshape(dY, [count, ...rest])
    if (rest.length === 1 && typeof length === 'number' && length <= shortTable)
      return g.gemm(g.oneHot(g.reshape(indices, [count]), length, data.dtype), flat, { transA: true })
    const rowOfEach = g.reshape(indices, [count, ...rest.map(() => 1)])
    return g.scatterAdd(g.zeros(data.shape, data.dtype), g.expand(rowOfEach, [count, ...rest]), flat, 0)
  }
}))
