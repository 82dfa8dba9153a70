import { keyRing } from '../../base/sealed/key-ring.ts'
import type { FailedEvent, FinishedEvent, KeptTask, Outcome, TrainerRequest, TrainerTask } from '../../worker/protocol.ts'
import type { LiveEvent } from '../read-event.ts'
import type { TaskOptions } from '../supervisor.ts'

export type RunTask = (task: TrainerTask, options: TaskOptions) => Promise<Outcome>

export interface StandbyOptions {
  /** The trainer's program. */
  readonly entry: string
  readonly runTask: RunTask
  /** Milliseconds after the last answer until its process ends. */
  readonly patience?: number
}

/** Long enough to read an answer and choose another adapter, short enough not to hold memory for nothing. */
const PATIENCE = 90_000

interface Standing {
  readonly send: (request: TrainerRequest) => void
  readonly stop: AbortController
  readonly ended: Promise<Outcome>
}

interface Waiting {
  readonly id: number
  readonly settle: (outcome: Outcome) => void
}

/**
 * A trainer that stays between answers, so that whoever tries one adapter after the other does not load their base model each time. It answers one task
 * after the other, and ends when nobody has asked for a while, or somebody else needs the memory.
 */
export class Standby {
  readonly #options: StandbyOptions
  #standing: Standing | null = null
  #waiting: Waiting | null = null
  #turn: Promise<unknown> = Promise.resolve()
  #next = 1
  #timer: NodeJS.Timeout | undefined

  constructor(options: StandbyOptions) {
    this.#options = options
  }

  /** Resolves to what the task comes to, as a trainer of its own would have said it. */
  perform(task: KeptTask): Promise<Outcome> {
    return this.#inTurn(() => this.#ask(task))
  }

  /** Ends the process once what was asked before has been answered, and lets go of every file. */
  release(): Promise<void> {
    return this.#inTurn(() => this.#end())
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work)
    this.#turn = result.catch(() => undefined)
    return result
  }

  async #ask(task: KeptTask): Promise<Outcome> {
    clearTimeout(this.#timer)
    const standing = (this.#standing ??= this.#start())
    const { promise, resolve } = Promise.withResolvers<Outcome>()
    const id = this.#next++
    this.#waiting = { id, settle: resolve }
    standing.send({ kind: 'perform', id, task, sealing: keyRing.share() })
    const outcome = await Promise.race([promise, standing.ended.then(lost)])
    this.#waiting = null
    this.#timer = setTimeout(() => void this.release(), this.#options.patience ?? PATIENCE)
    this.#timer.unref()
    return outcome
  }

  #start(): Standing {
    const { entry, runTask } = this.#options
    const stop = new AbortController()
    let send: Standing['send'] = () => undefined
    const ended = runTask(
      { kind: 'keep' },
      { entry, signal: stop.signal, onConnect: (connected) => (send = connected), onEvent: (event) => this.#hear(event) }
    )
    const standing: Standing = { send: (request) => send(request), stop, ended }
    const forget = (): void => {
      if (this.#standing === standing) this.#standing = null
    }
    // A bug of the parent's own is told to whoever asks; here it only ends the process.
    void ended.then(forget, forget)
    return standing
  }

  async #end(): Promise<void> {
    clearTimeout(this.#timer)
    const standing = this.#standing
    if (!standing) return
    standing.stop.abort()
    await standing.ended
  }

  #hear(event: LiveEvent): void {
    const waiting = this.#waiting
    if (!waiting || !('id' in event) || event.id !== waiting.id) return
    if (event.event === 'answered') waiting.settle(event.result as FinishedEvent) // A kept task's.
    else waiting.settle(event.failure)
  }
}

/** What the process came to without an answer. */
function lost(outcome: Outcome): FailedEvent {
  if (outcome.event === 'failed') return outcome
  const message = 'The process that answers ended. Ask again.'
  return { event: 'failed', exitCode: 1, code: 'trainer-crashed', message, detail: message }
}

/** Tasks that need the memory, or measure it. */
const heavy: ReadonlySet<TrainerTask['kind']> = new Set(['train', 'plan', 'probe', 'export'])

/**
 * Runs tasks as before, but that answers come from the trainer that stays. It makes way for what is heavy; beside a training (`low`) answers have a trainer
 * of their own.
 */
export function standingBy(runTask: RunTask, standby: Standby): RunTask {
  return async (task, options) => {
    const isKept = task.kind === 'answer' || task.kind === 'passages' || task.kind === 'attribute'
    if (isKept && options.priority !== 'low') return standby.perform(task)
    if (heavy.has(task.kind)) await standby.release()
    return runTask(task, options)
  }
}
