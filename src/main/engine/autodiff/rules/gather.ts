import { GraphError } from '../../../base/errors.ts'
import { allOps } from '../../graph/ops/index.ts'
import { axisOf, productOf } from '../../graph/shapes.ts'
import { defineRule } from '../define-rule.ts'

/**
 * Y = rows of `data` picked by `indices`: each row's gradient is the sum over its uses (ScatterElements with add, which is exact and
 * repeatable on CPU; ScatterND is not, design §4.1). Only axis 0, as in embeddings.
 */
export const gatherRule = defineRule(allOps.Gather, ({ g, inputs: { data, indices }, attributes: { axis }, dY }) => ({
  data: () => {
    if (axisOf('Gather', axis, data.shape.length) !== 0) throw new GraphError('Gather: the gradient is defined for axis 0')
    const count = productOf(indices.shape)
    const rest = data.shape.slice(1)
    const flat = g.reshape(dY, [count, ...rest])
    const rowOfEach = g.reshape(indices, [count, ...rest.map(() => 1)])
    return g.scatterAdd(g.zeros(data.shape, data.dtype), g.expand(rowOfEach, [count, ...rest]), flat, 0)
  }
}))
