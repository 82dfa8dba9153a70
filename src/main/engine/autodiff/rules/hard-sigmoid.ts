import { allOps } from '../../graph/ops/index.ts'
import { defineRule } from '../define-rule.ts'

/** Y = min(max(alpha·X + beta, 0), 1): dX = alpha·dY where 0 < Y < 1, else 0 */
export const hardSigmoidRule = defineRule(allOps.HardSigmoid, ({ g, attributes: { alpha }, outputs: [Y], dY }) => ({
  X: () => {
    const zero = g.scalar(0, dY.dtype)
    const below = g.where(g.less(Y!, g.scalar(1, dY.dtype)), g.scale(dY, alpha.float), zero)
    return g.where(g.greater(Y!, zero), below, zero)
  }
}))
