import { allOps } from '../../graph/ops/index.ts'
import { defineRule } from '../define-rule.ts'

/** Y = X or Z by a condition: the gradient goes to the one taken */
export const whereRule = defineRule(allOps.Where, ({ g, inputs: { condition }, dY }) => ({
  X: () => g.where(condition, dY, g.scalar(0, dY.dtype)),
  Y: () => g.where(condition, g.scalar(0, dY.dtype), dY)
}))
