import { defined } from '../../base/assert.ts'
import type { Ops } from '../../engine/graph/operations.ts'
import type { Shape, Value } from '../../engine/graph/types.ts'
import type { TensorSource } from '../../engine/weights/elements.ts'
import { joined, transposed } from './arrange-tensors.ts'

/** An adapter's two tensors at one linear layer: y + (x·Aᵀ)·Bᵀ. */
export interface AdapterPair {
  readonly A: Value
  readonly B: Value
}

export interface GraphTensorsOptions {
  readonly g: Ops
  /** Weights in float32 by the family's names. */
  readonly floats: ReadonlyMap<string, TensorSource>
  /** The same in float16, for what is computed in it; null where everything is float32. */
  readonly halves: ReadonlyMap<string, TensorSource> | null
  /** Tensors that the graph is fed instead of holding them, with their shapes. */
  readonly fed: ReadonlyMap<string, Shape>
  /** The adapter of a linear layer that is fed too, by the layer's path. */
  readonly adapterAt: (path: string) => AdapterPair | null
}

/** Hands a graph its weights, and notes which bytes each of them has. */
export class GraphTensors {
  readonly g: Ops
  readonly stored = new Map<string, TensorSource>()
  readonly #options: GraphTensorsOptions
  readonly #narrowed = new Map<Value, Value>()

  constructor(options: GraphTensorsOptions) {
    this.g = options.g
    this.#options = options
  }

  /** A tensor as the checkpoint has it, in float32. */
  param(name: string): Value {
    const fed = this.#options.fed.get(name)
    return fed ? this.g.input(name, 'float32', fed) : this.#store(this.#source(name))
  }

  /** x·Wᵀ of a linear layer, with its adapter and without its bias. */
  linear(x: Value, path: string): Value {
    const name = `${path}.weight`
    const { g } = this
    const fed = this.#options.fed.get(name)
    const y = fed ? g.fusedMatMul(x, g.input(name, 'float32', fed), { transB: true }) : this.#product(x, name)
    const adapter = this.#options.adapterAt(path)
    if (!adapter) return y
    const narrow = g.fusedMatMul(x, adapter.A, { transB: true })
    return g.add(y, g.fusedMatMul(narrow, adapter.B, { transB: true }))
  }

  /** Rows of an embedding table. */
  table(name: string, pick: (table: Value) => Value): Value {
    const { halves, fed } = this.#options
    const table = fed.has(name) || !halves ? this.param(name) : this.#store(defined(halves.get(name), name))
    return this.g.cast(pick(table), 'float32')
  }

  /** Vectors one after another, as one tensor `name` where all of them are stored. */
  together(name: string, parts: readonly string[]): Value {
    if (parts.some((part) => this.#options.fed.has(part)))
      return this.g.concat(
        parts.map((part) => this.param(part)),
        0
      )
    return this.#store(
      joined(
        name,
        parts.map((part) => this.#source(part))
      )
    )
  }

  #product(x: Value, name: string): Value {
    const { halves } = this.#options
    if (!halves) return this.g.matMul(x, this.#store(transposed(this.#source(name))))
    const W = this.#store(transposed(defined(halves.get(name), name)))
    return this.g.cast(this.g.matMul(this.#narrow(x), W), 'float32')
  }

  #narrow(x: Value): Value {
    const known = this.#narrowed.get(x) ?? this.g.cast(x, 'float16')
    this.#narrowed.set(x, known)
    return known
  }

  #source(name: string): TensorSource {
    return defined(this.#options.floats.get(name), `the model's tensor ${name}`)
  }

  #store(tensor: TensorSource): Value {
    this.stored.set(tensor.name, tensor)
    return this.g.weight(tensor.name, tensor.dtype === 'F16' ? 'float16' : 'float32', tensor.shape)
  }
}
