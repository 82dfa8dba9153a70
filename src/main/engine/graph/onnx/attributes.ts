import type { allOps } from '../ops/index.ts'
import type { Attribute } from '../types.ts'
import { AttributeProto_AttributeType, type AttributeProto } from './generated/onnx_pb.js'
import { malformed, short, unsupported } from './malformed.ts'

/** One attribute of an operator, as opset 18 (or com.microsoft 1) declares it. */
export interface AttributeSpec {
  readonly kind: 'int' | 'float' | 'string' | 'ints'
  /** What holds where a file leaves it out; without one it must be there. */
  readonly default?: Attribute
  /** The only value that our operator computes; other values are refused. */
  readonly only?: number | string
  /** Left out of the graph where a file leaves it out. */
  readonly mayLack?: boolean
}

const required = (kind: AttributeSpec['kind']): AttributeSpec => ({ kind })
const int = (value: number): AttributeSpec => ({ kind: 'int', default: value })
const float = (value: number): AttributeSpec => ({ kind: 'float', default: { float: value } })
const only = (value: number | string): AttributeSpec => ({
  kind: typeof value === 'number' ? 'int' : 'string',
  only: value,
  mayLack: true
})

const none = {}
const axis = (value: number) => ({ axis: int(value) })
const reduction = { keepdims: int(1), noop_with_empty_axes: only(0) }
const transposed = { transA: int(0), transB: int(0), alpha: float(1) }

/** The attributes of every operator. */
export const attributesOf: Readonly<Record<keyof typeof allOps, Readonly<Record<string, AttributeSpec>>>> = {
  Abs: none,
  Add: none,
  Cast: { to: required('int') },
  Concat: { axis: required('int') },
  ConstantOfShape: none,
  DequantizeLinear: none,
  Div: none,
  Equal: none,
  Erf: none,
  Exp: none,
  Expand: none,
  FastGelu: none,
  FusedMatMul: { ...transposed, transBatchA: only(0), transBatchB: only(0) },
  GatherElements: axis(0),
  Gather: axis(0),
  Gelu: none,
  Gemm: { ...transposed, beta: float(1) },
  Greater: none,
  HardSigmoid: { alpha: float(0.2), beta: float(0.5) },
  Identity: none,
  IsNaN: none,
  LayerNormalization: { ...axis(-1), epsilon: float(1e-5), stash_type: only(1) },
  Less: none,
  LogSoftmax: axis(-1),
  Log: none,
  MatMul: none,
  Max: none,
  Min: none,
  Mul: none,
  Neg: none,
  Not: none,
  OneHot: { axis: { kind: 'int', default: -1, only: -1 } },
  Pad: { mode: only('constant') },
  Pow: none,
  QuickGelu: { alpha: float(1.702) },
  Reciprocal: none,
  ReduceMax: reduction,
  ReduceMean: reduction,
  ReduceSumSquare: reduction,
  ReduceSum: reduction,
  Relu: none,
  Reshape: { allowzero: only(0) },
  ScatterElements: { ...axis(0), reduction: { kind: 'string', default: 'none' } },
  Shape: { start: only(0) },
  Sigmoid: none,
  Sign: none,
  Slice: none,
  Softmax: axis(-1),
  Softplus: none,
  Sqrt: none,
  Squeeze: none,
  Sub: none,
  Tanh: none,
  Transpose: { perm: required('ints') },
  Unsqueeze: none,
  Where: none
}

const protoType: Readonly<Record<AttributeSpec['kind'], AttributeProto_AttributeType>> = {
  int: AttributeProto_AttributeType.INT,
  float: AttributeProto_AttributeType.FLOAT,
  string: AttributeProto_AttributeType.STRING,
  ints: AttributeProto_AttributeType.INTS
}

/**
 * A node's attributes in the file's order, then those it leaves to their defaults. `place` names the node in messages.
 * Throws an InputError for an attribute that is unknown, missing, twice there, of another kind or of a value that we do not compute.
 */
export function readAttributes(
  specs: Readonly<Record<string, AttributeSpec>>,
  attributes: readonly AttributeProto[],
  place: string
): Record<string, Attribute> {
  const found: Record<string, Attribute> = {}
  for (const attribute of attributes) {
    const name = short(attribute.name)
    const spec = Object.hasOwn(specs, attribute.name) ? specs[attribute.name] : undefined
    if (!spec) throw unsupported(`${place} has the attribute "${name}", which Attune does not know.`)
    if (Object.hasOwn(found, name)) throw malformed(`${place} has the attribute "${name}" twice.`)
    if (attribute.type !== protoType[spec.kind])
      throw malformed(`${place} has the attribute "${name}" as another kind than ${spec.kind}.`)
    const value = valueOf(spec.kind, attribute, place)
    if (spec.only !== undefined && value !== spec.only)
      throw unsupported(`${place} has ${name} = ${short(JSON.stringify(value))}; Attune computes only ${spec.only}.`)
    found[name] = value
  }
  for (const [name, spec] of Object.entries(specs)) {
    if (Object.hasOwn(found, name) || spec.mayLack) continue
    if (spec.default === undefined) throw malformed(`${place} lacks the attribute "${name}".`)
    found[name] = spec.default
  }
  return found
}

function valueOf(kind: AttributeSpec['kind'], { name, i, f, s, ints }: AttributeProto, place: string): Attribute {
  const whole = (value: bigint): number => {
    const number = Number(value)
    if (!Number.isSafeInteger(number)) throw malformed(`${place} has too large a number as the attribute "${short(name)}".`)
    return number
  }
  switch (kind) {
    case 'int':
      return whole(i)
    case 'float':
      return { float: f }
    case 'string':
      return new TextDecoder().decode(s)
    case 'ints':
      return ints.map(whole)
  }
}
