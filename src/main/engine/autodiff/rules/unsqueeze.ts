import { allOps } from '../../graph/ops/index.ts'
import { defineRule } from '../define-rule.ts'

/** dX is dY in the shape of X */
export const unsqueezeRule = defineRule(allOps.Unsqueeze, ({ g, inputs: { data }, dY }) => ({
  data: () => g.reshape(dY, data.shape)
}))
