import { GraphError } from '../../../base/errors.ts'
import { allOps } from '../../graph/ops/index.ts'
import { defineRule } from '../define-rule.ts'

/** Y = data with updates added at indices: dData = dY, dUpdates = dY at indices. Defined for reduction `add`. */
export const scatterElementsRule = defineRule(
  allOps.ScatterElements,
  ({ g, inputs: { indices }, attributes: { axis, reduction }, dY }) => {
    if (reduction !== 'add') throw new GraphError('ScatterElements: the gradient is defined for reduction add')
    return { data: () => dY, updates: () => g.gatherElements(dY, indices, axis) }
  }
)
