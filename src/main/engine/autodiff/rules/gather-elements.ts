import { allOps } from '../../graph/ops/index.ts'
import { defineRule } from '../define-rule.ts'

/** Y[i] = data[indices[i]] along the axis: dY is added back at the same places. */
export const gatherElementsRule = defineRule(
  allOps.GatherElements,
  ({ g, inputs: { data, indices }, attributes: { axis }, dY }) => ({
    data: () => g.scatterAdd(g.zeros(data.shape, data.dtype), indices, dY, axis)
  })
)
