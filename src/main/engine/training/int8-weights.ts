import { int8Slots, type FrozenLinear } from '../graph/passes/int8-forward.ts'
import type { Runtime, StateTensor } from '../runtime/port.ts'
import { quantizeLinear } from '../weights/quantize-columns.ts'

/** Reads a frozen tensor, row-major. */
export type ReadFloats = (tensor: string) => Promise<Float32Array<ArrayBuffer>>

/** Frozen weights in 8 bits, in the runtime's memory: a quarter of what they take in float32. */
export class Int8Weights {
  readonly #states: ReadonlyMap<string, StateTensor>

  private constructor(states: ReadonlyMap<string, StateTensor>) {
    this.#states = states
  }

  /** Reads and quantises the weights of these layers, one after another. */
  static async make(
    runtime: Runtime,
    linears: readonly FrozenLinear[],
    read: ReadFloats,
    signal?: AbortSignal
  ): Promise<Int8Weights> {
    const states = new Map<string, StateTensor>()
    for (const { tensor, in: width, out } of linears) {
      signal?.throwIfAborted()
      const floats = await read(tensor)
      const { values, scales } = quantizeLinear(floats, width)
      // Left to the collector, megabytes of a tensor each would come together.
      floats.buffer.transfer(0)
      const slots = int8Slots(tensor)
      const [numbers, steps] = [runtime.allocate('int8', [width, out]), runtime.allocate('float32', [out])]
      await numbers.write(values)
      await steps.write(scales)
      states.set(slots.values, numbers).set(slots.scales, steps)
    }
    return new Int8Weights(states)
  }

  /** Whether a tensor is among them. */
  has(tensor: string): boolean {
    return this.#states.has(int8Slots(tensor).values)
  }

  /** The state behind a slot of the pass; undefined for any other slot. */
  state(slot: string): StateTensor | undefined {
    return this.#states.get(slot)
  }
}
