import { utilityProcess, type UtilityProcess } from 'electron'
import { finished } from 'node:stream/promises'
import { trainerEnvironment, type LaunchTrainer, type TrainerListener, type TrainerProcess } from '../../runs/trainer-process.ts'
import type { TrainerRequest } from '../../worker/protocol.ts'

/** A trainer as a utility process: the packaged application cannot be started as Node (docs/decisions/0010). */
export const forkUtilityTrainer: LaunchTrainer = (entry, listener, flags = []) => new UtilityTrainer(entry, listener, flags)

/** How a status of waitpid names the signals by which a trainer ends; neither Node nor our program ends with these numbers here. */
const SIGNALS: Readonly<Record<number, NodeJS.Signals>> = { 6: 'SIGABRT', 9: 'SIGKILL', 11: 'SIGSEGV', 15: 'SIGTERM' }

/** Milliseconds that the rest of what it printed is waited for. */
const LATE = 1000

class UtilityTrainer implements TrainerProcess {
  readonly #child: UtilityProcess | null
  #isGone = false

  constructor(entry: string, listener: TrainerListener, flags: readonly string[]) {
    this.#child = start(entry, listener, flags)
    if (this.#child) this.#follow(this.#child, listener)
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  send(request: TrainerRequest): void {
    if (!this.#isGone) this.#child?.postMessage(request)
  }

  kill(): void {
    const child = this.#child
    if (!child || this.#isGone) return
    // The system starts it in its own time; what has no number yet is ended as soon as it has one.
    if (child.pid === undefined) child.once('spawn', () => end(child))
    else end(child)
  }

  release(): void {
    if (!this.#isGone) this.#child?.postMessage({ kind: 'release' })
  }

  #follow(child: UtilityProcess, { message, printed, gone }: TrainerListener): void {
    const streams = [child.stdout, child.stderr].filter((stream) => stream !== null)
    for (const stream of streams) stream.setEncoding('utf8').on('data', printed)
    const silence = Promise.allSettled(streams.map((stream) => finished(stream)))
    child.on('message', message)
    // The report that comes with it holds the environment: it is not kept.
    child.on('error', (type, location) => printed(`\n${type} in ${location}\n`))
    child.once('exit', (code) => {
      this.#isGone = true
      const signal = signalOf(code)
      const late = new Promise((done) => setTimeout(done, LATE))
      void Promise.race([silence, late]).then(() => gone(signal === null ? code : null, signal))
    })
  }
}

/** V8 has its flags by then where Node would read them from `execArgv`; Electron makes switches of its words, and gives V8 what `--js-flags` says. */
const switchesOf = (flags: readonly string[]): string[] => (flags.length === 0 ? [] : [`--js-flags=${flags.join(' ')}`])

function start(entry: string, { unstarted }: TrainerListener, flags: readonly string[]): UtilityProcess | null {
  try {
    const env = Object.fromEntries(
      Object.entries(trainerEnvironment()).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))
    )
    const execArgv = switchesOf(flags)
    return utilityProcess.fork(entry, [], { serviceName: 'Attune trainer', stdio: ['ignore', 'pipe', 'pipe'], execArgv, env })
  } catch (error) {
    // Told later, as a child of Node tells it: whoever starts a trainer is not listening yet.
    queueMicrotask(() => unstarted(error))
    return null
  }
}

/** At once, as SIGKILL does: Electron's own `kill` asks politely, and native code that computes does not answer. */
function end(child: UtilityProcess): void {
  const { pid } = child
  try {
    if (pid !== undefined) process.kill(pid, 'SIGKILL')
  } catch {
    child.kill()
  }
}

/** The signal behind an exit status, plain or with 128 added; null where there was none. */
function signalOf(code: number): NodeJS.Signals | null {
  if (process.platform === 'win32') return null
  return SIGNALS[code] ?? SIGNALS[code - 128] ?? null
}
