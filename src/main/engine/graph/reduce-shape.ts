import { constantOf } from './constant.ts'
import { axisOf } from './shapes.ts'
import type { Shape, Value } from './types.ts'

/** The shape left after reducing over the axes held by a constant. */
export function reducedShape(op: string, shape: Shape, axes: Value, keepDims: boolean): Shape {
  const gone = new Set(constantOf(op, axes).map((axis) => axisOf(op, axis, shape.length)))
  return keepDims ? shape.map((dim, i) => (gone.has(i) ? 1 : dim)) : shape.filter((_, i) => !gone.has(i))
}
