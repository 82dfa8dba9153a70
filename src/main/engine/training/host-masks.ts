import { drawTogether, philoxMemory, stretchStep, type PhiloxMemory, type Stretch } from '../../base/philox-wasm.ts'
import type { SecondThread } from '../../base/second-thread.ts'
import { bindShape } from '../graph/shapes.ts'
import type { HostTensor, Provider } from '../runtime/port.ts'
import type { Batch } from './feeding.ts'
import type { TrainingGraph } from './graphs.ts'
import { maskStretch, type MaskAddress } from './masks.ts'

/** Whether a run on a provider draws its masks there. With DirectML the host does: it holds everything else that a step is fed. */
export const drawsMasks = (provider: Provider): boolean => provider === 'cuda' || provider === 'webgpu'

/** Bytes of a micro-batch's dropout masks. */
export function maskBytes(masks: TrainingGraph['masks'], sizes: Batch['sizes']): number {
  return masks.reduce((sum, { shape }) => sum + roomOf(countOf(bindShape(shape, sizes))), 0)
}

const countOf = (sizes: readonly number[]): number => sizes.reduce((product, size) => product * size, 1)
/** Bytes from where a mask begins to where the next one may. */
const roomOf = (count: number): number => Math.ceil(count / stretchStep) * stretchStep

/** Fewest elements of a micro-batch with which another thread draws, too, and fewest to a floating-point operation of its products: less is not worth its memory. */
const worthAThread = { elements: 8e6, share: 1.6e-4 }
/** What another thread takes, in bytes. */
const threadBytes = 16e6

const isWorthAThread = (elements: number, operations: number): boolean =>
  elements >= worthAThread.elements && elements >= worthAThread.share * operations

/** Bytes that it takes to draw masks of so many bytes beside themselves, where the micro-batch's products are so many floating-point operations. */
export const drawingBytes = (bytes: number, operations: number): number => (isWorthAThread(bytes, operations) ? threadBytes : 0)

/** A micro-batch's dropout masks, and the memory that they lie in. */
export interface DrawnMasks {
  readonly tensors: Readonly<Record<string, HostTensor>>
  readonly memory: PhiloxMemory
}

/** Dropout masks that the host draws. Masks are megabytes; made anew each time they would pile up until the collector comes. */
export class HostMasks {
  readonly #masks: TrainingGraph['masks']
  readonly #room: number
  readonly #threads: number
  /** Memory of masks that have been used. */
  readonly #spare: PhiloxMemory[] = []
  /** Draws, too, once there is a micro-batch that is worth it: both threads are drawn on alike then, and none of the runtime's waits for the other. */
  #other: SecondThread | null | undefined

  /** `room`: bytes that new memory has at least. `threads`: of the runtime that computes meanwhile. */
  constructor(masks: TrainingGraph['masks'], room: number, threads: number) {
    this.#masks = masks
    this.#room = room
    this.#threads = threads
  }

  /** Draws every mask of a micro-batch, whose products are so many floating-point operations; those that the batch brings stay. */
  draw(batch: Batch, address: MaskAddress, operations: number): DrawnMasks {
    const wanted = maskBytes(this.#masks, batch.sizes)
    const room = Math.max(wanted, this.#room)
    // A later micro-batch may be worth another thread where this one is not.
    const isShared = this.#threads > 1 && room >= worthAThread.elements
    if (this.#other === undefined && isShared && isWorthAThread(wanted, operations)) this.#other = drawTogether()
    const spare = this.#spare.pop()
    const memory = spare && spare.buffer.byteLength >= wanted ? spare : philoxMemory(room, isShared)
    const tensors: Record<string, HostTensor> = {}
    const stretches: Stretch[] = []
    let at = 0
    for (const { name, shape, probability } of this.#masks) {
      const sizes = bindShape(shape, batch.sizes)
      const count = countOf(sizes)
      const brought = batch.inputs[name]
      if (!brought) stretches.push(maskStretch(name, count, probability, address, at))
      tensors[name] = brought ?? { type: 'uint8', shape: sizes, data: new Uint8Array(memory.buffer, at, count) }
      at += roomOf(count)
    }
    memory.fillAll(stretches, this.#other ?? null)
    return { tensors, memory }
  }

  /** Takes back memory of masks that have been used. */
  giveBack(memory: PhiloxMemory): void {
    this.#spare.push(memory)
  }

  async dispose(): Promise<void> {
    await this.#other?.dispose()
  }
}
