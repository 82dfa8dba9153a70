import { create, toBinary } from '@bufbuild/protobuf'
import type { Graph, Value } from '../types.ts'
import { GraphProtoSchema, ModelProtoSchema, TensorProtoSchema } from './generated/onnx_pb.js'
import { externalTensor, modelProto, tensorHead, type ExternalLocation } from './write-model.ts'

/** A weight's bytes where they stand in the file. */
export interface WeightPiece {
  readonly tensor: string
  readonly bytes: number
}

export interface ModelLayout {
  /** The file from its first byte to its last. */
  readonly pieces: readonly (Uint8Array | WeightPiece)[]
  readonly size: number
}

export interface LayOutOptions {
  /** Names of inputs that are listed first, in this order. */
  readonly inputs: readonly string[]
  /** Where a weight lies: in another file, or inside with so many bytes. */
  readonly place: (tensor: string) => ExternalLocation | { readonly bytes: number }
}

/**
 * Lays out an ONNX file whose weights are too large to be in memory together: all but their bytes is made here. Protobuf lets the parts of a message
 * stand in any order, so that the weights come last.
 */
export function layOutModel(graph: Graph, { inputs, place }: LayOutOptions): ModelLayout {
  const inside: { value: Value; piece: WeightPiece }[] = []
  const model = modelProto(graph, inputs, (value, tensor) => {
    const where = place(tensor)
    if ('location' in where) return externalTensor(value, where)
    inside.push({ value, piece: { tensor, bytes: where.bytes } })
    return null
  })
  const initializers = inside.map(({ value, piece }) => initializerOf(value, piece))
  const body = model.graph ? toBinary(GraphProtoSchema, model.graph) : new Uint8Array(0)
  const length = initializers.reduce((sum, { size }) => sum + size, body.byteLength)
  const outer = toBinary(ModelProtoSchema, create(ModelProtoSchema, { ...model, graph: undefined }))
  const pieces = [outer, tagged(fieldOf(ModelProtoSchema, 'graph'), length), body, ...initializers.flatMap((one) => one.pieces)]
  return { pieces, size: pieces.reduce((sum, piece) => sum + sizeOf(piece), 0) }
}

const sizeOf = (piece: Uint8Array | WeightPiece): number => (piece instanceof Uint8Array ? piece.byteLength : piece.bytes)

function initializerOf(value: Value, piece: WeightPiece): { size: number; pieces: (Uint8Array | WeightPiece)[] } {
  const head = toBinary(TensorProtoSchema, tensorHead(value))
  const raw = tagged(fieldOf(TensorProtoSchema, 'rawData'), piece.bytes)
  const tag = tagged(fieldOf(GraphProtoSchema, 'initializer'), head.byteLength + raw.byteLength + piece.bytes)
  const start = Buffer.concat([tag, head, raw])
  return { size: start.byteLength + piece.bytes, pieces: [start, piece] }
}

const fieldOf = (schema: typeof GraphProtoSchema | typeof ModelProtoSchema | typeof TensorProtoSchema, name: string): number => {
  const field = schema.fields.find(({ localName }) => localName === name)
  if (!field) throw new Error(`${schema.typeName} has no field ${name}`)
  return field.number
}

/** The key of a length-delimited field and its length (protobuf's wire type 2). */
const tagged = (field: number, length: number): Uint8Array => Uint8Array.from([...varint(8 * field + 2), ...varint(length)])

function varint(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128)
  return [...bytes, rest]
}
