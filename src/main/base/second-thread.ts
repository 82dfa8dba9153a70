import { MessageChannel, Worker, type MessagePort, type receiveMessageOnPort } from 'node:worker_threads'
import type { FunctionsOver, GivenMemory } from './wasm-code.ts'

// The engine's compiler settings leave out the browser's library, where TypeScript keeps this.
declare const WebAssembly: {
  readonly Instance: new (
    module: object,
    imports: object
  ) => { readonly exports: Readonly<Record<string, (...call: number[]) => void>> }
}

/** Whole numbers that a function is called with, as many in each call. */
export type Call = readonly number[]

/** Calls that can be shared out at once; more are made by the thread that asks. */
const mostCalls = 4096
const longestCall = 8
/** Where things stand in what both threads see. */
const at = { state: 0, next: 1, count: 2, memory: 3, made: 4, calls: 5 } as const
const states = { idle: 0, asked: 1, working: 2 } as const
/** Milliseconds within which a call ends on any machine. */
const patience = 20_000

interface Given {
  readonly module: object
  readonly name: string
  readonly control: Int32Array
  readonly port: MessagePort
}

/** What the other thread is told of a memory before it is asked to work on it. */
interface Introduced {
  readonly id: number
  readonly memory: GivenMemory
}

/**
 * Another thread, which makes calls of one WebAssembly function beside this one: both take the next call from a list until there is none. It takes some 15 MB,
 * and starts within a tenth of a second; before that, and where it cannot be had, this thread makes all calls.
 */
export class SecondThread {
  readonly #worker: Worker
  readonly #port: MessagePort
  readonly #control = new Int32Array(new SharedArrayBuffer(4 * (at.calls + mostCalls * longestCall)))
  readonly #ids = new WeakMap<GivenMemory, number>()
  #known = 0
  #isLost = false

  /** A thread for the function `name` of a module; null where none can be had. */
  static start(functions: FunctionsOver, name: string): SecondThread | null {
    try {
      return new SecondThread(functions, name)
    } catch {
      return null
    }
  }

  private constructor({ module }: FunctionsOver, name: string) {
    Atomics.wait(this.#control, at.state, states.working, 0) // Throws where this thread may not wait.
    const { port1, port2 } = new MessageChannel()
    this.#port = port1
    const given: Given = { module, name, control: this.#control, port: port2 }
    this.#worker = new Worker(`(${work.toString()})(require('node:worker_threads'))`, {
      ...{ eval: true, workerData: given, transferList: [port2], env: {}, execArgv: [] },
      resourceLimits: { maxYoungGenerationSizeMb: 1, maxOldGenerationSizeMb: 16, stackSizeMb: 1 }
    })
    this.#worker.unref()
    port1.unref()
    for (const event of ['error', 'exit']) this.#worker.once(event, () => (this.#isLost = true))
  }

  /** Calls that the other thread has made so far. */
  get made(): number {
    return Atomics.load(this.#control, at.made)
  }

  /**
   * Has each call made once, here by `make` or on the other thread over `memory`, which must be shared. A call may be made again where the other thread is lost, so
   * it has to leave the same behind then.
   */
  share(memory: GivenMemory, calls: readonly Call[], make: (call: Call) => void): void {
    const control = this.#control
    if (this.#isLost || calls.length > mostCalls) {
      calls.forEach(make)
      return
    }
    control[at.memory] = this.#idOf(memory)
    control[at.count] = calls.length
    for (const [i, call] of calls.entries()) control.set(call, at.calls + i * longestCall)
    Atomics.store(control, at.next, 0)
    Atomics.store(control, at.state, states.asked)
    Atomics.notify(control, at.state)
    for (let i = Atomics.add(control, at.next, 1); i < calls.length; i = Atomics.add(control, at.next, 1)) make(calls[i] ?? [])
    if (Atomics.compareExchange(control, at.state, states.asked, states.idle) === states.asked) return
    if (Atomics.wait(control, at.state, states.working, patience) !== 'timed-out') return
    this.#isLost = true
    calls.forEach(make)
  }

  async dispose(): Promise<void> {
    this.#isLost = true
    await this.#worker.terminate()
  }

  #idOf(memory: GivenMemory): number {
    const known = this.#ids.get(memory)
    if (known !== undefined) return known
    const id = this.#known++
    this.#ids.set(memory, id)
    this.#port.postMessage({ id, memory } satisfies Introduced)
    return id
  }
}

/** What the other thread does until it is ended. It starts as text, so it knows nothing but what it is given, and has its numbers written out. */
function work(threads: { readonly workerData: unknown; readonly receiveMessageOnPort: typeof receiveMessageOnPort }): void {
  const { module, name, control, port } = threads.workerData as Given // `SecondThread` gives it.
  const functions: ((...call: number[]) => void)[] = []
  for (;;) {
    Atomics.wait(control, 0, 0)
    if (Atomics.compareExchange(control, 0, 1, 2) !== 1) continue
    for (let told = threads.receiveMessageOnPort(port); told; told = threads.receiveMessageOnPort(port)) {
      const { id, memory } = told.message as Introduced // `SecondThread` sends nothing else.
      const made = new WebAssembly.Instance(module, { given: { memory } }).exports[name]
      if (made) functions[id] = made
    }
    const call = functions[control[3] ?? 0]
    const count = call ? (control[2] ?? 0) : 0
    for (let i = Atomics.add(control, 1, 1); i < count; i = Atomics.add(control, 1, 1)) {
      call?.(...control.subarray(5 + 8 * i, 13 + 8 * i))
      Atomics.add(control, 4, 1)
    }
    Atomics.store(control, 0, 0)
    Atomics.notify(control, 0)
  }
}
