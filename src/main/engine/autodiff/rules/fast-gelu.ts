import { allOps } from '../../graph/ops/index.ts'
import { defineRule } from '../define-rule.ts'

/** Y = X/2·(1 + t), t = tanh(c·(X + a·X³)), c = √(2/π), a = 0.044715: dX = dY·(½(1 + t) + X/2·(1 − t²)·c·(1 + 3a·X²)) */
export const fastGeluRule = defineRule(allOps.FastGelu, ({ g, inputs: { X }, dY }) => ({
  X: () => {
    const c = Math.sqrt(2 / Math.PI)
    const one = g.scalar(1, X.dtype)
    const square = g.mul(X, X)
    const t = g.tanh(g.mul(X, g.add(g.scale(square, 0.044715 * c), g.scalar(c, X.dtype))))
    const slope = g.add(g.scale(square, 3 * 0.044715 * c), g.scalar(c, X.dtype))
    const inner = g.mul(X, g.mul(g.sub(one, g.mul(t, t)), slope))
    return g.mul(dY, g.scale(g.add(g.add(one, t), inner), 0.5))
  }
}))
