import { any, defineOp, index } from '../define-op.ts'
import { constantOf } from '../constant.ts'
import { axisOf, sizeAt } from '../shapes.ts'
import type { Shape, Value } from '../types.ts'

/** What a Slice takes of one axis: elements `start` to `end`, both within the axis. */
export interface SliceRange {
  readonly axis: number
  readonly start: number
  readonly end: number
}

/** The constant ranges of a Slice, axis by axis. Negative numbers count from the axis's end; what lies outside is cut off. */
export function sliceRanges(shape: Shape, starts: Value, ends: Value, axes: Value): readonly SliceRange[] {
  const [from, to] = [constantOf('Slice', starts), constantOf('Slice', ends)]
  return constantOf('Slice', axes).map((axis, i) => {
    const at = axisOf('Slice', axis, shape.length)
    const size = sizeAt(shape, at)
    const within = (place: number): number => Math.min(Math.max(place < 0 ? place + size : place, 0), size)
    const start = within(from[i] ?? 0)
    return { axis: at, start, end: Math.max(start, within(to[i] ?? size)) }
  })
}

/** data[starts … ends) along the given constant axes, whose sizes are numbers; step 1. */
export const Slice = defineOp({
  type: 'Slice',
  inputs: { data: any(), starts: index(), ends: index(), axes: index() },
  infer: ({ data, starts, ends, axes }) => {
    const shape = [...data.shape]
    for (const { axis, start, end } of sliceRanges(data.shape, starts, ends, axes)) shape[axis] = end - start
    return { dtype: data.dtype, shape }
  }
})
