import type * as Ort from 'onnxruntime-node'
import { assert } from '../../../base/assert.ts'
import { messageOf } from '../../../base/errors.ts'
import { HostState } from '../host-state.ts'
import { assertSilent } from '../library.ts'
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
import { sessionEntries } from '../session-entries.ts'
import { BindingProgram } from './program.ts'

let loaded: typeof Ort | undefined

/** Loads onnxruntime-node, once per process. @throws Error when telemetry is on, or the package has no binary for this machine. */
export async function loadBinding(): Promise<typeof Ort> {
  assertSilent()
  if (loaded === undefined) {
    loaded = await import('onnxruntime-node')
    // Errors are returned; on the error stream they would only repeat themselves.
    loaded.env.logLevel = 'fatal'
  }
  return loaded
}

/** Opens the runtime over onnxruntime-node. @throws Error when it cannot be loaded. */
export async function openBinding(options: RuntimeOptions): Promise<Runtime> {
  return new BindingRuntime(await loadBinding(), options)
}

/**
 * onnxruntime-node's own binding: the same results, but a run blocks JavaScript, is stopped only between runs, and every output is copied.
 * Each session has its own threads.
 */
class BindingRuntime implements Runtime {
  readonly kind = 'binding'
  readonly provider: Provider
  readonly version: string
  readonly threads: number
  readonly precision: Precision
  readonly #ort: typeof Ort
  readonly #programs = new Set<BindingProgram>()
  #disposed = false

  constructor(ort: typeof Ort, { threads, provider = 'cpu', precision = 'float32' }: RuntimeOptions) {
    this.#ort = ort
    this.provider = provider
    this.version = ort.env.versions.node ?? 'unknown'
    this.threads = threads
    this.precision = precision
  }

  allocate(type: ElementType, shape: readonly number[], _pieces?: readonly Piece[], room?: HostRoom): StateTensor {
    return HostState.allocate(type, shape, { room })
  }

  async load(spec: ProgramSpec): Promise<Program> {
    assert(!this.#disposed, 'a program was loaded into a runtime that is disposed')
    if (spec.initializers !== undefined)
      throw new Error(`The program "${spec.name}" has weights in memory, which onnxruntime-node does not take.`)
    const session = await this.#createSession(spec)
    const program = new BindingProgram(this.#ort, session, spec, (disposed) => this.#programs.delete(disposed))
    this.#programs.add(program)
    return program
  }

  /** Sessions of the binding keep nothing between runs (`enableCpuMemArena: false`). */
  trim(): Promise<void> {
    return Promise.resolve()
  }

  async dispose(): Promise<void> {
    this.#disposed = true
    await Promise.all([...this.#programs].map((program) => program.dispose()))
  }

  async #createSession(spec: ProgramSpec): Promise<Ort.InferenceSession> {
    try {
      return await this.#ort.InferenceSession.create(new Uint8Array(spec.model), {
        executionProviders: [this.provider],
        graphOptimizationLevel: spec.optimise === true ? 'all' : 'disabled',
        enableMemPattern: false,
        enableCpuMemArena: false,
        intraOpNumThreads: this.threads,
        interOpNumThreads: 1,
        logSeverityLevel: 4,
        extra: sessionEntries(spec),
        ...(spec.profile === undefined ? {} : { enableProfiling: true, profileFilePrefix: spec.profile })
      })
    } catch (error) {
      throw new Error(`The program "${spec.name}" could not be loaded: ${messageOf(error)}`, { cause: error })
    }
  }
}
