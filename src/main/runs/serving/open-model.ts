import { InputError, StoppedError } from '../../base/errors.ts'
import type {
  Asked,
  FailedEvent,
  ModelFacts,
  Question,
  QuestionResult,
  ServingEvent,
  TrainerRequest
} from '../../worker/protocol.ts'
import type { LiveEvent } from '../read-event.ts'
import { runTask, type TaskOptions } from '../supervisor.ts'

export interface OpenModelOptions {
  /** Of a run or an export, or of an adapter. */
  readonly folder: string
  /** An adapter's base model. */
  readonly base?: string | undefined
  /** The trainer's program. */
  readonly entry: string
  /** Is told when the process was lost and another takes its place. */
  readonly onRestart: (lost: FailedEvent) => void
  /** Is told what whoever uses the model should know: that an export was retired. */
  readonly onNote: (message: string) => void
  /** Questions that may wait; more are refused at once. */
  readonly mostWaiting?: number
  readonly launch?: TaskOptions['launch']
  readonly priority?: TaskOptions['priority']
  /** Seconds on a clock that only runs forward. */
  readonly now?: () => number
}

interface Waiting extends Asked {
  readonly signal: AbortSignal | undefined
  readonly answer: (result: QuestionResult[keyof QuestionResult]) => void
  readonly refuse: (error: unknown) => void
}

/** Processes that may be lost within a minute; one more, and there is no sense in starting another. */
const MOST_LOST = 3
const WINDOW_SECONDS = 60
const MOST_WAITING = 32

/**
 * A model in a process of its own that stays open. Questions are asked one after the other; where the process is lost, another is started, and only the
 * question that it was at is lost with it.
 */
export class OpenModel {
  /** Resolves once it can answer no more, and to why; null where it was closed. */
  readonly ended: Promise<FailedEvent | null>
  readonly #options: OpenModelOptions
  readonly #stopping = new AbortController()
  readonly #killing = new AbortController()
  readonly #waiting: Waiting[] = []
  readonly #ready: (facts: ModelFacts) => void
  #send: (request: TrainerRequest) => void = () => undefined
  #isReady = false
  #current: Waiting | null = null
  #lost: number[] = []
  #next = 1
  #drained: () => void = () => undefined
  #hasEnded = false

  private constructor(options: OpenModelOptions, ready: (facts: ModelFacts) => void) {
    this.#options = options
    this.#ready = ready
    this.ended = this.#keep()
  }

  /** Opens it. @throws InputError where there is no model to open, Error where its process cannot be kept */
  static async open(options: OpenModelOptions, signal?: AbortSignal): Promise<{ model: OpenModel; facts: ModelFacts }> {
    const { promise, resolve, reject } = Promise.withResolvers<ModelFacts>()
    const model = new OpenModel(options, resolve)
    signal?.addEventListener('abort', () => void model.dispose(), { once: true })
    void model.ended.then((failed) => reject(failed ? thrown(failed) : new StoppedError('Stopped. Nothing was answered.')), reject)
    return { facts: await promise, model }
  }

  /**
   * Asks one thing. An aborted `signal` takes back what was not begun.
   * @throws InputError `answer-busy` where too many wait, `answer-lost` where the process was lost over it, or what the question got wrong
   */
  ask<K extends Question['kind']>(question: Extract<Question, { kind: K }>, signal?: AbortSignal): Promise<QuestionResult[K]> {
    const { mostWaiting = MOST_WAITING } = this.#options
    if (this.#hasEnded || this.#stopping.signal.aborted) return Promise.reject(lostOver())
    if (this.#waiting.length >= mostWaiting) {
      const sentence = `${this.#waiting.length} questions are waiting already. Ask again in a moment.`
      return Promise.reject(new InputError('answer-busy', sentence))
    }
    const { promise, resolve, reject } = Promise.withResolvers<QuestionResult[K]>()
    const answer = (result: QuestionResult[keyof QuestionResult]): void => resolve(result as QuestionResult[K]) // Of the question's kind.
    this.#waiting.push({ id: this.#next++, question, signal, answer, refuse: reject })
    this.#pump()
    return promise
  }

  /** Whether it can answer no more. */
  get hasEnded(): boolean {
    return this.#hasEnded
  }

  /** Answers what was asked before, for `patience` milliseconds at most, and closes. */
  async dispose(patience = 10_000): Promise<void> {
    if (this.#current || this.#waiting.length > 0) {
      const { promise, resolve } = Promise.withResolvers<undefined>()
      this.#drained = () => resolve(undefined)
      const late = setTimeout(this.#drained, patience)
      await promise
      clearTimeout(late)
    }
    this.#stopping.abort()
    await this.ended
  }

  /** Ends it at once. */
  kill(): void {
    this.#stopping.abort()
    this.#killing.abort()
  }

  async #keep(): Promise<FailedEvent | null> {
    for (;;) {
      const { folder: runFolder, base } = this.#options
      const outcome = await runTask({ kind: 'serve', runFolder, ...(base !== undefined && { base }) }, this.#taskOptions())
      this.#isReady = false
      this.#settle((asked) => asked.refuse(lostOver()))
      if (this.#stopping.signal.aborted || outcome.event === 'finished') return this.#end(null)
      if (outcome.exitCode === 2 || !this.#mayStartAgain()) return this.#end(outcome)
      this.#options.onRestart(outcome)
    }
  }

  #taskOptions(): TaskOptions {
    const { entry, launch, priority } = this.#options
    return {
      entry,
      signal: this.#stopping.signal,
      killSignal: this.#killing.signal,
      onConnect: (send) => (this.#send = send),
      onEvent: (event) => this.#hear(event),
      ...(launch && { launch }),
      ...(priority && { priority })
    }
  }

  #hear(event: LiveEvent): void {
    if (event.event === 'note') this.#options.onNote(event.message)
    if (!isServing(event)) return
    if (event.event === 'ready') {
      this.#isReady = true
      this.#ready(event.model)
      this.#pump()
    } else if (event.id === this.#current?.id) {
      // A served model sends what its question asks for.
      if (event.event === 'answered') this.#settle((asked) => asked.answer(event.result as QuestionResult[keyof QuestionResult]))
      else this.#settle((asked) => asked.refuse(thrown(event.failure)))
      this.#pump()
    }
  }

  #pump(): void {
    if (!this.#isReady || this.#current) return
    let next = this.#waiting.shift()
    while (next?.signal?.aborted === true) {
      next.refuse(lostOver())
      next = this.#waiting.shift()
    }
    if (!next) {
      this.#drained()
      return
    }
    this.#current = next
    this.#send({ kind: 'ask', id: next.id, question: next.question })
  }

  #settle(how: (asked: Waiting) => void): void {
    const current = this.#current
    this.#current = null
    if (current) how(current)
  }

  #mayStartAgain(): boolean {
    const { now = (): number => performance.now() / 1000 } = this.#options
    const at = now()
    this.#lost = [...this.#lost.filter((each) => at - each < WINDOW_SECONDS), at]
    return this.#lost.length <= MOST_LOST
  }

  #end(failed: FailedEvent | null): FailedEvent | null {
    this.#hasEnded = true
    for (const asked of this.#waiting.splice(0)) asked.refuse(lostOver())
    this.#drained()
    return failed
  }
}

const isServing = (event: LiveEvent): event is ServingEvent =>
  event.event === 'ready' || event.event === 'answered' || event.event === 'unanswered'

const lostOver = (): InputError =>
  new InputError('answer-lost', 'The process of the model ended over this question. Ask again; if it ends again, send less at once.')

const thrown = ({ exitCode, code, message, inApp, detail }: FailedEvent): Error =>
  exitCode === 1 ? new Error(detail) : new InputError(code, message, inApp === undefined ? {} : { inApp })
