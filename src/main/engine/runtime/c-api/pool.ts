import type { HostTensor, ProgramSpec } from '../port.ts'
import type { CApiProgram } from './program.ts'
import { selfTestModel } from './self-test.ts'

/** The library shrinks its pool only at the end of a run that asks for it: a run of the smallest graph there is. */
export const trimSpec: ProgramSpec = { name: 'trim', model: Buffer.from(selfTestModel, 'base64') }
export const trimEntries = { 'memory.enable_memory_arena_shrinkage': 'cpu:0' }

/**
 * Keeps the memory that sessions share for intermediate values (environment.ts) in shape.
 *
 * The library never joins the stretches it has asked the system for: what was made for a small batch is of no use to the tensors of a larger one,
 * and a run whose batches grow would in the end hold the memory of all their sizes. So a run that needs more than any since the last time
 * begins with an empty pool. Smaller ones fit in what the larger left.
 */
export class Pool {
  readonly #open: () => Promise<CApiProgram>
  #program: Promise<CApiProgram> | undefined
  /** Bytes that runs needed since the pool was last emptied, at most. */
  #served = 0

  constructor(open: () => Promise<CApiProgram>) {
    this.#open = open
  }

  /** Empties the pool where it has served only runs of less than `need` bytes. */
  async makeRoom(need: number): Promise<void> {
    if (need <= this.#served) return
    if (this.#served > 0) await this.trim()
    this.#served = need
  }

  /** Gives the stretches in which nothing lies back to the system. */
  async trim(): Promise<void> {
    this.#served = 0
    this.#program ??= this.#open()
    await (await this.#program).run({ inputs, fetch: ['next'] })
  }
}

const floats = (...shape: number[]): HostTensor => ({ type: 'float32', shape, data: new Float32Array(shape[0] ?? 1) })

const inputs = { weight: floats(4), gradient: floats(4), rate: floats() }
