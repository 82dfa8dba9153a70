import { GraphError } from '../../../base/errors.ts'
import type { Dim, Shape, TensorType } from '../types.ts'
import type { ValueInfoProto } from './generated/onnx_pb.js'
import { malformed, short, unsupported } from './malformed.ts'
import { dtypeOf } from './stored-tensor.ts'

/** Longest name of a dim, and most axes: what a chain of joins may not grow past. */
const [longestDim, mostAxes] = [256, 64]

/** Refuses an inferred shape that no tensor has. */
export function checkShape(shape: Shape): void {
  const isSane = (dim: Dim): boolean =>
    typeof dim === 'number' ? Number.isSafeInteger(dim) && dim >= 0 : dim.length <= longestDim
  if (shape.length > mostAxes || !shape.every(isSane)) throw new GraphError('its result has an impossible shape')
}

/** The element type and shape that a file declares. An output may leave out its shape: then `made` decides. */
export function readType({ type }: ValueInfoProto, what: string, made?: TensorType): TensorType {
  if (type?.value.case !== 'tensorType') throw unsupported(`${what} is not a tensor.`)
  const { elemType, shape } = type.value.value
  const dtype = dtypeOf(elemType, what)
  if (!shape) {
    if (made) return { dtype, shape: made.shape }
    throw unsupported(`${what} does not say how many axes it has.`)
  }
  const dims = shape.dim.map(({ value }): Dim => {
    if (value.case === 'dimParam') return readDimName(value.value)
    if (value.case === 'dimValue' && value.value >= 0n && value.value <= BigInt(Number.MAX_SAFE_INTEGER))
      return Number(value.value)
    throw unsupported(`${what} has an axis without a size or a name.`)
  })
  if (dims.length > mostAxes) throw malformed(`${what} has ${dims.length} axes.`)
  return { dtype, shape: dims }
}

/** A dim as it stands in a shape vector's name: digits are a number. */
export function readDimName(text: string): Dim {
  if (text === '' || text.length > longestDim || text.includes(','))
    throw malformed(`The ONNX graph has an impossible size "${short(text)}".`)
  if (!/^\d+$/.test(text)) return text
  const number = Number(text)
  if (!Number.isSafeInteger(number)) throw malformed(`The ONNX graph has an impossible size "${short(text)}".`)
  return number
}
