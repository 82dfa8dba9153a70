import { optimizerState, type OptimizerId, type StateArray } from '../optimizers/state.ts'
import type { HostData, Runtime, StateTensor } from '../runtime/port.ts'
import type { ParameterGroup, Slot } from './parameter-groups.ts'

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

  constructor(runtime: Runtime, groups: readonly ParameterGroup[], size: number, optimizer: OptimizerId | null) {
    const pieces = groups.flatMap(({ slots }) => slots.map(({ parameter, offset }) => ({ offset, size: parameter.size })))
    const allocate = (): StateTensor => runtime.allocate('float32', [size], pieces)
    this.groups = groups
    this.size = size
    this.weights = allocate()
    // An arena that only evaluates needs no gradients.
    this.gradients = optimizer === null ? runtime.allocate('float32', [0]) : allocate()
    this.state = (optimizer === null ? [] : optimizerState[optimizer]).map(({ name, type, per }) => ({
      ...{ name, per },
      array: per === 1 ? runtime.allocate(type, [size], pieces) : runtime.allocate(type, [Math.ceil(size / per)])
    }))
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

  async read(array: StateTensor, name: string): Promise<HostData> {
    const { offset, parameter } = this.slot(name)
    return array.read(offset, parameter.size)
  }

  #view(array: StateTensor, name: string): StateTensor {
    const { offset, parameter } = this.slot(name)
    return array.view(offset, parameter.shape)
  }
}
