import { spawn, type ChildProcess } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { join } from 'node:path'

const shim = join(import.meta.dirname, 'utility-shim.mjs')

/** A utility process that is a child of plain Node, which is given Electron's `process.parentPort` and loses Node's own channel. */
export class FakeUtilityProcess extends EventEmitter {
  readonly stdout: ChildProcess['stdout']
  readonly stderr: ChildProcess['stderr']
  readonly options: Electron.ForkOptions | undefined
  #pid: number | undefined
  readonly #child: ChildProcess

  constructor(entry: string, options?: Electron.ForkOptions) {
    super()
    this.options = options
    this.#child = spawn(process.execPath, [...engineFlags(options?.execArgv), shim, entry], {
      env: { ...options?.env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc']
    })
    const { stdout, stderr } = this.#child
    this.stdout = stdout
    this.stderr = stderr
    // Electron knows the number only once the process has been started.
    this.#child.once('spawn', () => {
      this.#pid = this.#child.pid
      this.emit('spawn')
    })
    this.#child.on('message', (message) => this.emit('message', message))
    this.#child.once('exit', (code, signal) => {
      this.#pid = undefined
      this.emit('exit', code ?? statusOf(signal))
    })
  }

  get pid(): number | undefined {
    return this.#pid
  }

  postMessage(message: unknown): void {
    if (this.#child.connected) this.#child.send(message as object, () => undefined) // The protocol's requests are objects.
  }

  kill(): boolean {
    return this.#child.kill('SIGTERM')
  }
}

const JS_FLAGS = '--js-flags='

/** What reaches V8: Electron's `node_service.cc` is given V8 with its flags set, and only `--js-flags` among its switches sets some. */
const engineFlags = (switches: readonly string[] = []): string[] =>
  switches.filter((one) => one.startsWith(JS_FLAGS)).flatMap((one) => one.slice(JS_FLAGS.length).split(' '))

/** As waitpid tells it. */
const statusOf = (signal: NodeJS.Signals | null): number =>
  ({ SIGKILL: 9, SIGABRT: 134, SIGSEGV: 139, SIGTERM: 15 })[signal as 'SIGKILL'] ?? 1 // Any other is 1.

type Own = Pick<Electron.UtilityProcess, 'stdout' | 'stderr' | 'pid' | 'postMessage' | 'kill'>

/** Compiles as long as the fake can stand for the real one; an emitter's own methods serve every event. */
export const fits = (trainer: FakeUtilityProcess): Own => trainer
