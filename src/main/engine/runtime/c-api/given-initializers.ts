import { elementTypes } from '../element-types.ts'
import type { HostTensor } from '../port.ts'
import { addressOf, checkStatus, PointerArray, TextArray } from './api.ts'
import type { Library } from './api.ts'

/** Contents of a model's initializers in JavaScript's memory, laid before a session that is being made. */
export class GivenInitializers {
  readonly #library: Library
  readonly #tensors: readonly HostTensor[]
  readonly #names: TextArray
  readonly #values: PointerArray

  constructor(library: Library, tensors: Readonly<Record<string, HostTensor>>) {
    this.#library = library
    this.#tensors = Object.values(tensors)
    this.#names = new TextArray(Object.keys(tensors))
    this.#values = new PointerArray(this.#tensors.length)
  }

  /** Tells a session's options of them. The memory is read while the session is made. */
  addTo(settings: number): void {
    if (this.#tensors.length === 0) return
    const { api, memory } = this.#library
    const out = new PointerArray(1)
    for (const [i, { type, shape, data }] of this.#tensors.entries()) {
      const lengths = new PointerArray(shape.length)
      shape.forEach((length, axis) => lengths.set(axis, length))
      const where = addressOf(data.buffer) + data.byteOffset
      const { code } = elementTypes[type]
      checkStatus(
        api,
        api.CreateTensorWithDataAsOrtValue(memory, where, data.byteLength, lengths.address, shape.length, code, out.address)
      )
      this.#values.set(i, out.get(0))
    }
    checkStatus(api, api.AddExternalInitializers(settings, this.#names.address, this.#values.address, this.#tensors.length))
  }

  /** To be called once the session is there, or could not be made. */
  release(): void {
    this.#tensors.forEach((_, i) => {
      if (this.#values.get(i) !== 0) this.#library.api.ReleaseValue(this.#values.get(i))
    })
  }
}
