import { assert } from '../../../base/assert.ts'
import { elementTypes } from '../element-types.ts'
import { HostState } from '../host-state.ts'
import type { ElementType, HostData, StateTensor } from '../port.ts'
import { addressOf, checkStatus, PointerArray } from './api.ts'
import type { Library } from './api.ts'
import type { StateStore } from './state-store.ts'

const mostDimensions = 32

/** Makes OrtValues: the library's tensors, laid over memory that JavaScript owns. Those of state are made once and kept. */
export class Values implements StateStore {
  readonly #library: Library
  readonly #out = new PointerArray(1)
  readonly #shape = new BigInt64Array(new ArrayBuffer(mostDimensions * 8))
  readonly #shapeAddress = addressOf(this.#shape.buffer)
  readonly #kept = new WeakMap<HostState, number>()
  readonly #live = new Set<number>()
  readonly #collected = new FinalizationRegistry<number>((value) => this.#release(value))
  /** Where tensors without elements claim to lie: the library refuses a null pointer. */
  readonly #nothing = new PointerArray(1)

  constructor(library: Library) {
    this.#library = library
  }

  /** An OrtValue over `data`, which the caller keeps alive; to be released by the caller. */
  over(type: ElementType, shape: readonly number[], data: HostData): number {
    const { api, memory } = this.#library
    for (let i = 0; i < shape.length; i++) this.#shape[i] = BigInt(shape[i] ?? 0)
    const where = data.byteLength === 0 ? this.#nothing.address : addressOf(data.buffer) + data.byteOffset
    const { code } = elementTypes[type]
    checkStatus(
      api,
      api.CreateTensorWithDataAsOrtValue(
        memory,
        where,
        data.byteLength,
        this.#shapeAddress,
        shape.length,
        code,
        this.#out.address
      )
    )
    return this.#out.get(0)
  }

  /** The OrtValue of a state tensor: made at its first use, released when the tensor is collected or the runtime disposed. */
  ofState(state: HostState): number {
    const known = this.#kept.get(state)
    if (known !== undefined) return known
    const value = this.over(state.type, state.shape, state.data)
    this.#kept.set(state, value)
    this.#live.add(value)
    this.#collected.register(state, value)
    return value
  }

  readonly owns = (tensor: unknown): boolean => tensor instanceof HostState

  read(state: StateTensor): number {
    assert(state instanceof HostState, 'checked state')
    return this.ofState(state)
  }

  write(state: StateTensor): number {
    return this.read(state)
  }

  release(value: number): void {
    this.#library.api.ReleaseValue(value)
  }

  dispose(): void {
    for (const value of this.#live) this.#release(value)
  }

  #release(value: number): void {
    if (this.#live.delete(value)) this.release(value)
  }
}
