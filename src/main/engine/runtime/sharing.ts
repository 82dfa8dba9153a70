import { createHash } from 'node:crypto'
import type { HostRoom, Piece, Program, ProgramSpec, Runtime, StateTensor, ElementType } from './port.ts'

interface Shared {
  readonly program: Promise<Program>
  users: number
}

/**
 * A runtime in which equal graphs over the same weights are one program, however often they are loaded: it goes with the last who uses it. What differs
 * between its users is state, which each of them feeds.
 */
export class SharingRuntime implements Runtime {
  readonly #inner: Runtime
  readonly #programs = new Map<string, Shared>()

  constructor(inner: Runtime) {
    this.#inner = inner
  }

  get kind(): Runtime['kind'] {
    return this.#inner.kind
  }

  get provider(): Runtime['provider'] {
    return this.#inner.provider
  }

  get version(): string {
    return this.#inner.version
  }

  get threads(): number {
    return this.#inner.threads
  }

  get precision(): Runtime['precision'] {
    return this.#inner.precision
  }

  allocate(type: ElementType, shape: readonly number[], pieces?: readonly Piece[], room?: HostRoom): StateTensor {
    return this.#inner.allocate(type, shape, pieces, room)
  }

  async load(spec: ProgramSpec): Promise<Program> {
    const key = keyOf(spec)
    const known = this.#programs.get(key)
    const shared = known ?? { program: this.#inner.load(spec), users: 0 }
    if (!known) this.#programs.set(key, shared)
    shared.users++
    try {
      return lent(await shared.program, () => this.#giveBack(key, shared))
    } catch (error) {
      if (this.#programs.get(key) === shared) this.#programs.delete(key)
      throw error
    }
  }

  trim(): Promise<void> {
    return this.#inner.trim()
  }

  /** Whoever still uses a program gives it back first. */
  dispose(): Promise<void> {
    return this.#inner.dispose()
  }

  async #giveBack(key: string, shared: Shared): Promise<void> {
    shared.users--
    if (shared.users > 0) return
    this.#programs.delete(key)
    await (await shared.program).dispose()
  }
}

/** All that decides what a program computes; its name is for messages. */
function keyOf({ model, folder = '', config = {}, profile = '', prepack = false, optimise = false }: ProgramSpec): string {
  const rest = JSON.stringify([folder, Object.entries(config).sort(), profile, prepack, optimise])
  return createHash('sha256').update(model).update(rest).digest('hex')
}

function lent(program: Program, giveBack: () => Promise<void>): Program {
  let isGiven = false
  return {
    name: program.name,
    inputNames: program.inputNames,
    outputNames: program.outputNames,
    run: (request) => program.run(request),
    endProfile: () => program.endProfile(),
    dispose: async () => {
      if (isGiven) return
      isGiven = true
      await giveBack()
    }
  }
}
