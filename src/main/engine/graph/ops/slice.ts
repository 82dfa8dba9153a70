import { GraphError } from '../../../base/errors.ts'
import { any, defineOp, index } from '../define-op.ts'
import { constantOf } from '../constant.ts'
import { axisOf, dimAt, numberAndName, sizeAt } from '../shapes.ts'
import type { Dim, Shape, Value } from '../types.ts'

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
    if (numberAndName(dimAt(shape, at))) return { axis: at, start: from[i] ?? 0, end: to[i] ?? toTheEnd }
    const size = sizeAt(shape, at)
    const within = (place: number): number => Math.min(Math.max(place < 0 ? place + size : place, 0), size)
    const start = within(from[i] ?? 0)
    return { axis: at, start, end: Math.max(start, within(to[i] ?? size)) }
  })
}

/** The end of an axis whose size only the batch knows. */
export const toTheEnd = Number.MAX_SAFE_INTEGER

/** What is left of one axis. Of `8+time` either a piece of the first 8, or all from one of them (or from `time`) on. */
function sliced(dim: Dim, { start, end }: SliceRange): Dim {
  const joined = numberAndName(dim)
  if (!joined) return end - start
  const { number, name } = joined
  if (end === toTheEnd && start <= number) return start === number ? name : `${number - start}+${name}`
  if (0 <= start && start <= end && end <= number) return end - start
  throw new GraphError(`Slice: ${start} to ${end} of an axis of ${dim} has no size that can be named`)
}

/** data[starts … ends) along the given constant axes, whose sizes are numbers or of the form `8+time`; step 1. */
export const Slice = defineOp({
  type: 'Slice',
  inputs: { data: any(), starts: index(), ends: index(), axes: index() },
  infer: ({ data, starts, ends, axes }) => {
    const shape = [...data.shape]
    for (const range of sliceRanges(data.shape, starts, ends, axes))
      shape[range.axis] = sliced(dimAt(data.shape, range.axis), range)
    return { dtype: data.dtype, shape }
  }
})
