import type { ElementType, HostData } from './port.ts'

interface ElementInfo {
  /** Number in ONNXTensorElementDataType, which equals TensorProto.DataType. */
  readonly code: number
  readonly bytes: number
  readonly view: (buffer: ArrayBuffer, byteOffset: number, length: number) => HostData
}

/** How each element type is laid out, named in ONNX and seen from JavaScript. */
export const elementTypes: Readonly<Record<ElementType, ElementInfo>> = {
  float32: { code: 1, bytes: 4, view: (buffer, offset, length) => new Float32Array(buffer, offset, length) },
  uint8: { code: 2, bytes: 1, view: (buffer, offset, length) => new Uint8Array(buffer, offset, length) },
  int8: { code: 3, bytes: 1, view: (buffer, offset, length) => new Int8Array(buffer, offset, length) },
  uint16: { code: 4, bytes: 2, view: (buffer, offset, length) => new Uint16Array(buffer, offset, length) },
  int16: { code: 5, bytes: 2, view: (buffer, offset, length) => new Int16Array(buffer, offset, length) },
  int32: { code: 6, bytes: 4, view: (buffer, offset, length) => new Int32Array(buffer, offset, length) },
  int64: { code: 7, bytes: 8, view: (buffer, offset, length) => new BigInt64Array(buffer, offset, length) },
  bool: { code: 9, bytes: 1, view: (buffer, offset, length) => new Uint8Array(buffer, offset, length) },
  float16: { code: 10, bytes: 2, view: (buffer, offset, length) => new Uint16Array(buffer, offset, length) },
  float64: { code: 11, bytes: 8, view: (buffer, offset, length) => new Float64Array(buffer, offset, length) },
  uint32: { code: 12, bytes: 4, view: (buffer, offset, length) => new Uint32Array(buffer, offset, length) },
  bfloat16: { code: 16, bytes: 2, view: (buffer, offset, length) => new Uint16Array(buffer, offset, length) }
}

const namesByCode = new Map<number, ElementType>(
  // Object.keys of a Record whose keys are exactly ElementType.
  (Object.keys(elementTypes) as ElementType[]).map((name) => [elementTypes[name].code, name])
)

const arrayNames = new Map<ElementType, string>(
  [...namesByCode.values()].map((name) => [name, elementTypes[name].view(new ArrayBuffer(0), 0, 0).constructor.name])
)

/** The element type with this ONNX number, or `undefined` when it may not cross the port (strings, 8-bit floats, 4-bit integers). */
export function elementTypeOf(code: number): ElementType | undefined {
  return namesByCode.get(code)
}

/** The name of the typed array that holds `type` on the host. */
export function arrayNameOf(type: ElementType): string {
  return arrayNames.get(type) ?? 'unknown'
}

/** Whether `data` is the kind of typed array that holds `type`. */
export function holds(type: ElementType, data: HostData): boolean {
  return data.constructor.name === arrayNames.get(type)
}

/** Number of elements of a shape; 1 for a scalar. */
export function sizeOf(shape: readonly number[]): number {
  let size = 1
  for (const length of shape) size *= length
  return size
}

/** A shape for messages: `[2, 3]`. */
export function showShape(shape: readonly (number | string | undefined)[]): string {
  return `[${shape.map((length) => length ?? '?').join(', ')}]`
}
