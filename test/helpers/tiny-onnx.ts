/**
 * A minimal writer of ONNX models for tests of the runtime: what protobuf needs and no more. Field numbers are those of onnx.proto3.
 * It shares nothing with engine/graph/onnx, so that a mistake there cannot hide here.
 */
export interface TinyTensor {
  readonly name: string
  /** TensorProto.DataType: 1 float32, 2 uint8, 7 int64, 9 bool, 10 float16, 16 bfloat16. */
  readonly type: number
  /** A string is a named dimension. */
  readonly shape: readonly (number | string)[]
}

export interface TinyInitializer extends TinyTensor {
  readonly shape: readonly number[]
  readonly data: Uint8Array | { readonly file: string; readonly offset: number; readonly length: number }
}

export interface TinyNode {
  readonly op: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly domain?: string
  /** Whole numbers become INT attributes, lists INTS. */
  readonly attributes?: Readonly<Record<string, number | readonly number[]>>
}

export interface TinyModel {
  readonly nodes: readonly TinyNode[]
  readonly inputs: readonly TinyTensor[]
  readonly outputs: readonly TinyTensor[]
  readonly initializers?: readonly TinyInitializer[]
}

function varint(value: number): Uint8Array {
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, BigInt(value))
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128)
  return Uint8Array.from([...bytes, Number(rest)])
}

function number(field: number, value: number): Uint8Array {
  return Buffer.concat([varint(field << 3), varint(value)])
}

function block(field: number, ...parts: readonly (Uint8Array | string)[]): Uint8Array {
  const content = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)))
  return Buffer.concat([varint((field << 3) | 2), varint(content.length), content])
}

function valueInfo(field: number, { name, type, shape }: TinyTensor): Uint8Array {
  const dimensions = shape.map((length) => block(1, typeof length === 'string' ? block(2, length) : number(1, length)))
  return block(field, block(1, name), block(2, block(1, number(1, type), block(2, ...dimensions))))
}

function attribute(name: string, value: number | readonly number[]): Uint8Array {
  const [content, kind] = typeof value === 'number' ? [[number(3, value)], 2] : [value.map((item) => number(8, item)), 7]
  return block(5, block(1, name), ...content, number(20, kind))
}

function node({ op, inputs, outputs, domain, attributes = {} }: TinyNode): Uint8Array {
  return block(
    1,
    ...inputs.map((name) => block(1, name)),
    ...outputs.map((name) => block(2, name)),
    block(4, op),
    ...Object.entries(attributes).map(([name, value]) => attribute(name, value)),
    ...(domain === undefined ? [] : [block(7, domain)])
  )
}

function initializer({ name, type, shape, data }: TinyInitializer): Uint8Array {
  const head = [...shape.map((length) => number(1, length)), number(2, type), block(8, name)]
  if (data instanceof Uint8Array) return block(5, ...head, block(9, data))
  const external = { location: data.file, offset: `${data.offset}`, length: `${data.length}` }
  return block(
    5,
    ...head,
    ...Object.entries(external).map(([key, value]) => block(13, block(1, key), block(2, value))),
    number(14, 1)
  )
}

/** A ModelProto with opset 18 of ONNX and opset 1 of com.microsoft. */
export function tinyModel({ nodes, inputs, outputs, initializers = [] }: TinyModel): Uint8Array {
  const graph = [
    ...nodes.map(node),
    block(2, 'tiny'),
    ...initializers.map(initializer),
    ...inputs.map((tensor) => valueInfo(11, tensor)),
    ...outputs.map((tensor) => valueInfo(12, tensor))
  ]
  const opsets = [block(8, number(2, 18)), block(8, block(1, 'com.microsoft'), number(2, 1))]
  return Buffer.concat([number(1, 9), block(7, ...graph), ...opsets])
}

/** The bytes of a typed array. */
export function bytesOf(data: ArrayBufferView): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
}
