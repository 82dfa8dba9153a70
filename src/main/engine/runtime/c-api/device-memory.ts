import { elementTypes, sizeOf } from '../element-types.ts'
import type { ElementType } from '../port.ts'
import { checkStatus, PointerArray } from './api.ts'
import type { Library } from './api.ts'
import type { DeviceProvider } from './provider.ts'

/** OrtAllocatorType OrtDeviceAllocator and OrtMemType OrtMemTypeDefault. */
const [deviceAllocator, usualMemory] = [0, 0]

/** The device's memory, as one session's allocator gives it out. Other sessions of the provider use it as well. */
export class DeviceMemory {
  readonly #library: Library
  readonly #info: number
  readonly #allocator: number
  readonly #out = new PointerArray(1)
  readonly #blocks = new Set<number>()
  readonly #values = new Set<number>()

  /** `session` is kept open for as long as this is used. */
  constructor(library: Library, session: number, { memoryName }: DeviceProvider) {
    const { api } = library
    this.#library = library
    checkStatus(api, api.CreateMemoryInfo(memoryName, deviceAllocator, 0, usualMemory, this.#out.address))
    this.#info = this.#out.get(0)
    checkStatus(api, api.CreateAllocator(session, this.#info, this.#out.address))
    this.#allocator = this.#out.get(0)
  }

  /** New memory of undefined content: a pointer, or what stands for one. @throws Error where the device has too little. */
  take(bytes: number): number {
    const { api } = this.#library
    checkStatus(api, api.AllocatorAlloc(this.#allocator, bytes, this.#out.address))
    const block = this.#out.get(0)
    this.#blocks.add(block)
    return block
  }

  /** Gives memory back that `take` gave. */
  give(block: number): void {
    if (this.#blocks.delete(block)) checkStatus(this.#library.api, this.#library.api.AllocatorFree(this.#allocator, block))
  }

  /** Releases an OrtValue that `over` made. */
  drop(value: number): void {
    if (this.#values.delete(value)) this.#library.api.ReleaseValue(value)
  }

  /** An OrtValue over memory of the device, kept until `drop` or `dispose`. */
  over(type: ElementType, shape: readonly number[], pointer: number): number {
    const { api } = this.#library
    const lengths = BigInt64Array.from(shape, BigInt)
    const dims = new PointerArray(shape.length)
    lengths.forEach((length, axis) => dims.set(axis, Number(length)))
    const { code, bytes } = elementTypes[type]
    const size = sizeOf(shape) * bytes
    checkStatus(
      api,
      api.CreateTensorWithDataAsOrtValue(this.#info, pointer, size, dims.address, shape.length, code, this.#out.address)
    )
    const value = this.#out.get(0)
    this.#values.add(value)
    return value
  }

  /** Gives everything back to the device. */
  dispose(): void {
    const { api } = this.#library
    for (const value of this.#values) api.ReleaseValue(value)
    for (const block of this.#blocks) checkStatus(api, api.AllocatorFree(this.#allocator, block))
    api.ReleaseAllocator(this.#allocator)
    api.ReleaseMemoryInfo(this.#info)
    this.#values.clear()
    this.#blocks.clear()
  }
}
