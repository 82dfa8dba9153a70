import type { OpDefinition } from './define-op.ts'

/** ONNX element types that our graphs use. */
export type DType = 'float32' | 'float16' | 'bfloat16' | 'int64' | 'int32' | 'uint8' | 'int8' | 'bool'

/**
 * One axis: a number, or a named size that the host supplies with each batch. Names in use: `rows` and `time` (a padded batch),
 * `tokens` (rows × time), `examples` (positions that carry a loss). `a*b` is the product of two names,
 * `8+time` what Concat makes of an axis of 8 and one of `time`.
 */
export type Dim = number | string
export type Shape = readonly Dim[]

export interface TensorType {
  readonly dtype: DType
  readonly shape: Shape
}

export type Attribute = number | string | readonly number[] | readonly string[] | { readonly float: number }
export type Attributes = Readonly<Record<string, Attribute | undefined>>

/** Small constant data inside the graph. int64 data are kept as plain numbers; all are below 2⁵³. */
export type ConstantData = readonly number[]

/** Where a value comes from. */
export type Source =
  /** Fed by the host with every batch. */
  | { readonly kind: 'input' }
  /** An int64 vector fed by the host: the given sizes, with the batch's numbers put in for names. */
  | { readonly kind: 'shape'; readonly dims: Shape }
  /** A frozen tensor of the checkpoint: an initializer that points into a safetensors file. */
  | { readonly kind: 'weight'; readonly tensor: string }
  /** A named state slot, updated in place between runs: trainable tensors, statistics, caches. */
  | { readonly kind: 'state'; readonly slot: string }
  | { readonly kind: 'constant'; readonly data: ConstantData }
  | { readonly kind: 'node'; readonly node: Node; readonly index: number }

/** One tensor of the graph. */
export interface Value extends TensorType {
  readonly name: string
  readonly source: Source
}

/** One operator call. `inputs` holds null where an optional input is left out. */
export interface Node {
  readonly op: OpDefinition
  readonly name: string
  /** The path of the module that made it, e.g. `bert.encoder.layer.0.attention.self`. */
  readonly scope: string
  readonly inputs: readonly (Value | null)[]
  readonly attributes: Attributes
  readonly outputs: readonly Value[]
}

/** Nodes in the order they were made, which is a topological order. */
export interface Graph {
  readonly nodes: readonly Node[]
  readonly outputs: ReadonlyMap<string, Value>
}

export const isFloat = (dtype: DType): boolean => dtype === 'float32' || dtype === 'float16' || dtype === 'bfloat16'

/** `float32[tokens,768]`, for messages. */
export function describe(value: TensorType): string {
  return `${value.dtype}[${value.shape.join(',')}]`
}
