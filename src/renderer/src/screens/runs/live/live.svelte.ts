import type { RunId } from '../../../../../preload/contract/common.ts'
import type { Answer, Curves, LogLine, NewPoints, RunSummary } from '../../../../../preload/contract/runs.ts'
import { attuneError, type Api, type AttuneError } from '../../../lib/api.ts'
import { Resource } from '../../../lib/resource.svelte.ts'
import { words } from '../../../lib/words/index.ts'
import { appended, EMPTY_CURVES } from './curves.ts'

/** New points reach the screen at most this often, in milliseconds. */
const BEAT = 200
const BETWEEN_MESSAGES = 10_000

/** A run at work: its curves as they grow, its log, and a text tried on the best weights so far. */
export class LiveState {
  readonly id: RunId
  readonly log: Resource<readonly LogLine[]>
  text = $state('')
  /** What is asked of the text, where the run answers questions. */
  question = $state('')
  #curves = $state.raw<Curves>(EMPTY_CURVES)
  #failure = $state.raw<AttuneError | null>(null)
  #answer = $state.raw<Answer | null>(null)
  #asked = $state('')
  #isAsking = $state(false)
  #message = $state('')
  #spokenAt = -Infinity
  #waiting: NewPoints[] = []
  #timer: ReturnType<typeof setTimeout> | undefined
  readonly #api: Api['runs']

  constructor(api: Api['runs'], id: RunId) {
    this.#api = api
    this.id = id
    this.log = new Resource(() => api.log(id))
  }

  get curves(): Curves {
    return this.#curves
  }

  get failure(): AttuneError | null {
    return this.#failure
  }

  get answer(): Answer | null {
    return this.#answer
  }

  /** The text that the answer is to. */
  get asked(): string {
    return this.#asked
  }

  get isAsking(): boolean {
    return this.#isAsking
  }

  /** What a screen reader is told: at most one message in ten seconds. */
  get message(): string {
    return this.#message
  }

  /** Reads what there is, then adds what comes. Returns the function that stops it. */
  follow(): () => void {
    void this.load()
    const stops = [
      this.#api.on('curves', (event) => event.id === this.id && this.#take(event)),
      this.#api.on('log', (event) => event.id === this.id && this.#hear(event.lines))
    ]
    return () => {
      clearTimeout(this.#timer)
      stops.forEach((stop) => stop())
    }
  }

  async load(): Promise<void> {
    void this.log.load()
    try {
      this.#curves = appended(await this.#api.curves(this.id), this.#waiting.splice(0))
      this.#failure = null
    } catch (thrown) {
      this.#failure = attuneError(thrown)
    }
  }

  /** Lines that are there already, since the log was read meanwhile, come only once. */
  #hear(lines: readonly LogLine[]): void {
    const known = this.log.value
    if (known === undefined || this.log.reading) return void this.log.load()
    const last = known.at(-1)?.at ?? ''
    const fresh = lines.filter((line) => line.at > last || (line.at === last && !known.some(({ text }) => text === line.text)))
    this.log.set([...known, ...fresh])
  }

  #take(event: NewPoints): void {
    this.#waiting.push(event)
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#curves = appended(this.#curves, this.#waiting.splice(0))
    }, BEAT)
  }

  announce({ step, totalSteps, secondsLeft }: RunSummary, now: number): void {
    if (now - this.#spokenAt < BETWEEN_MESSAGES) return
    this.#spokenAt = now
    this.#message = words.live.announce(step, totalSteps, secondsLeft === null ? '' : words.common.left(secondsLeft))
  }

  /** `asksQuestion`: the run answers questions, and there is one. */
  async ask(asksQuestion = false): Promise<void> {
    if (this.text.trim() === '' || this.#isAsking) return
    this.#isAsking = true
    const { text, question } = this
    try {
      this.#answer = (await this.#api.answer({ id: this.id, texts: [text], ...(asksQuestion && { questions: [question] }) }))[0] ?? null
      this.#asked = text
    } finally {
      this.#isAsking = false
    }
  }
}
