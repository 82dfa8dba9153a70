import { allOps } from '../../graph/ops/index.ts'
import { toTheEnd } from '../../graph/ops/slice.ts'
import { axisOf, dimAt, numberAndName, sizeAt } from '../../graph/shapes.ts'
import { defineRule } from '../define-rule.ts'

/** Y = inputs side by side: each gets its own slice of dY. */
export const concatRule = defineRule(allOps.Concat, ({ g, inputs: { inputs }, attributes: { axis }, dY }) => ({
  inputs: (position: number) => {
    const at = axisOf('Concat', axis, dY.shape.length)
    const start = inputs.slice(0, position).reduce((sum, input) => sum + sizeAt(input.shape, at), 0)
    // The last input may be as long as the batch says (8+time).
    if (position === inputs.length - 1 && numberAndName(dimAt(dY.shape, at))) return g.slice(dY, at, start, toTheEnd)
    const size = sizeAt(inputs[position]?.shape ?? [], at)
    return g.slice(dY, at, start, start + size)
  }
}))
