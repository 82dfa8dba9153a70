// eslint-disable-next-line no-restricted-imports -- What /proc shows is no file of a person's.
import { existsSync, writeFileSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import { assert } from '../base/assert.ts'
import { messageOf } from '../base/errors.ts'
import { keyRing } from '../base/sealed/key-ring.ts'
import type { FailedEvent, Outcome, ProbeEvent, TimeThreadsEvent, TrainerRequest, TrainerTask } from '../worker/protocol.ts'
import { heapFlagsOf } from './heap-flags.ts'
import { isOutcome, readEvent, type LiveEvent } from './read-event.ts'
import { subjectOf } from './task-subject.ts'
import { launchTrainer, type LaunchTrainer, type TrainerProcess } from './trainer-process.ts'

/** How long a trainer that was asked to stop is waited for, in milliseconds. */
export interface StopPatience {
  /** Until it says anything but that a step is done; a checkpoint of a small model is written within this time. */
  readonly answer: number
  /** In all, once it has answered: a large checkpoint takes seconds to reach the disk. */
  readonly saving: number
  /** After its last event, until it is gone. */
  readonly leaving: number
}

/**
 * design.md §3 allows a stop 0.8 s; the grace of 1.2 s on top lets a checkpoint be written. The one before it is kept until the new one is whole, so
 * that killing a trainer in the middle of writing loses at most the minute since.
 */
const usualPatience: StopPatience = { answer: 2000, saving: 10_000, leaving: 2000 }

export interface TaskOptions {
  /** The trainer's program: out/main/trainer.js, or src/main/worker/trainer.ts. */
  readonly entry: string
  /** Told of every event but the last one, in order. */
  readonly onEvent: (event: LiveEvent) => void
  /** Asks the trainer to write a checkpoint and stop. */
  readonly signal?: AbortSignal
  /** Ends the trainer at once; the run stands at its last checkpoint. */
  readonly killSignal?: AbortSignal
  /** Asks the trainer to train no further and to test the best weights so far. */
  readonly finishSignal?: AbortSignal
  readonly patience?: Partial<StopPatience>
  /**
   * Who goes first where the processor is wanted by others too: `below` lets the window answer hands at once, `low` lets every program of the
   * person go first. Neither is slower on a PC that does nothing else.
   */
  readonly priority?: 'normal' | 'below' | 'low'
  /** The passphrase of the pack that the task writes or reads. It reaches the trainer in one message and is kept nowhere. */
  readonly secret?: string | null
  /** How the trainer is started; as this process starts them where left out. */
  readonly launch?: LaunchTrainer
  /** Is given the way to ask an open model (task `serve`) more; one that is gone hears nothing. */
  readonly onConnect?: (send: (request: TrainerRequest) => void) => void
}

/**
 * Runs a task in a trainer process of its own and resolves to its last event. A trainer that crashes, is killed or says nothing sensible becomes a
 * `failed` event; the promise rejects for bugs of the parent only.
 */
export function runTask(task: TrainerTask, options: TaskOptions): Promise<Outcome> {
  return new Supervision(task, options).outcome
}

/** The same for what a window waits beside: the window goes first unless `options` say otherwise. */
export const runTaskBehind: typeof runTask = (task, options) => runTask(task, { priority: 'below', ...options })

const PRIORITIES = { below: constants.priority.PRIORITY_BELOW_NORMAL, low: constants.priority.PRIORITY_LOW } as const

/** The end of what a trainer printed: the C++ library's last words are there. */
const maxPrintedCharacters = 64_000

class Supervision {
  readonly outcome: Promise<Outcome>
  readonly #task: TrainerTask
  readonly #options: TaskOptions
  readonly #patience: StopPatience
  readonly #trainer: TrainerProcess
  readonly #settle: (outcome: Outcome) => void
  readonly #fail: (error: unknown) => void
  readonly #cleanup: (() => void)[] = []
  #timer: NodeJS.Timeout | undefined
  #last: Outcome | undefined
  #printed = ''
  #checkpoint: number | null = null
  #askedToStop: number | null = null
  #hasAnswered = false
  #isKilled = false
  #hasMadeWay = false
  /** What the listener threw: told once the trainer is gone. */
  #bug: { readonly error: unknown } | undefined
  #isSettled = false

  constructor(task: TrainerTask, options: TaskOptions) {
    this.#task = task
    this.#options = options
    this.#patience = { ...usualPatience, ...options.patience }
    const { promise, resolve, reject } = Promise.withResolvers<Outcome>()
    this.outcome = promise
    this.#settle = resolve
    this.#fail = reject
    const { launch = launchTrainer, entry } = options
    const listener = {
      message: (message: unknown) => this.#hear(message),
      printed: (text: string) => this.#print(text),
      unstarted: (error: unknown) => this.#end(this.#unstarted(error)),
      gone: (code: number | null, signal: NodeJS.Signals | null) => this.#conclude(code, signal)
    }
    this.#trainer = launch(entry, listener, heapFlagsOf(task))
    const kill = (): void => this.#kill()
    process.once('exit', kill)
    this.#cleanup.push(() => process.off('exit', kill))
    this.#makeWay()
    this.#ask({ kind: 'start', task, sealing: keyRing.share(subjectOf(task)), secret: options.secret ?? null })
    options.onConnect?.((request) => this.#ask(request))
    this.#obey(options.signal, () => this.#stop())
    this.#obey(options.finishSignal, () => this.#ask({ kind: 'finish' }))
    this.#obey(options.killSignal, () => {
      this.#askedToStop ??= performance.now()
      this.#kill()
    })
  }

  /** Once it runs: before, the system has no number for it. */
  #makeWay(): void {
    const { pid } = this.#trainer
    const { priority = 'normal' } = this.#options
    if (priority === 'normal' || this.#hasMadeWay || pid === undefined) return
    this.#hasMadeWay = true
    try {
      setPriority(pid, PRIORITIES[priority])
    } catch (error) {
      this.#print(`[the trainer's priority could not be lowered: ${messageOf(error)}]\n`)
    }
    // Linux weighs sessions against each other, and the trainer has one of its own: its number counts there, or for nothing.
    const session = `/proc/${pid}/autogroup`
    if (process.platform !== 'linux' || !existsSync(session)) return
    try {
      writeFileSync(session, String(PRIORITIES[priority]))
    } catch (error) {
      this.#print(`[the priority of the trainer's session could not be lowered: ${messageOf(error)}]\n`)
    }
  }

  #obey(signal: AbortSignal | undefined, act: () => void): void {
    if (!signal) return
    if (signal.aborted) {
      act()
      return
    }
    signal.addEventListener('abort', act, { once: true })
    this.#cleanup.push(() => signal.removeEventListener('abort', act))
  }

  #ask(request: TrainerRequest): void {
    this.#trainer.send(request)
  }

  #hear(message: unknown): void {
    this.#makeWay()
    if (this.#last || this.#bug || this.#isSettled) return
    const event = readEvent(message)
    if (!event) {
      this.#print(`\n[a message that is no event was ignored: ${JSON.stringify(message).slice(0, 200)}]\n`)
      return
    }
    if (isOutcome(event)) {
      this.#last = event
      this.#trainer.release()
      this.#killAfter(this.#patience.leaving)
      return
    }
    if (event.event === 'probe' || event.event === 'time-threads') {
      void this.#aside(event)
      return
    }
    if (event.event === 'started') this.#checkpoint = event.resumedFrom
    if (event.event === 'checkpoint' && event.kind === 'last') this.#checkpoint = event.step
    if (event.event !== 'step') this.#answer()
    try {
      this.#options.onEvent(event)
    } catch (error) {
      this.#bug ??= { error }
      this.#kill()
    }
  }

  /** Runs what the trainer asks for in a process of its own. It shares this task's wish to stop, and goes when this trainer goes. */
  async #aside(event: ProbeEvent | TimeThreadsEvent): Promise<void> {
    const { entry, signal, killSignal, launch, priority } = this.#options
    const gone = new AbortController()
    this.#cleanup.push(() => gone.abort())
    const kill = AbortSignal.any([...(killSignal ? [killSignal] : []), ...(signal ? [signal] : []), gone.signal])
    const outcome = await runTask(asideTask(event), {
      entry,
      ...(priority && { priority }),
      killSignal: kill,
      onEvent: () => undefined,
      ...(launch && { launch })
    })
    this.#ask({ kind: 'probed', outcome })
  }

  #stop(): void {
    if (this.#askedToStop !== null) return
    this.#askedToStop = performance.now()
    this.#ask({ kind: 'stop' })
    if (!this.#last) this.#killAfter(this.#patience.answer)
  }

  /** A trainer that has been asked to stop and is still talking gets the time that a large checkpoint takes. */
  #answer(): void {
    if (this.#askedToStop === null || this.#hasAnswered) return
    this.#hasAnswered = true
    this.#killAfter(this.#patience.saving - (performance.now() - this.#askedToStop))
  }

  #killAfter(milliseconds: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#kill(), milliseconds)
  }

  #kill(): void {
    this.#isKilled = true
    this.#trainer.kill()
  }

  #print(text: string): void {
    this.#printed = (this.#printed + text).slice(-maxPrintedCharacters)
  }

  #conclude(code: number | null, signal: NodeJS.Signals | null): void {
    this.#end(this.#last ?? (this.#isKilled && this.#askedToStop !== null ? this.#stopped() : this.#crashed(code, signal)))
  }

  #end(outcome: Outcome): void {
    clearTimeout(this.#timer)
    for (const undo of this.#cleanup.splice(0)) undo()
    if (this.#isSettled) return
    this.#isSettled = true
    if (this.#bug) this.#fail(this.#bug.error)
    else this.#settle(withPrinted(outcome, this.#printed))
  }

  #unstarted(error: unknown): FailedEvent {
    const message = `The trainer could not be started: ${messageOf(error)}. Close other programs, then try again.`
    return { event: 'failed', exitCode: 1, code: 'trainer-not-started', message, detail: String(error) }
  }

  #stopped(): FailedEvent {
    const message = `Stopped. ${this.#standing()}`
    return { event: 'failed', exitCode: 130, code: 'stopped', message, detail: 'The trainer was killed.' }
  }

  #crashed(code: number | null, signal: NodeJS.Signals | null): FailedEvent {
    const how = signal === null ? `exit code ${code ?? 'unknown'}` : `signal ${signal}`
    // The kernel's out-of-memory killer is by far the most frequent sender of this signal.
    const hint = signal === 'SIGKILL' ? ' Most often the memory was full: then use a smaller batch or close other programs.' : ''
    const message = `The trainer stopped unexpectedly (${how}). ${this.#standing()}${hint}`
    return { event: 'failed', exitCode: 1, code: 'trainer-crashed', message, detail: message }
  }

  /** Where a run stands whose trainer is gone, and what to do. */
  #standing(): string {
    if (this.#task.kind !== 'train') return 'Run the command again.'
    if (this.#checkpoint === null && !this.#task.resume) return 'There was no checkpoint yet; start the run again.'
    const place = this.#checkpoint === null ? 'its last checkpoint' : `step ${this.#checkpoint}`
    return `The run stands at ${place}; go on with --resume.`
  }
}

/** The task that answers what a trainer asks for. */
function asideTask(asked: ProbeEvent | TimeThreadsEvent): TrainerTask {
  if (asked.event === 'probe') {
    const { event: _event, ...request } = asked
    return { kind: 'probe', ...request }
  }
  const { event: _event, ...trial } = asked
  return { kind: 'time-threads', ...trial }
}

function withPrinted(outcome: Outcome, printed: string): Outcome {
  if (outcome.event === 'finished' || printed.trim() === '') return outcome
  assert(typeof outcome.detail === 'string', 'a failed event has a detail')
  return { ...outcome, detail: `${outcome.detail}\n\nThe trainer printed:\n${printed.trim()}` }
}
