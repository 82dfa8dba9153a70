import { assert } from '../../../base/assert.ts'
import type { ElementType, Piece, Precision, Program, ProgramSpec, Runtime, StateTensor } from '../port.ts'
import type { Library } from './api.ts'
import type { SharedConstants } from './constants.ts'
import { DeviceConstants } from './device-constants.ts'
import { DeviceMemory } from './device-memory.ts'
import { DeviceMoves, moveModels } from './device-moves.ts'
import { DeviceStates, movedStates } from './device-states.ts'
import type { Environment } from './environment.ts'
import { CApiProgram, type ProgramHooks } from './program.ts'
import type { DeviceProvider } from './provider.ts'
import { createSession, type Session } from './session.ts'
import { Values } from './values.ts'

/** What opening programs on a device takes. */
interface Opening {
  readonly library: Library
  readonly environment: Environment
  readonly threads: number
  readonly precision: Precision
  readonly provider: DeviceProvider
  readonly values: Values
}

/** Opens the runtime of a device. @throws Error where the provider cannot start. */
export async function openDevice(device: Omit<Opening, 'values'>): Promise<Runtime> {
  const { library, provider } = device
  const opening = { ...device, values: new Values(library) }
  const open = async (name: keyof typeof moveModels): Promise<{ readonly session: Session; readonly program: CApiProgram }> => {
    const spec = { name, model: Buffer.from(moveModels[name], 'base64') }
    const session = await sessionOf(opening, spec)
    return { session, program: programOf(opening, session, spec, { states: movedStates }) }
  }
  // Its allocator gives out the memory of all state, so it stays open to the end. A session of a card takes a share of its memory, whatever it computes.
  const { session, program } = await open('copy')
  const memory = new DeviceMemory(library, session.pointer, provider)
  const moves = new DeviceMoves(program, async (name) => (await open(name)).program)
  return new DeviceRuntime(opening, memory, moves)
}

/** ONNX Runtime's C API with a provider in front of the CPU's. State stays in the device's memory from run to run; only what is fetched leaves it. */
class DeviceRuntime implements Runtime {
  readonly kind = 'c-api'
  readonly provider: DeviceProvider['name']
  readonly version: string
  readonly threads: number
  readonly precision: Precision
  readonly #opening: Opening
  readonly #memory: DeviceMemory
  readonly #moves: DeviceMoves
  readonly #states: DeviceStates
  readonly #constants: DeviceConstants
  readonly #programs = new Set<CApiProgram>()
  #disposed = false

  constructor(opening: Opening, memory: DeviceMemory, moves: DeviceMoves) {
    this.provider = opening.provider.name
    this.version = opening.library.version
    this.threads = opening.threads
    this.precision = opening.precision
    this.#opening = opening
    this.#memory = memory
    this.#moves = moves
    this.#states = new DeviceStates(memory, moves, opening.provider)
    this.#constants = new DeviceConstants(memory, moves, opening.provider)
  }

  allocate(type: ElementType, shape: readonly number[], pieces?: readonly Piece[]): StateTensor {
    return this.#states.allocate(type, shape, pieces)
  }

  async load(spec: ProgramSpec): Promise<Program> {
    assert(!this.#disposed, 'a program was loaded into a runtime that is disposed')
    const shared = await this.#constants.share(spec)
    const session = await sessionOf(this.#opening, spec, shared?.values).catch((error: unknown) => {
      shared?.release()
      throw error
    })
    const onDispose = (program: CApiProgram): void => {
      this.#programs.delete(program)
      shared?.release()
    }
    const program = programOf(this.#opening, session, spec, { states: this.#states, onDispose })
    this.#programs.add(program)
    return program
  }

  /** Each session of a device has its own pool, which goes with it. */
  trim(): Promise<void> {
    return Promise.resolve()
  }

  /** Waits for runs under way, then gives the device's memory back. */
  async dispose(): Promise<void> {
    if (this.#disposed) return
    this.#disposed = true
    await Promise.all([...this.#programs].map((program) => program.dispose()))
    this.#memory.dispose()
    await this.#moves.dispose()
    this.#opening.values.dispose()
  }
}

const sessionOf = (
  { library, environment, threads, provider }: Opening,
  spec: ProgramSpec,
  constants?: SharedConstants['values']
): Promise<Session> => createSession(library, { environment, threads, provider, constants }, spec)

function programOf(
  { library, values }: Opening,
  session: Session,
  spec: ProgramSpec,
  hooks: Pick<ProgramHooks, 'states'> & Partial<ProgramHooks>
): CApiProgram {
  const nothing = (): void => undefined
  return new CApiProgram(library, values, session, spec.profile !== undefined, { onDispose: nothing, ...hooks })
}
