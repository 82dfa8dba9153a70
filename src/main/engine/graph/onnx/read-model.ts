import { fromBinary } from '@bufbuild/protobuf'
import { GraphError, messageOf } from '../../../base/errors.ts'
import { nameInputs, type OpDefinition } from '../define-op.ts'
import { allOps } from '../ops/index.ts'
import { quotientOf } from '../shapes.ts'
import type { Dim, Graph, Node, Shape, Source, TensorType, Value } from '../types.ts'
import { verifyGraph } from '../verify.ts'
import { attributesOf, readAttributes } from './attributes.ts'
import { ModelProtoSchema, type GraphProto, type ModelProto, type NodeProto, type ValueInfoProto } from './generated/onnx_pb.js'
import { malformed, short, unsupported } from './malformed.ts'
import { checkShape, readDimName, readType } from './read-type.ts'
import { checkOverlaps, readStored, type StoredTensor } from './stored-tensor.ts'
import { opset, type ExternalLocation } from './write-model.ts'

export interface ReadModel {
  readonly graph: Graph
  /** Inputs as the file declares them, shape vectors included. State slots of our own files come back as inputs. */
  readonly inputs: readonly Value[]
  /** Where the bytes of each weight lie, by tensor name. */
  readonly locations: ReadonlyMap<string, ExternalLocation>
}

/**
 * Reads an ONNX model into our graph: opset 18 and the operators of `ops/index.ts`. External data become weights, other initializers constants;
 * an int64 input named `shape/rows,time,…` becomes the shape vector of these dims. Memory stays within a small multiple of the file's size.
 * @throws InputError naming node and operator (or tensor) for whatever is malformed or unknown. Nothing else is thrown for any bytes.
 */
export function readModel(bytes: Uint8Array): ReadModel {
  try {
    const model = decodeModel(bytes)
    checkOpsets(model)
    if (!model.graph) throw malformed('The ONNX file holds no graph.')
    return new GraphReader(model.graph).read()
  } catch (error) {
    if (error instanceof GraphError)
      throw malformed(`The ONNX graph does not fit together: ${short(messageOf(error))}.`, undefined, error)
    throw error
  }
}

export function decodeModel(bytes: Uint8Array): ModelProto {
  try {
    return fromBinary(ModelProtoSchema, bytes, { readUnknownFields: false })
  } catch (error) {
    throw malformed('The file is not an ONNX model, or it is damaged.', undefined, error)
  }
}

function checkOpsets({ opsetImport }: ModelProto): void {
  const versions = new Map(opsetImport.map(({ domain, version }) => [domain === 'ai.onnx' ? '' : domain, version]))
  const main = versions.get('')
  if (main !== BigInt(opset)) throw unsupported(`The ONNX model uses opset ${main ?? 'none'}; Attune reads opset ${opset}.`)
  const microsoft = versions.get('com.microsoft') ?? 1n
  if (microsoft !== 1n) throw unsupported(`The ONNX model uses com.microsoft opset ${microsoft}; Attune reads 1.`)
}

const opsByName = new Map<string, OpDefinition>(
  // An op's own input names are checked by nameInputs before infer sees them.
  Object.values(allOps).map((op) => [`${op.domain}:${op.type}`, op as unknown as OpDefinition])
)

class GraphReader {
  readonly #proto: GraphProto
  readonly #values = new Map<string, Value>()
  readonly #locations = new Map<string, ExternalLocation>()
  readonly #nodes: Node[] = []

  constructor(proto: GraphProto) {
    this.#proto = proto
  }

  read(): ReadModel {
    if (this.#proto.sparseInitializer.length > 0) throw unsupported('The ONNX model holds sparse tensors.')
    for (const tensor of this.#proto.initializer) this.#store(tensor.name, readStored(tensor))
    checkOverlaps(this.#locations)
    const inputs = this.#proto.input.flatMap((info) => (this.#isStored(info.name) ? [] : [this.#input(info)]))
    this.#proto.node.forEach((node, i) => {
      if (node.opType === 'Constant' && isMainDomain(node)) this.#constant(node, i)
      else this.#node(node, i)
    })
    const outputs = new Map(this.#proto.output.map((info) => [info.name, this.#output(info)]))
    if (outputs.size !== this.#proto.output.length) throw malformed('The ONNX graph names an output twice.')
    if (outputs.size === 0) throw malformed('The ONNX graph has no output.')
    const graph: Graph = { nodes: this.#nodes, outputs }
    verifyGraph(graph)
    return { graph, inputs, locations: this.#locations }
  }

  #isStored(name: string): boolean {
    const kind = this.#values.get(name)?.source.kind
    return kind === 'constant' || kind === 'weight'
  }

  #claim(name: string, type: TensorType, source: Source): Value {
    if (name === '') throw malformed('The ONNX graph holds a tensor without a name.')
    if (this.#values.has(name)) throw malformed(`The ONNX graph holds two tensors named "${short(name)}".`, name)
    const value: Value = { name, dtype: type.dtype, shape: type.shape, source }
    this.#values.set(name, value)
    return value
  }

  #store(name: string, { dtype, shape, content }: StoredTensor): Value {
    if ('data' in content) return this.#claim(name, { dtype, shape }, { kind: 'constant', data: content.data })
    this.#locations.set(name, content.external)
    return this.#claim(name, { dtype, shape }, { kind: 'weight', tensor: name })
  }

  #input(info: ValueInfoProto): Value {
    const type = readType(info, `The input "${short(info.name)}"`)
    if (!info.name.startsWith('shape/')) return this.#claim(info.name, type, { kind: 'input' })
    const dims = info.name.slice('shape/'.length).split(',').map(readDimName)
    if (type.dtype !== 'int64' || type.shape.length !== 1 || type.shape[0] !== dims.length)
      throw malformed(`The shape vector "${short(info.name)}" is not a list of ${dims.length} int64 numbers.`, info.name)
    return this.#claim(info.name, type, { kind: 'shape', dims })
  }

  #output(info: ValueInfoProto): Value {
    const value = this.#values.get(info.name)
    if (!value) throw malformed(`The output "${short(info.name)}" of the ONNX graph is never made.`, info.name)
    const declared = readType(info, `The output "${short(info.name)}"`, value)
    const fits = (dim: Dim, i: number): boolean =>
      typeof dim === 'string' || typeof value.shape[i] === 'string' || dim === value.shape[i]
    if (declared.dtype !== value.dtype || declared.shape.length !== value.shape.length || !declared.shape.every(fits))
      throw malformed(`The output "${short(info.name)}" of the ONNX graph is not of its declared type.`, info.name)
    return value
  }

  #constant(node: NodeProto, position: number): void {
    const place = placeOf(node, position)
    const [attribute, ...others] = node.attribute
    const [name, ...more] = node.output
    if (attribute?.name !== 'value' || !attribute.t || others.length > 0 || name === undefined || more.length > 0)
      throw unsupported(`${place} is not a plain tensor.`)
    const stored = readStored(attribute.t)
    if (!('data' in stored.content)) throw unsupported(`${place} keeps its numbers in another file.`)
    this.#store(name, stored)
  }

  #node(proto: NodeProto, position: number): void {
    const place = placeOf(proto, position)
    const op = opsByName.get(`${isMainDomain(proto) ? '' : proto.domain}:${proto.opType}`)
    if (!op) throw unsupported(`${place} is an operator that Attune does not know.`)
    // `opsByName` holds exactly the ops of `allOps`, whose keys are their types.
    const attributes = readAttributes(attributesOf[op.type as keyof typeof allOps], proto.attribute, place)
    const name = proto.name === '' ? `${proto.opType}_${position}` : proto.name
    const inputs = this.#withShape(
      op,
      name,
      proto.input.map((input) => this.#operand(input, place))
    )
    const types = inferTypes(op, inputs, attributes, place)
    if (proto.output.length > types.length) throw malformed(`${place} has ${proto.output.length} outputs.`)
    const outputs: Value[] = []
    const node: Node = { op, name, scope: name.split('/').slice(0, -1).join('/'), inputs, attributes, outputs }
    types.forEach((type, index) => {
      const given = proto.output[index] ?? ''
      if (given === '' && index === 0) throw malformed(`${place} has no output.`)
      outputs.push(
        this.#claim(given === '' ? `${name}:${op.outputs[index] ?? index}` : given, type, { kind: 'node', node, index })
      )
    })
    this.#nodes.push(node)
  }

  #operand(name: string, place: string): Value | null {
    if (name === '') return null
    const value = this.#values.get(name)
    if (!value) throw malformed(`${place} reads "${short(name)}", which is not made before it.`, name)
    return value
  }

  /** Puts real sizes where a constant Reshape target has 0 (as it was) or −1 (what is left over). */
  #withShape(op: OpDefinition, node: string, inputs: readonly (Value | null)[]): readonly (Value | null)[] {
    const [data, target] = inputs
    if (op.type !== 'Reshape' || !data || target?.source.kind !== 'constant') return inputs
    const wanted = target.source.data
    if (!wanted.some((size) => size <= 0)) return inputs
    const known = wanted.map((size, i): Dim | undefined => (size === 0 ? data.shape[i] : size))
    const rest = quotientOf(
      data.shape,
      known.filter((dim): dim is Dim => dim !== undefined && dim !== -1)
    )
    const dims = known.map((dim) => (dim === -1 ? rest : dim))
    if (!dims.every((dim) => dim !== undefined)) return inputs
    return [data, this.#shapeValue(node, dims)]
  }

  #shapeValue(node: string, dims: Shape): Value {
    const type = { dtype: 'int64', shape: [dims.length] } as const
    if (dims.every((dim) => typeof dim === 'number')) return this.#claim(`${node}/shape`, type, { kind: 'constant', data: dims })
    const name = `shape/${dims.join(',')}`
    const known = this.#values.get(name)
    return known?.source.kind === 'shape' ? known : this.#claim(name, type, { kind: 'shape', dims })
  }
}

const isMainDomain = ({ domain }: NodeProto): boolean => domain === '' || domain === 'ai.onnx'

const placeOf = ({ name, opType, domain }: NodeProto, position: number): string =>
  `The node ${name === '' ? `number ${position + 1}` : `"${short(name)}"`} (${short(domain === '' ? opType : `${domain}.${opType}`)})`

/** What the op infers from its inputs; our ops' own errors are given the node's name. */
function inferTypes(
  op: OpDefinition,
  inputs: readonly (Value | null)[],
  attributes: Node['attributes'],
  place: string
): readonly TensorType[] {
  try {
    // nameInputs checks presence and element types against the op's declaration.
    const types = op.infer(nameInputs(op, inputs) as never, attributes)
    for (const { shape } of types) checkShape(shape)
    return types
  } catch (error) {
    if (!(error instanceof GraphError)) throw error
    throw malformed(`${place} does not fit its inputs: ${error.message.slice(0, 300)}.`, undefined, error)
  }
}
