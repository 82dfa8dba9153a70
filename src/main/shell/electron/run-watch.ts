import { Notification, powerSaveBlocker } from 'electron'
import type { RunSummary } from '../../../preload/contract/runs.ts'
import type { AppEvent, Events } from '../../ipc/events.ts'
import { words } from './words.ts'

export interface RunWatchOptions {
  readonly events: Events
  /** The runs as they stand. Events alone do not do: while Attune is locked there are none of runs. */
  readonly runs: () => readonly Run[]
  /** Whether the person is looking, so that nothing needs to be announced. */
  readonly isWatched: () => boolean
  readonly show: () => void
  readonly setProgress: (share: number | null) => void
  /** Nothing trains or waits any more. */
  readonly onIdle: () => void
}

type Run = Pick<RunSummary, 'id' | 'state' | 'step' | 'totalSteps'>
type State = RunSummary['state']

/** How often the runs are looked at while one is under way, in milliseconds. */
const EVERY = 5000

const UNDER_WAY: readonly State[] = ['preparing', 'running', 'testing']

/** Follows the runs for what the system should know: no sleep while one trains, a word when it ends, how far it is. */
export class RunWatch {
  readonly #options: RunWatchOptions
  readonly #states = new Map<string, State>()
  readonly #unsubscribe: () => void
  #blocker: number | null = null
  #timer: NodeJS.Timeout | undefined

  constructor(options: RunWatchOptions) {
    this.#options = options
    for (const { id, state } of options.runs()) this.#states.set(id, state)
    this.#unsubscribe = options.events.subscribe((events) => {
      for (const event of events) this.#hear(event)
    })
    this.#settle()
  }

  /** Whether a run is under way. */
  get isTraining(): boolean {
    this.#look()
    return this.#has(UNDER_WAY)
  }

  dispose(): void {
    this.#unsubscribe()
    this.#states.clear()
    this.#settle()
  }

  #hear([channel, payload]: AppEvent): void {
    if (channel === 'runs:removed') this.#states.delete(payload.id)
    else if (channel === 'runs:changed') this.#note(payload)
    else if (channel === 'vault:changed') this.#look()
    else return
    this.#settle()
  }

  /** Notes what has changed without an event. */
  #look(): void {
    const runs = this.#options.runs()
    const present = new Set(runs.map(({ id }) => String(id)))
    for (const id of [...this.#states.keys()]) if (!present.has(id)) this.#states.delete(id)
    for (const run of runs) if (this.#states.get(run.id) !== run.state) this.#note(run)
  }

  #note({ id, state, step, totalSteps }: Run): void {
    const before = this.#states.get(id)
    this.#states.set(id, state)
    if (UNDER_WAY.includes(state)) this.#options.setProgress(totalSteps > 0 ? step / totalSteps : 0)
    if (before === undefined || !UNDER_WAY.includes(before)) return
    if (state === 'failed') this.#announce(words.notification.failed)
    else if (state === 'finished' && !this.#has(['queued'])) this.#announce(words.notification.finished)
  }

  #settle(): void {
    if (this.#has(UNDER_WAY)) {
      // The screen may go dark; the machine stays awake.
      this.#blocker ??= powerSaveBlocker.start('prevent-app-suspension')
      this.#timer ??= setInterval(() => {
        this.#look()
        this.#settle()
      }, EVERY)
      return
    }
    clearInterval(this.#timer)
    this.#timer = undefined
    if (this.#blocker === null) return
    powerSaveBlocker.stop(this.#blocker)
    this.#blocker = null
    this.#options.setProgress(null)
    if (!this.#has(['queued'])) this.#options.onIdle()
  }

  /** Says that a run has ended, and nothing about it: what a lock screen shows, anybody reads. */
  #announce(body: string): void {
    if (this.#options.isWatched() || !Notification.isSupported()) return
    const notification = new Notification({ title: words.title, body, silent: true })
    notification.on('click', this.#options.show)
    notification.show()
  }

  #has(states: readonly State[]): boolean {
    return [...this.#states.values()].some((state) => states.includes(state))
  }
}
