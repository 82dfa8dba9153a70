import { constantOf } from '../../graph/constant.ts'
import { allOps } from '../../graph/ops/index.ts'
import { axisOf, sizeAt } from '../../graph/shapes.ts'
import { defineRule } from '../define-rule.ts'

/** Y = a part of X: dX is dY with zeros around it. */
export const sliceRule = defineRule(allOps.Slice, ({ g, inputs: { data, starts, axes }, dY }) => ({
  data: () => {
    const rank = data.shape.length
    const pads = new Array<number>(rank * 2).fill(0)
    constantOf('Slice', axes).forEach((axis, i) => {
      const at = axisOf('Slice', axis, rank)
      const start = constantOf('Slice', starts)[i] ?? 0
      pads[at] = start
      pads[at + rank] = sizeAt(data.shape, at) - start - sizeAt(dY.shape, at)
    })
    return g.pad(dY, pads)
  }
}))
