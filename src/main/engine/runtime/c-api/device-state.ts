import { assert } from '../../../base/assert.ts'
import { arrayNameOf, holds, showShape, sizeOf } from '../element-types.ts'
import type { ElementType, HostData, StateTensor } from '../port.ts'
import type { DeviceBlock } from './device-block.ts'

/** State that lives in the memory of the device: a whole block, or a view into one. */
export class DeviceState implements StateTensor {
  readonly type: ElementType = 'float32'
  readonly shape: readonly number[]
  readonly size: number
  readonly block: DeviceBlock
  readonly offset: number

  constructor(block: DeviceBlock, offset: number, shape: readonly number[]) {
    this.block = block
    this.offset = offset
    this.shape = [...shape]
    this.size = sizeOf(shape)
  }

  view(offset: number, shape: readonly number[]): StateTensor {
    assert(
      offset >= 0 && offset + sizeOf(shape) <= this.size,
      `a view ${showShape(shape)} at ${offset} leaves a tensor of ${this.size} elements`
    )
    return this.block.stateAt(this.offset + offset, shape)
  }

  async write(data: HostData, offset = 0): Promise<void> {
    assert(
      data instanceof Float32Array && holds(this.type, data),
      `${this.type} state is written from ${arrayNameOf(this.type)}, not ${data.constructor.name}`
    )
    this.#check(offset, data.length)
    await this.block.write(this.offset + offset, data)
  }

  async read(offset = 0, length = this.size - offset): Promise<HostData> {
    this.#check(offset, length)
    return this.block.read(this.offset + offset, length)
  }

  async clear(): Promise<void> {
    await this.block.clear(this.offset, this.size)
  }

  #check(offset: number, length: number): void {
    assert(
      Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && length >= 0 && offset + length <= this.size,
      `${length} elements at ${offset} leave a state of ${this.size}`
    )
  }
}
