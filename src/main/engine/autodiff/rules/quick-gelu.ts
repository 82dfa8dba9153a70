import { allOps } from '../../graph/ops/index.ts'
import { defineRule } from '../define-rule.ts'

/** Y = X·s, s = σ(αX): dX = dY·(s + α·X·s·(1 − s)) = dY·(s + α·Y·(1 − s)) */
export const quickGeluRule = defineRule(allOps.QuickGelu, ({ g, inputs: { X }, attributes: { alpha }, outputs: [Y], dY }) => ({
  X: () => {
    const s = g.sigmoid(g.scale(X, alpha.float))
    return g.mul(dY, g.add(s, g.mul(g.scale(Y!, alpha.float), g.sub(g.scalar(1, X.dtype), s))))
  }
}))
