import { create, toBinary } from '@bufbuild/protobuf'
import { GraphError } from '../../../base/errors.ts'
import { leavesOf } from '../leaves.ts'
import { onnxTypeNumber } from '../ops/cast.ts'
import type { BranchNode, OpDefinition } from '../define-op.ts'
import type { Attribute, DType, Graph, Node, Shape, Value } from '../types.ts'
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  StringStringEntryProtoSchema,
  TensorProto_DataLocation,
  TensorProtoSchema,
  ValueInfoProtoSchema,
  type AttributeProto,
  type ModelProto,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto
} from './generated/onnx_pb.js'

/** Where a frozen tensor's bytes lie: a file name inside the session's folder, and a byte range. */
export interface ExternalLocation {
  readonly location: string
  readonly offset: number
  readonly length: number
}

export const opset = 18
const irVersion = 10n

/**
 * Serializes a graph as an ONNX model, opset 18, or a later one where an operator asks for it. Frozen weights become external data at `locate(tensor, dtype)`; constants lie inside.
 * Node order, names and bytes depend on the graph alone, so equal graphs give equal files.
 */
export function writeModel(graph: Graph, locate: (tensor: string, dtype: DType) => ExternalLocation): Uint8Array {
  return toBinary(
    ModelProtoSchema,
    modelProto(graph, [], (value, tensor) => externalTensor(value, locate(tensor, value.dtype)))
  )
}

/** The opset that all operators of a graph are in. */
const opsetOf = ({ nodes }: Graph): number => Math.max(opset, ...nodes.map(({ op }) => op.opset ?? opset))

/** A graph as an ONNX model. `inputs` names those that are listed first; `weightOf` gives the initializer of a weight, or null to leave it out. */
export function modelProto(
  graph: Graph,
  inputs: readonly string[],
  weightOf: (value: Value, tensor: string) => TensorProto | null
): ModelProto {
  const leaves = leavesOf(graph)
  const { nameOf, copies } = nameOutputs(graph)
  const isStored = ({ source }: Value): boolean => source.kind === 'constant' || source.kind === 'weight'
  const placeOf = ({ name }: Value): number => (inputs.includes(name) ? inputs.indexOf(name) : inputs.length)
  const fed = leaves.filter((value) => !isStored(value)).sort((a, b) => placeOf(a) - placeOf(b))
  return create(ModelProtoSchema, {
    irVersion,
    producerName: 'attune',
    opsetImport: [
      { domain: '', version: BigInt(opsetOf(graph)) },
      { domain: 'com.microsoft', version: 1n }
    ],
    graph: {
      name: 'attune',
      node: [...graph.nodes.map((node) => nodeProto(node, nameOf)), ...copies],
      input: fed.map((value) => valueInfo(value.name, value.dtype, value.shape)),
      output: [...graph.outputs].map(([name, value]) => valueInfo(name, value.dtype, value.shape)),
      initializer: leaves.filter(isStored).flatMap((value) => initializer(value, weightOf) ?? [])
    }
  })
}

/**
 * A value made by a node takes the name of the output it becomes, so that the node writes the output's memory itself. Where that is not possible
 * (a value that is fed or stored, or one with two output names) an Identity node copies it.
 */
function nameOutputs(graph: Graph): { nameOf: (value: Value) => string; copies: NodeProto[] } {
  const renamed = new Map<Value, string>()
  const copies: NodeProto[] = []
  const nameOf = (value: Value): string => renamed.get(value) ?? value.name
  for (const [name, value] of graph.outputs) {
    if (value.source.kind === 'node' && !renamed.has(value)) renamed.set(value, name)
    else
      copies.push(
        create(NodeProtoSchema, {
          name: `${name}/output`,
          opType: 'Identity',
          domain: '',
          input: [nameOf(value)],
          output: [name]
        })
      )
  }
  return { nameOf, copies }
}

function nodeProto(node: Node, nameOf: (value: Value) => string): NodeProto {
  const { branches } = node.op
  if (branches) return branchingProto(node, nameOf, branches)
  return create(NodeProtoSchema, {
    name: node.name,
    opType: node.op.type,
    domain: node.op.domain,
    input: node.inputs.map((input) => (input ? nameOf(input) : '')),
    output: node.outputs.map(nameOf),
    attribute: Object.entries(node.attributes).flatMap(([name, value]) =>
      value === undefined ? [] : [attributeProto(name, value)]
    )
  })
}

/** An If: its branches read the node's other inputs from the graph around them. */
function branchingProto(
  node: Node,
  nameOf: (value: Value) => string,
  branches: NonNullable<OpDefinition['branches']>
): NodeProto {
  const [condition, ...others] = node.inputs.map((input) => (input ? nameOf(input) : ''))
  const inputs = [condition ?? '', ...others]
  const [output] = node.outputs
  if (!output) throw new GraphError(`${node.name} makes nothing`)
  const branch = (name: string, nodes: readonly BranchNode[]): AttributeProto => {
    const made = (at: number): string => `${node.name}/${name}/${at}`
    const last = nodes.length - 1
    return create(AttributeProtoSchema, {
      name,
      type: AttributeProto_AttributeType.GRAPH,
      g: {
        name,
        node: nodes.map(({ type, inputs: from, attributes }, at) =>
          create(NodeProtoSchema, {
            name: made(at),
            opType: type,
            domain: '',
            input: from.map((input) => (input === 'before' ? made(at - 1) : (inputs[input] ?? ''))),
            output: [made(at)],
            attribute: attributes.flatMap((attribute) => {
              const value = node.attributes[attribute]
              return value === undefined ? [] : [attributeProto(attribute, value)]
            })
          })
        ),
        output: [valueInfo(made(last), output.dtype, output.shape)]
      }
    })
  }
  return create(NodeProtoSchema, {
    name: node.name,
    opType: node.op.type,
    domain: node.op.domain,
    input: [condition ?? ''],
    output: node.outputs.map(nameOf),
    attribute: [branch('then_branch', branches[0]), branch('else_branch', branches[1])]
  })
}

function attributeProto(name: string, value: Attribute): AttributeProto {
  const { INT, FLOAT, STRING, INTS, STRINGS } = AttributeProto_AttributeType
  const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
  if (typeof value === 'number') return create(AttributeProtoSchema, { name, type: INT, i: BigInt(value) })
  if (typeof value === 'string') return create(AttributeProtoSchema, { name, type: STRING, s: utf8(value) })
  if ('float' in value) return create(AttributeProtoSchema, { name, type: FLOAT, f: value.float })
  if (value.every((item) => typeof item === 'number')) {
    return create(AttributeProtoSchema, { name, type: INTS, ints: value.map((item) => BigInt(item)) })
  }
  return create(AttributeProtoSchema, { name, type: STRINGS, strings: value.map((item) => utf8(item)) })
}

function valueInfo(name: string, dtype: DType, shape: Shape): ValueInfoProto {
  return create(ValueInfoProtoSchema, {
    name,
    type: {
      value: {
        case: 'tensorType',
        value: {
          elemType: onnxTypeNumber[dtype],
          shape: {
            dim: shape.map((dim) =>
              typeof dim === 'number'
                ? { value: { case: 'dimValue' as const, value: BigInt(dim) } }
                : { value: { case: 'dimParam' as const, value: dim } }
            )
          }
        }
      }
    }
  })
}

function initializer(value: Value, weightOf: (value: Value, tensor: string) => TensorProto | null): TensorProto | null {
  if (value.source.kind === 'weight') return weightOf(value, value.source.tensor)
  if (value.source.kind !== 'constant') throw new GraphError(`${value.name} is neither a constant nor a weight`)
  return create(TensorProtoSchema, { ...tensorHead(value), rawData: rawBytes(value.dtype, value.source.data) })
}

/** A stored tensor's name, type and shape. */
export function tensorHead(value: Value): TensorProto {
  const dims = value.shape.map((dim) => {
    if (typeof dim !== 'number') throw new GraphError(`${value.name} is stored, but its size "${dim}" is not known`)
    return BigInt(dim)
  })
  return create(TensorProtoSchema, { name: value.name, dims, dataType: onnxTypeNumber[value.dtype] })
}

/** A stored tensor whose bytes lie in another file. */
export function externalTensor(value: Value, { location, offset, length }: ExternalLocation): TensorProto {
  const entry = (key: string, text: string) => create(StringStringEntryProtoSchema, { key, value: text })
  return create(TensorProtoSchema, {
    ...tensorHead(value),
    dataLocation: TensorProto_DataLocation.EXTERNAL,
    externalData: [entry('location', location), entry('offset', String(offset)), entry('length', String(length))]
  })
}

function rawBytes(dtype: DType, data: readonly number[]): Uint8Array {
  switch (dtype) {
    case 'float32':
      return new Uint8Array(Float32Array.from(data).buffer)
    case 'int64':
      return new Uint8Array(BigInt64Array.from(data, (item) => BigInt(item)).buffer)
    case 'int32':
      return new Uint8Array(Int32Array.from(data).buffer)
    case 'int8':
      return new Uint8Array(Int8Array.from(data).buffer)
    case 'uint8':
    case 'bool':
      return Uint8Array.from(data)
    case 'float16':
      return new Uint8Array(Float16Array.from(data).buffer)
    case 'bfloat16':
      return new Uint8Array(Uint16Array.from(Float32Array.from(data), bfloat16Bits).buffer)
  }
}

/** The upper half of a float32, rounded to nearest even (constants are finite). */
function bfloat16Bits(value: number): number {
  const bits = new Uint32Array(Float32Array.of(value).buffer)[0] ?? 0
  return ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16) & 0xffff
}
