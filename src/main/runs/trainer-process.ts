import { fork, type ChildProcess } from 'node:child_process'
import type { TrainerRequest } from '../worker/protocol.ts'

/** A trainer that is running, however the shell started it. */
export interface TrainerProcess {
  /** Known once the system has started it. */
  readonly pid: number | undefined
  /** Hands a request over; one that is gone is noticed by its end, not by this. */
  send(request: TrainerRequest): void
  /** Ends it at once, with whatever it started itself. */
  kill(): void
  /** Its last event has arrived: it may go. */
  release(): void
}

/** Whom a trainer process tells of itself. */
export interface TrainerListener {
  readonly message: (message: unknown) => void
  readonly printed: (text: string) => void
  /** It could not be started. */
  readonly unstarted: (error: unknown) => void
  /** It has ended, and everything it sent or printed has been told. */
  readonly gone: (code: number | null, signal: NodeJS.Signals | null) => void
}

/** Starts the trainer whose program is `entry`. `flags`: of its engine, such as the bound of its heap. */
export type LaunchTrainer = (entry: string, listener: TrainerListener, flags?: readonly string[]) => TrainerProcess

/**
 * What a trainer finds in its environment. The runtime must never load with its telemetry on (docs/decisions/0001). glibc keeps a heap for every thread, of which
 * most stays free and resident: with one for all, runs take 10 to 15 % less, in the same time (docs/decisions/0052). Elsewhere the name means nothing.
 */
export const trainerEnvironment = (): NodeJS.ProcessEnv => ({
  MALLOC_ARENA_MAX: '1',
  ...process.env,
  ORT_DISABLE_TELEMETRY: '1'
})

/** A trainer as a child of plain Node. */
const forkTrainer: LaunchTrainer = (entry, listener, flags = []) => new ForkedTrainer(entry, listener, flags)

let ownWay: LaunchTrainer = forkTrainer

/**
 * Starts every trainer of this process from now on in another way. Set once, where the program begins: whoever forgot to hand it on would start a
 * second application in place of a trainer.
 */
export function startTrainersBy(launch: LaunchTrainer): void {
  ownWay = launch
}

/** Starts a trainer as this process does. */
export const launchTrainer: LaunchTrainer = (entry, listener, flags) => ownWay(entry, listener, flags)

class ForkedTrainer implements TrainerProcess {
  readonly #child: ChildProcess

  constructor(entry: string, { message, printed, unstarted, gone }: TrainerListener, flags: readonly string[]) {
    const child = fork(entry, [], {
      // Its own process group: Ctrl+C in a terminal reaches the parent alone, which asks for a checkpoint.
      detached: true,
      windowsHide: true,
      execArgv: [...flags],
      env: trainerEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe', 'ipc']
    })
    this.#child = child
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', printed)
    child.on('message', message)
    child.once('error', unstarted)
    child.once('exit', (code, signal) => {
      // What it had sent before is read first; a process of its own that keeps its output open is not waited for.
      const late = setTimeout(() => gone(code, signal), 1000)
      child.once('close', () => {
        clearTimeout(late)
        gone(code, signal)
      })
    })
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  send(request: TrainerRequest): void {
    if (this.#child.connected) this.#child.send(request, () => undefined)
  }

  kill(): void {
    const { pid, exitCode, signalCode } = this.#child
    if (pid === undefined || exitCode !== null || signalCode !== null) return
    try {
      // The whole group: a probe that the trainer started must not outlive it. Windows has no groups.
      process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL')
    } catch {
      // The group is gone already, or never came to be; then this is harmless.
      this.#child.kill('SIGKILL')
    }
  }

  release(): void {
    // It disconnects by itself once its last event has been handed over.
  }
}
