import { lazy } from '../../base/lazy.ts'
import { lifetimesOf, peakBytes } from '../graph/passes/runtime-order.ts'
import { bindShape } from '../graph/shapes.ts'
import type { Graph, Value } from '../graph/types.ts'
import type { Held, PoolModel } from './pool-model.ts'

const elementBytes = { float32: 4, float16: 2, bfloat16: 2, int64: 8, int32: 4, uint8: 1, int8: 1, bool: 1 } as const

/** The numbers behind a batch's named dims. */
export type Sizes = Readonly<Record<string, number>>

/** What a graph's intermediate values take, along the order in which the runtime makes them. */
export class GraphMemory {
  readonly #lifetimes: () => ReturnType<typeof lifetimesOf>
  readonly #known = new Map<string, number>()

  constructor(graph: Graph) {
    this.#lifetimes = lazy(() => lifetimesOf(graph))
  }

  /** Bytes of the values alive at once, at most. */
  need(sizes: Sizes): number {
    const key = JSON.stringify(sizes)
    const need = this.#known.get(key) ?? peakBytes(this.#lifetimes(), bytesWith(sizes))
    this.#known.set(key, need)
    return need
  }

  /** Runs the graph in a model of the runtime's pool, which grows as the pool itself would. */
  playIn(pool: PoolModel, sizes: Sizes): void {
    const bytesOf = bytesWith(sizes)
    const held = new Map<Value, Held>()
    for (const { made, done } of this.#lifetimes()) {
      for (const value of made) held.set(value, pool.take(bytesOf(value)))
      for (const value of done) {
        const piece = held.get(value)
        if (piece) pool.giveBack(piece)
      }
    }
  }
}

const bytesWith =
  (sizes: Sizes) =>
  ({ dtype, shape }: Value): number =>
    bindShape(shape, sizes).reduce((product, size) => product * size, elementBytes[dtype])
