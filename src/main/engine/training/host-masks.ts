import { philoxMemory, type PhiloxMemory } from '../../base/philox-wasm.ts'
import { bindShape } from '../graph/shapes.ts'
import type { HostTensor, Provider } from '../runtime/port.ts'
import type { Batch } from './feeding.ts'
import type { TrainingGraph } from './graphs.ts'
import { dropoutMask, type MaskAddress } from './masks.ts'

/** Whether a run on a provider draws its masks there. With DirectML the host does: it holds everything else that a step is fed. */
export const drawsMasks = (provider: Provider): boolean => provider === 'cuda' || provider === 'webgpu'

/** Bytes of a micro-batch's dropout masks. */
export function maskBytes(masks: TrainingGraph['masks'], sizes: Batch['sizes']): number {
  return masks.reduce((sum, { shape }) => sum + bindShape(shape, sizes).reduce((product, size) => product * size, 1), 0)
}

/** A micro-batch's dropout masks, and the memory that they lie in. */
export interface DrawnMasks {
  readonly tensors: Readonly<Record<string, HostTensor>>
  readonly memory: PhiloxMemory
}

/** Dropout masks that the host draws. Masks are megabytes; made anew each time they would pile up until the collector comes. */
export class HostMasks {
  readonly #masks: TrainingGraph['masks']
  readonly #room: number
  /** Memory of masks that have been used. */
  readonly #spare: PhiloxMemory[] = []

  /** `room`: bytes that new memory has at least. */
  constructor(masks: TrainingGraph['masks'], room: number) {
    this.#masks = masks
    this.#room = room
  }

  /** Draws every mask of a micro-batch; those that the batch brings stay. */
  draw(batch: Batch, address: MaskAddress): DrawnMasks {
    const wanted = maskBytes(this.#masks, batch.sizes)
    const spare = this.#spare.pop()
    const memory = spare && spare.buffer.byteLength >= wanted ? spare : philoxMemory(Math.max(wanted, this.#room))
    const tensors: Record<string, HostTensor> = {}
    let at = 0
    for (const { name, shape, probability } of this.#masks) {
      const sizes = bindShape(shape, batch.sizes)
      const count = sizes.reduce((product, size) => product * size, 1)
      tensors[name] = batch.inputs[name] ?? {
        type: 'uint8',
        shape: sizes,
        data: dropoutMask(name, count, probability, address, memory, at)
      }
      at += count
    }
    return { tensors, memory }
  }

  /** Takes back memory of masks that have been used. */
  giveBack(memory: PhiloxMemory): void {
    this.#spare.push(memory)
  }
}
