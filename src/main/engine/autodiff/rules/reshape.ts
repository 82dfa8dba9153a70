import { allOps } from '../../graph/ops/index.ts'
import { defineRule } from '../define-rule.ts'

/** dX is dY in the shape of X */
export const reshapeRule = defineRule(allOps.Reshape, ({ g, inputs: { data }, dY }) => ({
  data: () => g.reshape(dY, data.shape)
}))
