import { GraphError } from '../../base/errors.ts'
import { nameInputs, type InputSpecs, type OpDefinition } from './define-op.ts'
import { sameShape } from './shapes.ts'
import type { Attributes, ConstantData, DType, Graph, Node, Shape, Source, TensorType, Value } from './types.ts'

/** A dropout mask that the host makes for every micro-step: uint8, 1 = keep. */
export interface MaskInput {
  readonly value: Value
  /** Share of elements dropped. */
  readonly probability: number
}

/**
 * Collects the nodes of one graph. Every value's name is derived from the scope path and the op, so that a dumped graph reads like the model.
 * Operators are called through the functions of `Ops` (operations.ts), which extends this class.
 */
export class GraphBuilder {
  readonly nodes: Node[] = []
  readonly outputs = new Map<string, Value>()
  readonly masks: MaskInput[] = []
  /** Values that count as constants when gradients are made (`Ops.detach`). */
  readonly detached = new Set<Value>()
  /** Whether dropout is active. */
  readonly training: boolean
  /** Whether attention's probabilities with their dropout are kept between the passes instead of being made again (autodiff/rules/again.ts). */
  keepsDropped = false
  readonly #names = new Map<string, number>()
  readonly #interned = new Map<string, Value>()
  #scope = ''

  constructor(options: { readonly training: boolean }) {
    this.training = options.training
  }

  get scope(): string {
    return this.#scope
  }

  /** Runs `make` with node names under `path`. */
  within<T>(path: string, make: () => T): T {
    const outer = this.#scope
    this.#scope = path
    try {
      return make()
    } finally {
      this.#scope = outer
    }
  }

  /** A tensor that the host feeds with every batch. */
  input(name: string, dtype: DType, shape: Shape): Value {
    return this.#intern(name, { dtype, shape }, { kind: 'input' })
  }

  /** A frozen checkpoint tensor, as float32 or converted to another type. */
  weight(tensor: string, dtype: DType, shape: Shape): Value {
    return this.#intern(dtype === 'float32' ? tensor : `${tensor}/${dtype}`, { dtype, shape }, { kind: 'weight', tensor })
  }

  /** The same numbers of a frozen tensor in another shape, which costs no node. */
  weightAs(tensor: string, shape: Shape): Value {
    return this.#intern(`${tensor}/${shape.join('x')}`, { dtype: 'float32', shape }, { kind: 'weight', tensor })
  }

  /** A state slot, e.g. a trainable tensor. */
  state(slot: string, dtype: DType, shape: Shape): Value {
    return this.#intern(slot, { dtype, shape }, { kind: 'state', slot })
  }

  /** Constant numbers; equal constants are one value. */
  constant(data: ConstantData, shape: Shape, dtype: DType): Value {
    const key = `${dtype}[${shape.join(',')}]:${data.join(',')}`
    const known = this.#interned.get(`constant ${key}`)
    if (known) return known
    const value: Value = { name: this.#fresh(`constant/${dtype}`), dtype, shape, source: { kind: 'constant', data } }
    this.#interned.set(`constant ${key}`, value)
    return value
  }

  /** An int64 vector of sizes: a constant where all are numbers (one name may be left to −1 by Reshape), else fed by the host. */
  shapeVector(dims: Shape): Value {
    if (dims.every((dim) => typeof dim === 'number')) return this.constant(dims, [dims.length], 'int64')
    return this.#intern(`shape/${dims.join(',')}`, { dtype: 'int64', shape: [dims.length] }, { kind: 'shape', dims })
  }

  /** Declares `value` an output of the graph under `name`. */
  output(name: string, value: Value): void {
    if (this.outputs.has(name)) throw new GraphError(`output "${name}" is declared twice`)
    this.outputs.set(name, value)
  }

  /** Adds one node and returns its outputs. `inputs` follow the op's declared order; null leaves an optional one out. */
  apply<I extends InputSpecs, A extends Attributes>(
    op: OpDefinition<I, A>,
    inputs: readonly (Value | null)[],
    attributes: A
  ): readonly Value[] {
    const general = op as unknown as OpDefinition // The declaration's types are checked by nameInputs on the next line.
    const named = nameInputs(general, inputs)
    const types = this.#infer(general, named, attributes)
    const name = this.#fresh(this.#scope === '' ? op.type : `${this.#scope}/${op.type}`)
    const outputs: Value[] = []
    const node: Node = { op: general, name, scope: this.#scope, inputs, attributes, outputs }
    types.forEach((type, index) => {
      const suffix = index === 0 ? '' : `:${op.outputs[index] ?? index}`
      outputs.push({ name: `${name}${suffix}`, dtype: type.dtype, shape: type.shape, source: { kind: 'node', node, index } })
    })
    this.nodes.push(node)
    return outputs
  }

  /** The first output of `apply`. */
  one<I extends InputSpecs, A extends Attributes>(
    op: OpDefinition<I, A>,
    inputs: readonly (Value | null)[],
    attributes: A
  ): Value {
    const [value] = this.apply(op, inputs, attributes)
    if (!value) throw new GraphError(`${op.type} has no output`)
    return value
  }

  /** The graph as it stands. */
  build(): Graph {
    return { nodes: [...this.nodes], outputs: new Map(this.outputs) }
  }

  #infer(op: OpDefinition, named: ReturnType<typeof nameInputs>, attributes: Attributes): readonly TensorType[] {
    try {
      // nameInputs has checked presence and element types against the op's declaration.
      return op.infer(named as never, attributes)
    } catch (error) {
      if (!(error instanceof GraphError)) throw error
      throw new GraphError(`${error.message} (in ${this.#scope || 'the top scope'})`, { cause: error })
    }
  }

  #intern(name: string, type: TensorType, source: Source): Value {
    const known = this.#interned.get(name)
    if (known) {
      if (known.dtype === type.dtype && sameShape(known.shape, type.shape) && known.source.kind === source.kind) return known
      throw new GraphError(
        `"${name}" is declared twice with different types: [${known.shape.join(',')}] and [${type.shape.join(',')}]`
      )
    }
    const value: Value = { name, ...type, source }
    this.#interned.set(name, value)
    return value
  }

  #fresh(base: string): string {
    const count = (this.#names.get(base) ?? 0) + 1
    this.#names.set(base, count)
    return count === 1 ? base : `${base}_${count}`
  }
}
