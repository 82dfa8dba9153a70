import { AdamwWalk, type WalkArrays } from '../optimizers/adamw-walk.ts'
import { optimizerState, type OptimizerId, type StateArray } from '../optimizers/state.ts'
import { elementTypes } from '../runtime/element-types.ts'
import type { ElementType, HostData, Runtime, StateTensor } from '../runtime/port.ts'
import type { ParameterGroup, Slot } from './parameter-groups.ts'
import { inHost, SparseRows, writeFilledRows } from './sparse-rows.ts'
import type { Stretch } from './sweep.ts'

/** One of the flat arrays: the weights, or a kind of optimizer state. */
export interface ArenaArray extends Pick<StateArray, 'name' | 'per'> {
  readonly array: StateTensor
}

/**
 * The run's trained tensors with their gradients and optimizer state, each kind one flat array in the runtime's memory. A tensor is a view
 * into it, so programs read and write it in place, and an optimizer step can sweep over all of them in stretches that fit the cache.
 */
export class Arena {
  readonly groups: readonly ParameterGroup[]
  readonly size: number
  readonly weights: StateTensor
  readonly gradients: StateTensor
  /** Optimizer state (`exp_avg`, …). */
  readonly state: readonly ArenaArray[]
  readonly #slots: ReadonlyMap<string, Slot>
  readonly #rows = new Map<string, SparseRows>()
  #hasState = false
  /** Updates stretches of the flat arrays in place, where these lie in its memory. */
  readonly #walk: AdamwWalk | null

  constructor(runtime: Runtime, groups: readonly ParameterGroup[], size: number, optimizer: OptimizerId | null) {
    const pieces = groups.flatMap(({ slots }) => slots.map(({ parameter, offset }) => ({ offset, size: parameter.size })))
    // Where the library's programs compute on the processor, its own instructions reach the same memory.
    const isOfHost = runtime.provider === 'cpu' || runtime.provider === 'directml'
    const walk = optimizer === 'adamw' && isOfHost ? AdamwWalk.make(size) : null
    const allocate = (type: ElementType = 'float32'): StateTensor =>
      runtime.allocate(type, [size], pieces, ...(walk ? [walk] : []))
    this.groups = groups
    this.size = size
    this.weights = allocate()
    // An arena that only evaluates needs no gradients.
    this.gradients = optimizer === null ? runtime.allocate('float32', [0]) : allocate()
    this.state = (optimizer === null ? [] : optimizerState[optimizer]).map(({ name, type, per }) => ({
      ...{ name, per },
      array: per === 1 ? allocate(type) : runtime.allocate(type, [Math.ceil(size / per)])
    }))
    this.#walk = walk
    this.#slots = new Map(groups.flatMap((group) => group.slots.map((slot) => [slot.parameter.name, slot])))
  }

  get slots(): readonly Slot[] {
    return [...this.#slots.values()]
  }

  slot(name: string): Slot {
    const slot = this.#slots.get(name)
    if (!slot) throw new Error(`no parameter is named ${name}`)
    return slot
  }

  /** The weight `name`, in place. */
  weight(name: string): StateTensor {
    return this.#view(this.weights, name)
  }

  gradient(name: string): StateTensor {
    return this.#view(this.gradients, name)
  }

  /** The arrays that a checkpoint must hold to go on: weights and optimizer state. */
  arrays(): readonly ArenaArray[] {
    return [{ name: 'weight', per: 1, array: this.weights }, ...this.state]
  }

  async write(array: StateTensor, name: string, data: HostData): Promise<void> {
    await array.write(data, this.slot(name).offset)
  }

  /** Puts a stored tensor back. */
  async restore({ array, per }: ArenaArray, { offset, parameter }: Slot, data: HostData): Promise<void> {
    if (array !== this.weights) this.#hasState = true
    if (per === 1 && array !== this.weights) await writeFilledRows(array.view(offset, parameter.shape), data)
    else await array.write(data, offset / per)
  }

  /** Sets the optimizer's state to zero, without touching what was never written. */
  async forgetState(): Promise<void> {
    for (const each of this.state) {
      for (const slot of this.slots) {
        const { bytes, view } = elementTypes[each.array.type]
        const size = Math.ceil(slot.parameter.size / each.per)
        await this.restore(each, slot, view(new ArrayBuffer(size * bytes), 0, size))
      }
    }
  }

  async read(array: StateTensor, name: string): Promise<HostData> {
    const { offset, parameter } = this.slot(name)
    return array.read(offset, parameter.size)
  }

  /** The rows of the table `name` that learn; null where its memory is not the host's, or the optimizer keeps other state than AdamW. */
  rows(name: string): SparseRows | null {
    const known = this.#rows.get(name)
    if (known) return known
    const arrays = this.#ofAdam((array) => this.#view(array, name))
    if (!arrays) return null
    const width = this.slot(name).parameter.shape.at(-1) ?? 1
    const rows = new SparseRows({ width, ...arrays }, !this.#hasState)
    this.#rows.set(name, rows)
    return rows
  }

  /** What updates stretches of the arrays by AdamW in one walk (optimizers/adamw-walk.ts); null where their memory or the optimizer is another. */
  get walk(): ((stretch: Stretch, scalars: Readonly<Record<string, number>>) => Promise<void>) | null {
    const walk = this.#walk
    const arrays = this.#ofAdam((array) => array)
    if (!walk || !arrays) return null
    return Object.values(arrays).every((array: Float32Array) => walk.holds(array))
      ? (stretch, scalars) => walk.update(arrays, stretch, scalars)
      : null
  }

  /** Parts of the arrays that AdamW goes over; null where their memory is not the host's, or the optimizer keeps other state. */
  #ofAdam(part: (array: StateTensor) => StateTensor): WalkArrays | null {
    const held = (array: StateTensor | undefined): Float32Array | null => (array ? inHost(part(array)) : null)
    const [weight, gradient] = [held(this.weights), held(this.gradients)]
    const [average, squares] = ['exp_avg', 'exp_avg_sq'].map((kind) => held(this.state.find((each) => each.name === kind)?.array))
    return weight && gradient && average && squares ? { weight, gradient, average, squares } : null
  }

  #view(array: StateTensor, name: string): StateTensor {
    const { offset, parameter } = this.slot(name)
    return array.view(offset, parameter.shape)
  }
}
