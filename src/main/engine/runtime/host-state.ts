import { assert } from '../../base/assert.ts'
import { arrayNameOf, elementTypes, holds, showShape, sizeOf } from './element-types.ts'
import type { ElementType, HostData, HostRoom, StateTensor } from './port.ts'

/** Start of every tensor in memory: one cache line, and the width of the widest vector register. */
const alignment = 64

/** Views remembered per tensor. Past it the memory of views starts anew, so that shapes that never come back cannot pile up. */
const rememberedViews = 16_384

/**
 * One block of host memory, shared by a tensor and its views. Each tensor has an ArrayBuffer of its own: such memory lies outside V8's heap,
 * never moves, and the system returns zeroed pages for it only when they are touched. (Small typed arrays made without a buffer may lie inside
 * the heap, where the collector moves them.)
 */
interface Block {
  readonly buffer: ArrayBuffer
  readonly start: number
  readonly views: Map<number, HostState[]>
  count: number
}

/** State that lives in host memory: what both runtimes use on the CPU. */
export class HostState implements StateTensor {
  readonly type: ElementType
  readonly shape: readonly number[]
  readonly size: number
  /** The elements themselves. Not to be touched while a run that uses them is under way. */
  readonly data: HostData
  readonly #block: Block
  readonly #offset: number

  private constructor(type: ElementType, shape: readonly number[], block: Block, offset: number) {
    this.type = type
    this.shape = [...shape]
    this.size = sizeOf(shape)
    this.#block = block
    this.#offset = offset
    this.data = elementTypes[type].view(block.buffer, block.start + offset * elementTypes[type].bytes, this.size)
  }

  get elements(): HostData {
    return this.data
  }

  /** New memory, all zero. `addressOf` tells where a buffer lies, so that the first element can start a cache line; without it, it may not. */
  static allocate(
    type: ElementType,
    shape: readonly number[],
    {
      addressOf = () => 0,
      room
    }: { readonly addressOf?: (buffer: ArrayBuffer) => number; readonly room?: HostRoom | undefined } = {}
  ): HostState {
    assert(shape.every(isLength), `a state tensor has the shape ${showShape(shape)}`)
    const bytes = sizeOf(shape) * elementTypes[type].bytes
    if (room) return new HostState(type, shape, { buffer: room.buffer, start: room.take(bytes), views: new Map(), count: 0 }, 0)
    const buffer = new ArrayBuffer(bytes + alignment)
    const block: Block = { buffer, start: (alignment - (addressOf(buffer) % alignment)) % alignment, views: new Map(), count: 0 }
    return new HostState(type, shape, block, 0)
  }

  view(offset: number, shape: readonly number[]): HostState {
    const start = this.#offset + offset
    let atStart = this.#block.views.get(start)
    const known = atStart?.find((view) => sameShape(view.shape, shape))
    if (known !== undefined && offset >= 0 && offset + known.size <= this.size) return known
    assert(isLength(offset) && shape.every(isLength), `a view has the offset ${offset} and the shape ${showShape(shape)}`)
    assert(
      offset + sizeOf(shape) <= this.size,
      `a view ${showShape(shape)} at ${offset} leaves a tensor of ${this.size} elements`
    )
    if (this.#block.count >= rememberedViews) {
      this.#block.views.clear()
      this.#block.count = 0
      atStart = undefined
    }
    const view = new HostState(this.type, shape, this.#block, start)
    if (atStart === undefined) this.#block.views.set(start, [view])
    else atStart.push(view)
    this.#block.count++
    return view
  }

  write(data: HostData, offset = 0): Promise<void> {
    assert(holds(this.type, data), `${this.type} state is written from ${arrayNameOf(this.type)}, not ${data.constructor.name}`)
    assert(
      isLength(offset) && offset + data.length <= this.size,
      `${data.length} elements at ${offset} leave a state of ${this.size}`
    )
    bytesOf(this.data).set(bytesOf(data), offset * elementTypes[this.type].bytes)
    return Promise.resolve()
  }

  read(offset = 0, length = this.size - offset): Promise<HostData> {
    assert(
      isLength(offset) && isLength(length) && offset + length <= this.size,
      `${length} elements at ${offset} leave a state of ${this.size}`
    )
    const { bytes, view } = elementTypes[this.type]
    const start = this.data.byteOffset + offset * bytes
    return Promise.resolve(view(this.#block.buffer.slice(start, start + length * bytes), 0, length))
  }

  clear(): Promise<void> {
    bytesOf(this.data).fill(0)
    return Promise.resolve()
  }
}

function isLength(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0
}

function bytesOf(data: HostData): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}
