import { assert, defined } from '../../../base/assert.ts'
import { StoppedError } from '../../../base/errors.ts'
import { elementTypes, sizeOf } from '../element-types.ts'
import type { HostTensor, Program, RunRequest, StateTensor } from '../port.ts'
import { runError } from '../run-error.ts'
import { Serial } from '../serial.ts'
import { checkRequest, hostTensorOf } from '../signature.ts'
import type { Slot } from '../signature.ts'
import { callAsync, checkStatus, copyOut, PointerArray, TextArray } from './api.ts'
import type { Library } from './api.ts'
import { Pace } from './pace.ts'
import { readShape, takeText } from './session.ts'
import type { Session } from './session.ts'
import type { StateStore } from './state-store.ts'
import { stopAtExit } from './under-way.ts'
import type { Values } from './values.ts'

/** The outputs of one kind of request, in the order the library is asked for them: first those that go into state, then the fetched ones. */
interface OutputPlan {
  readonly states: readonly string[]
  readonly fetched: readonly Slot[]
  readonly names: TextArray
}

/** What one run holds: OrtValues to release, and the data that results were written to. */
interface Held {
  readonly request: RunRequest
  readonly program: CApiProgram
  readonly values: number[]
  readonly results: Map<string, HostTensor>
}

/** What a program tells its runtime, and what it asks of each of its runs. */
export interface ProgramHooks {
  /** Called once the program is disposed. */
  readonly onDispose: (program: CApiProgram) => void
  /** Awaited before a run that says how many bytes it needs. */
  readonly makeRoom?: (need: number) => Promise<void>
  /** Where the runtime's state lies; in host memory where left out. */
  readonly states?: StateStore
  /** ONNX Runtime's entries for every run (keys of its `onnxruntime_run_options_config_keys.h`). */
  readonly entries?: Readonly<Record<string, string>>
}

/** A session of the library's C API. Runs go on beside JavaScript; a stopped run leaves the state it was writing undefined. */
export class CApiProgram implements Program {
  readonly name: string
  readonly inputNames: readonly string[]
  readonly outputNames: readonly string[]
  readonly #library: Library
  readonly #values: Values
  readonly #states: StateStore
  readonly #session: Session
  readonly #serial = new Serial()
  readonly #runOptions: number
  readonly #inputNames: TextArray
  readonly #inputs: PointerArray
  readonly #outputs: PointerArray
  readonly #out = new PointerArray(1)
  readonly #pace = new Pace()
  readonly #plans: OutputPlan[] = []
  readonly #hooks: ProgramHooks
  #disposed = false
  #profiling: boolean

  constructor(library: Library, values: Values, session: Session, profiling: boolean, hooks: ProgramHooks) {
    const { signature } = session
    this.name = signature.program
    this.inputNames = signature.inputs.map((slot) => slot.name)
    this.outputNames = signature.outputs.map((slot) => slot.name)
    this.#library = library
    this.#values = values
    this.#states = hooks.states ?? values
    this.#session = session
    this.#profiling = profiling
    this.#hooks = hooks
    this.#inputNames = new TextArray(this.inputNames)
    this.#inputs = new PointerArray(this.inputNames.length)
    this.#outputs = new PointerArray(this.outputNames.length)
    checkStatus(library.api, library.api.CreateRunOptions(this.#out.address))
    this.#runOptions = this.#out.get(0)
    for (const [key, value] of Object.entries(hooks.entries ?? {}))
      checkStatus(library.api, library.api.AddRunConfigEntry(this.#runOptions, key, value))
  }

  run(request: RunRequest): Promise<Readonly<Record<string, HostTensor>>> {
    return this.#serial.run(() => this.#run(request))
  }

  endProfile(): Promise<string | undefined> {
    return this.#serial.run(() => Promise.resolve(this.#endProfile()))
  }

  dispose(): Promise<void> {
    return this.#serial.run(() => {
      if (this.#disposed) return Promise.resolve()
      this.#disposed = true
      this.#library.api.ReleaseRunOptions(this.#runOptions)
      this.#library.api.ReleaseSession(this.#session.pointer)
      this.#hooks.onDispose(this)
      return Promise.resolve()
    })
  }

  async #run(request: RunRequest): Promise<Readonly<Record<string, HostTensor>>> {
    assert(!this.#disposed, `the program "${this.name}" was run after it was disposed`)
    if (request.signal?.aborted === true) throw new StoppedError()
    checkRequest(this.#session.signature, request, this.#states.owns)
    if (request.need !== undefined) await this.#hooks.makeRoom?.(request.need)
    if (this.#states.prepare) await this.#states.prepare(request)
    const held: Held = { request, program: this, values: [], results: new Map() }
    const plan = this.#planFor(request)
    try {
      this.#bind(request, plan, held)
      await this.#call(plan, held)
      this.#states.commit?.(request)
      return this.#collect(plan, held)
    } finally {
      for (const value of held.values) this.#values.release(value)
    }
  }

  /** Writes the pointers of this run's inputs and outputs where the library will read them. */
  #bind(request: RunRequest, plan: OutputPlan, held: Held): void {
    const states = this.#states
    for (let i = 0; i < this.inputNames.length; i++) {
      const tensor = defined(request.inputs[defined(this.inputNames[i], 'input name')], 'checked input')
      // What the store owns is state.
      this.#inputs.set(i, states.owns(tensor) ? states.read(tensor as StateTensor) : this.#over(hostTensorOf(tensor), held))
    }
    let position = 0
    for (const name of plan.states) {
      const tensor = defined(request.outputs?.[name], 'checked output')
      this.#outputs.set(position++, states.write(tensor, request))
    }
    for (const slot of plan.fetched) this.#outputs.set(position++, this.#resultValue(slot, held))
  }

  /**
   * A result whose shape is known beforehand is written straight into JavaScript's memory; for others the library makes room (0), and for inputs
   * that are passed on as outputs, which it would not write.
   */
  #resultValue(slot: Slot, held: Held): number {
    if (!isFixed(slot.dimensions) || this.inputNames.includes(slot.name)) return 0
    const size = sizeOf(slot.dimensions)
    const { bytes, view } = elementTypes[slot.type]
    const result: HostTensor = { type: slot.type, shape: slot.dimensions, data: view(new ArrayBuffer(size * bytes), 0, size) }
    held.results.set(slot.name, result)
    return this.#over(result, held)
  }

  #over(tensor: HostTensor, held: Held): number {
    const value = this.#values.over(tensor.type, tensor.shape, tensor.data)
    held.values.push(value)
    return value
  }

  async #call(plan: OutputPlan, held: Held): Promise<void> {
    const { api } = this.#library
    const { signal } = held.request
    const stop = (): void => {
      api.RunOptionsSetTerminate(this.#runOptions)
    }
    signal?.addEventListener('abort', stop)
    try {
      const started = performance.now()
      if (this.#pace.mayBlock(started)) checkStatus(api, api.Run(...this.#runArguments(plan)))
      else await stopAtExit(stop, () => callAsync(api, held, api.Run, ...this.#runArguments(plan)))
      this.#pace.record(started, performance.now())
    } catch (error) {
      if (signal?.aborted === true) throw new StoppedError()
      throw runError(this.name, error)
    } finally {
      signal?.removeEventListener('abort', stop)
      if (signal?.aborted === true) checkStatus(api, api.RunOptionsUnsetTerminate(this.#runOptions))
    }
  }

  #runArguments(plan: OutputPlan): number[] {
    const inputs = [this.#inputNames.address, this.#inputs.address, this.#inputNames.length]
    return [this.#session.pointer, this.#runOptions, ...inputs, plan.names.address, plan.names.length, this.#outputs.address]
  }

  #collect(plan: OutputPlan, held: Held): Record<string, HostTensor> {
    const results: Record<string, HostTensor> = {}
    plan.fetched.forEach((slot, index) => {
      results[slot.name] =
        held.results.get(slot.name) ?? this.#takeResult(slot, this.#outputs.get(plan.states.length + index), held)
    })
    return results
  }

  /** Copies a result that the library allocated. */
  #takeResult({ name, type }: Slot, value: number, held: Held): HostTensor {
    assert(value !== 0, `the program "${this.name}" did not compute "${name}"`)
    const { api } = this.#library
    held.values.push(value)
    checkStatus(api, api.GetTensorTypeAndShape(value, this.#out.address))
    const info = this.#out.get(0)
    try {
      const shape = readShape(api, info)
      checkStatus(api, api.GetTensorMutableData(value, this.#out.address))
      const { bytes, view } = elementTypes[type]
      return { type, shape, data: view(copyOut(this.#library, this.#out.get(0), sizeOf(shape) * bytes), 0, sizeOf(shape)) }
    } finally {
      api.ReleaseTensorTypeAndShapeInfo(info)
    }
  }

  /** Requests for the same outputs share one plan. A program sees few kinds, so a search through them is quick. */
  #planFor({ outputs = {}, fetch = [] }: RunRequest): OutputPlan {
    const states = Object.keys(outputs)
    const known = this.#plans.find((plan) => isPlanOf(plan, states, fetch))
    if (known !== undefined) return known
    const fetched = fetch.map((name) =>
      defined(
        this.#session.signature.outputs.find((slot) => slot.name === name),
        name
      )
    )
    const plan: OutputPlan = { states, fetched, names: new TextArray([...states, ...fetch]) }
    this.#plans.push(plan)
    return plan
  }

  #endProfile(): string | undefined {
    if (!this.#profiling || this.#disposed) return undefined
    this.#profiling = false
    const { api, allocator } = this.#library
    checkStatus(api, api.SessionEndProfiling(this.#session.pointer, allocator, this.#out.address))
    return takeText(this.#library, this.#out.get(0))
  }
}

function isPlanOf(plan: OutputPlan, states: readonly string[], fetch: readonly string[]): boolean {
  return (
    plan.states.length === states.length &&
    plan.fetched.length === fetch.length &&
    plan.states.every((name, index) => name === states[index]) &&
    plan.fetched.every((slot, index) => slot.name === fetch[index])
  )
}

function isFixed(dimensions: Slot['dimensions']): dimensions is readonly number[] {
  return dimensions.every((length) => typeof length === 'number')
}
