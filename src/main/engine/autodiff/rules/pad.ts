import { constantOf } from '../../graph/constant.ts'
import { allOps } from '../../graph/ops/index.ts'
import { sizeAt } from '../../graph/shapes.ts'
import { defineRule } from '../define-rule.ts'

/** Y = X with zeros around it: dX is the middle of dY. */
export const padRule = defineRule(allOps.Pad, ({ g, inputs: { data, pads }, dY }) => ({
  data: () =>
    data.shape.reduce<typeof dY>((left, _, axis) => {
      const before = constantOf('Pad', pads)[axis] ?? 0
      const after = constantOf('Pad', pads)[axis + data.shape.length] ?? 0
      return before === 0 && after === 0 ? left : g.slice(left, axis, before, before + sizeAt(data.shape, axis))
    }, dY)
}))
