import type { Program, Runtime } from '../../src/main/engine/runtime/port.ts'
import { runError } from '../../src/main/engine/runtime/run-error.ts'

type Request = Parameters<Program['run']>[0]

/** What a runtime refuses for want of memory. */
export interface Refusal {
  /** Runs of the programs of this name. */
  readonly program: string
  /** `run` counts them from 0. */
  readonly isRefused: (run: number, request: Request) => boolean
  /** Whether the run is made before it fails, so that it leaves behind what it wrote. */
  readonly isTooLate?: boolean
}

/** What the library says on the processor (bfc_arena.cc). */
const SAYS = 'Failed to allocate memory for requested buffer of size 104857600'

/** A runtime that lacks the memory for some runs; `refused` counts those. */
export function cramped(
  runtime: Runtime,
  { program: name, isRefused, isTooLate = false }: Refusal
): { readonly runtime: Runtime; readonly refused: () => number } {
  let runs = 0
  let refused = 0
  const held = (program: Program): Program =>
    replacing(program, 'run', async (request: Request) => {
      if (!isRefused(runs++, request)) return program.run(request)
      refused++
      if (isTooLate) await program.run(request)
      throw runError(name, new Error(SAYS))
    })
  const without = replacing(runtime, 'load', async (spec: Parameters<Runtime['load']>[0]) => {
    const program = await runtime.load(spec)
    return spec.name === name ? held(program) : program
  })
  return { runtime: without, refused: () => refused }
}

/** An object with one method in another's place. */
export function replacing<T extends object>(target: T, method: keyof T, work: unknown): T {
  return new Proxy(target, {
    get(own, key) {
      const value: unknown = Reflect.get(own, key, own)
      if (key === method) return work
      return typeof value === 'function' ? (value as () => unknown).bind(own) : value // A method of its own.
    }
  })
}
