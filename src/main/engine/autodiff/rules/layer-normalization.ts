import { lazy } from '../../../base/lazy.ts'
import { allOps } from '../../graph/ops/index.ts'
import { defineRule } from '../define-rule.ts'

/**
 * n  = (X − mean) · s, Y = n · scale + bias, s = invStdDev
 * dX = s · (d − mean(d) − n · mean(d · n)) with d = dY · scale, means over the last axis
 * dScale = Σ dY · n, dBias = Σ dY over all other axes
 */
export const layerNormalizationRule = defineRule(allOps.LayerNormalization, ({ g, inputs: { X, scale }, outputs, dY }) => {
  const [, mean, invStdDev] = outputs
  if (!mean || !invStdDev) throw new Error('LayerNormalization has three outputs')
  const normal = lazy(() => g.mul(g.sub(X, mean), invStdDev))
  return {
    X: () => {
      const d = g.mul(dY, scale)
      const centred = g.sub(d, g.reduceMean(d, [-1], true))
      return g.mul(invStdDev, g.sub(centred, g.mul(normal(), g.reduceMean(g.mul(d, normal()), [-1], true))))
    },
    scale: () => g.mul(dY, normal()),
    bias: () => dY
  }
})
