import { allOps } from '../../graph/ops/index.ts'
import { sliceRanges } from '../../graph/ops/slice.ts'
import { sizeAt } from '../../graph/shapes.ts'
import { defineRule } from '../define-rule.ts'

/** Y = a part of X: dX is dY with zeros around it. */
export const sliceRule = defineRule(allOps.Slice, ({ g, inputs: { data, starts, ends, axes }, dY }) => ({
  data: () => {
    const rank = data.shape.length
    const pads = new Array<number>(rank * 2).fill(0)
    for (const { axis, start, end } of sliceRanges(data.shape, starts, ends, axes)) {
      pads[axis] = start
      pads[axis + rank] = sizeAt(data.shape, axis) - end
    }
    return g.pad(dY, pads)
  }
}))
