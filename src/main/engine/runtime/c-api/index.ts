import { assert } from '../../../base/assert.ts'
import { HostState } from '../host-state.ts'
import type {
  ElementType,
  HostRoom,
  Piece,
  Precision,
  Program,
  ProgramSpec,
  Provider,
  Runtime,
  RuntimeOptions,
  StateTensor
} from '../port.ts'
import { addressOf, loadLibrary } from './api.ts'
import type { Library } from './api.ts'
import { MappedConstants } from './constants.ts'
import { testConstants } from './constants-test.ts'
import { openDevice } from './device.ts'
import { testDevice } from './device-test.ts'
import { openEnvironment } from './environment.ts'
import type { Environment } from './environment.ts'
import { Pool, trimEntries, trimSpec } from './pool.ts'
import { CApiProgram, type ProgramHooks } from './program.ts'
import { deviceProviderOf, type DeviceProvider } from './provider.ts'
import { selfTest } from './self-test.ts'
import { createSession } from './session.ts'
import { Values } from './values.ts'

let tested: Promise<void> | undefined

/** The process's mapped files, whichever runtime asked for them. */
let mapped: MappedConstants | undefined
const mappedOf = (library: Library): MappedConstants => (mapped ??= new MappedConstants(library))

/**
 * Opens the runtime over the library's C API.
 * @throws Error when the library cannot be loaded, telemetry is on, the provider cannot start, or a known-answer test fails.
 */
export async function openCApi(options: RuntimeOptions): Promise<Runtime> {
  const { threads, pack, precision = 'float32' } = options
  const library = loadLibrary(pack)
  const environment = openEnvironment(library, threads)
  const open = (provider: DeviceProvider | null = null): CApiRuntime =>
    new CApiRuntime({ library, environment, threads, precision, provider })
  tested ??= selfTest(library.version, () => open(), environment).then(() => testConstants(library, environment))
  await tested
  const provider = deviceProviderOf(options)
  if (provider === null) return open()
  const runtime = provider.keepsState ? await openDevice({ library, environment, threads, precision, provider }) : open(provider)
  try {
    await testDevice(runtime)
    return runtime
  } catch (error) {
    await runtime.dispose()
    throw error
  }
}

interface Opening {
  readonly library: Library
  readonly environment: Environment
  readonly threads: number
  readonly precision: Precision
  /** Of a device that keeps no state: each run's inputs are sent there and its outputs fetched. Null for the processor. */
  readonly provider: DeviceProvider | null
}

/** ONNX Runtime's C API, called through koffi: runs are asynchronous, outputs go straight into state, which lies in host memory, a run can be stopped. */
class CApiRuntime implements Runtime {
  readonly kind = 'c-api'
  readonly provider: Provider
  readonly version: string
  readonly threads: number
  readonly precision: Precision
  readonly #library: Library
  readonly #environment: Environment
  readonly #device: DeviceProvider | null
  readonly #values: Values
  readonly #programs = new Set<CApiProgram>()
  readonly #pool: Pool
  #disposed = false

  constructor({ library, environment, threads, precision, provider }: Opening) {
    this.provider = provider?.name ?? 'cpu'
    this.#device = provider
    this.version = library.version
    this.threads = threads
    this.precision = precision
    this.#library = library
    this.#environment = environment
    this.#values = new Values(library)
    this.#pool = new Pool(() => this.#open({ ...trimSpec, isOfState: true }, { entries: trimEntries }))
  }

  allocate(type: ElementType, shape: readonly number[], _pieces?: readonly Piece[], room?: HostRoom): StateTensor {
    return HostState.allocate(type, shape, { addressOf, room })
  }

  async load(spec: ProgramSpec): Promise<Program> {
    return this.#open(spec, { makeRoom: (need) => this.#pool.makeRoom(need) })
  }

  trim(): Promise<void> {
    return this.#pool.trim()
  }

  async #open(spec: ProgramSpec, hooks: Pick<ProgramHooks, 'makeRoom' | 'entries'>): Promise<CApiProgram> {
    assert(!this.#disposed, 'a program was loaded into a runtime that is disposed')
    const provider = spec.isOfState === true ? null : this.#device
    // What is given to a session as it is must lie where the session computes: a device's library reads the file itself.
    const shared = provider === null ? mappedOf(this.#library).share(spec) : null
    const options = { environment: this.#environment, threads: this.threads, provider, constants: shared?.values }
    const session = await createSession(this.#library, options, spec).catch((error: unknown) => {
      shared?.release()
      throw error
    })
    const onDispose = (program: CApiProgram): void => {
      this.#programs.delete(program)
      shared?.release()
    }
    const program = new CApiProgram(this.#library, this.#values, session, spec.profile !== undefined, { ...hooks, onDispose })
    this.#programs.add(program)
    return program
  }

  /** Waits for runs under way, then releases every program and tensor. The library and its threads stay until the process ends. */
  async dispose(): Promise<void> {
    this.#disposed = true
    await Promise.all([...this.#programs].map((program) => program.dispose()))
    this.#values.dispose()
  }
}
