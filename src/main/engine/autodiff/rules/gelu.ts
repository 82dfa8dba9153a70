import { allOps } from '../../graph/ops/index.ts'
import { defineRule } from '../define-rule.ts'

/**
 * Y = X·Φ(X): dX = dY·(Φ(X) + X·φ(X)), Φ(X) = ½(1 + erf(X/√2)), φ(X) = e^(−X²/2)/√(2π). With u = X/√2: dX = dY·(½ + ½·erf u + (u / e^(u²))/√π). Where
 * e^(u²) is infinite, the quotient is the zero that it tends to.
 */
export const geluRule = defineRule(allOps.Gelu, ({ g, inputs: { X }, dY }) => ({
  X: () => {
    const u = g.scale(X, Math.SQRT1_2)
    const density = g.div(u, g.exp(g.mul(u, u)))
    const slope = g.add(g.scale(g.erf(u), 0.5), g.scale(density, 1 / Math.sqrt(Math.PI)))
    return g.mul(dY, g.add(slope, g.scalar(0.5, X.dtype)))
  }
}))
