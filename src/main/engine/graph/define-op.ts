import { GraphError } from '../../base/errors.ts'
import { describe, isFloat, type Attributes, type DType, type TensorType, type Value } from './types.ts'

export type InputKind = 'float' | 'index' | 'bool' | 'byte' | 'any'

export interface InputSpec<
  Kind extends InputKind = InputKind,
  Optional extends boolean = boolean,
  Many extends boolean = boolean
> {
  readonly kind: Kind
  readonly optional: Optional
  /** The last input of an op may repeat (Concat, Sum). */
  readonly many: Many
}

/** A tensor that gradients may flow into. */
export const float = (): InputSpec<'float', false, false> => ({ kind: 'float', optional: false, many: false })
/** Integers: indices, axes, shapes. No gradient. */
export const index = (): InputSpec<'index', false, false> => ({ kind: 'index', optional: false, many: false })
export const bool = (): InputSpec<'bool', false, false> => ({ kind: 'bool', optional: false, many: false })
/** Quantised numbers, int8 or uint8; the inputs of one op may differ. No gradient. */
export const byte = (): InputSpec<'byte', false, false> => ({ kind: 'byte', optional: false, many: false })
/** Any element type; a gradient flows only where it is float. */
export const any = (): InputSpec<'any', false, false> => ({ kind: 'any', optional: false, many: false })
export const optional = <K extends InputKind>(spec: InputSpec<K, false, false>): InputSpec<K, true, false> => ({
  ...spec,
  optional: true
})
export const many = <K extends InputKind>(spec: InputSpec<K, false, false>): InputSpec<K, false, true> => ({
  ...spec,
  many: true
})

export type InputSpecs = Readonly<Record<string, InputSpec>>

/** The values an op receives, by input name. */
export type InputsOf<I extends InputSpecs> = {
  readonly [K in keyof I]: I[K] extends InputSpec<InputKind, boolean, true>
    ? readonly Value[]
    : I[K] extends InputSpec<InputKind, true>
      ? Value | null
      : Value
}

/** An operator of ONNX inside a branch. */
export interface BranchNode {
  readonly type: string
  /** Inputs of the op by their place, or what the branch's node before this one makes. */
  readonly inputs: readonly (number | 'before')[]
  /** Attributes of the node that go to this operator. */
  readonly attributes: readonly string[]
}

export interface OpDefinition<I extends InputSpecs = InputSpecs, A extends Attributes = Attributes> {
  readonly type: string
  /** '' is the ONNX domain; `com.microsoft` holds ONNX Runtime's own ops. */
  readonly domain: '' | 'com.microsoft'
  /** The first opset of ONNX whose operator computes this, where that is later than the one we write. */
  readonly opset?: number
  readonly inputs: I
  readonly outputs: readonly string[]
  /** Types and shapes of the outputs. Throws a GraphError when the inputs do not fit together. */
  readonly infer: (inputs: InputsOf<I>, attributes: A) => readonly TensorType[]
  /** Of an If, whose first input says which: what is computed where it is true, and where it is false. */
  readonly branches?: readonly [readonly BranchNode[], readonly BranchNode[]]
}

interface OpSource<I extends InputSpecs, A extends Attributes> {
  readonly type: string
  readonly domain?: 'com.microsoft'
  readonly opset?: number
  readonly inputs: I
  readonly outputs?: readonly string[]
  readonly infer: (inputs: InputsOf<I>, attributes: A) => TensorType | readonly TensorType[]
  readonly branches?: OpDefinition['branches']
}

/** Declares one ONNX operator: its inputs, and the types and shapes of its outputs. */
export function defineOp<I extends InputSpecs, A extends Attributes = Readonly<Record<string, never>>>(
  source: OpSource<I, A>
): OpDefinition<I, A> {
  return {
    type: source.type,
    domain: source.domain ?? '',
    ...(source.opset === undefined ? {} : { opset: source.opset }),
    ...(source.branches === undefined ? {} : { branches: source.branches }),
    inputs: source.inputs,
    outputs: source.outputs ?? ['Y'],
    infer(inputs, attributes) {
      const result = source.infer(inputs, attributes)
      return isTensorType(result) ? [result] : result
    }
  }
}

function isTensorType(result: TensorType | readonly TensorType[]): result is TensorType {
  return 'dtype' in result
}

const accepts: Readonly<Record<InputKind, (dtype: DType) => boolean>> = {
  float: isFloat,
  index: (dtype) => dtype === 'int64' || dtype === 'int32',
  bool: (dtype) => dtype === 'bool',
  byte: (dtype) => dtype === 'int8' || dtype === 'uint8',
  any: () => true
}

type Declared = readonly (readonly [string, InputSpec])[]

/** The inputs that ops declare: graphs have thousands of nodes of a few dozen ops. */
const declared = new WeakMap<InputSpecs, Declared>()

function declaredBy({ inputs }: OpDefinition): Declared {
  const known = declared.get(inputs)
  if (known) return known
  const entries = Object.entries(inputs)
  declared.set(inputs, entries)
  return entries
}

/**
 * Names an op's positional inputs after its declaration, checking presence and element type. ONNX binds all float inputs of each of our ops to one element type, and
 * all `any` inputs to one.
 */
export function nameInputs(op: OpDefinition, values: readonly (Value | null)[]): Record<string, Value | null | readonly Value[]> {
  const named: Record<string, Value | null | readonly Value[]> = {}
  const first: { float: Value | null; any: Value | null } = { float: null, any: null }
  const check = (name: string, spec: InputSpec, value: Value): void => {
    checkKind(op, name, spec, value)
    const { kind } = spec
    if (kind !== 'float' && kind !== 'any') return
    first[kind] ??= value
    if (first[kind].dtype !== value.dtype) throw differing(op, first[kind], value)
  }
  let at = 0
  for (const [name, spec] of declaredBy(op)) {
    if (spec.many) {
      const rest = values.slice(at).filter((value) => value !== null)
      if (rest.length === 0) throw new GraphError(`${op.type}: needs at least one ${name}`)
      for (const value of rest) check(name, spec, value)
      named[name] = rest
      at = values.length
      continue
    }
    const value = values[at++] ?? null
    if (value === null && !spec.optional) throw new GraphError(`${op.type}: input ${name} is missing`)
    if (value !== null) check(name, spec, value)
    named[name] = value
  }
  if (at < values.length) throw new GraphError(`${op.type}: takes ${at} inputs, got ${values.length}`)
  return named
}

const differing = ({ type }: OpDefinition, first: Value, other: Value): GraphError =>
  new GraphError(`${type}: ${first.name}: ${describe(first)} and ${other.name}: ${describe(other)} differ in element type`)

function checkKind(op: OpDefinition, name: string, spec: InputSpec, value: Value): void {
  if (!accepts[spec.kind](value.dtype)) {
    throw new GraphError(`${op.type}: input ${name} must be ${spec.kind}, got ${value.name}: ${describe(value)}`)
  }
}
