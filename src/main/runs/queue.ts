import { access } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunId } from '../../preload/contract/common.ts'
import { InputError } from '../base/errors.ts'
import { changeRun, enqueueRun, waitingRuns, type RunRow } from '../tracker/queries/runs.ts'
import type { WritableDb } from '../tracker/tracker.ts'
import type { FailedEvent, FinishedEvent, TrainerTask } from '../worker/protocol.ts'
import type { RunListener } from './ports.ts'
import type { Outcome } from '../worker/protocol.ts'
import { Recorder } from './recorder.ts'
import type { Live } from './summary.ts'
import type { TaskOptions } from './supervisor.ts'

export interface QueueOptions {
  readonly db: WritableDb
  /** The trainer's program. */
  readonly entry: string
  /** The folder with the run folders. */
  readonly runs: string
  readonly runTask: (task: TrainerTask, options: TaskOptions) => Promise<Outcome>
  readonly listener: Pick<RunListener, 'curves'>
  readonly onChange: (id: RunId) => void
  /** Once a run has a folder. */
  readonly onFolder: (row: RunRow) => void
  /** Once a run has ended, however it did, with the steps that it made. */
  readonly onEnd: (id: RunId, step: number) => void
}

interface Active {
  readonly id: RunId
  readonly recorder: Recorder
  readonly stop: AbortController
  readonly kill: AbortController
  readonly finish: AbortController
  /** What becomes of the run when it stops because it was asked to. */
  afterwards: 'paused' | 'stopped'
  done: Promise<void>
}

/** Runs that wait, one after the other. It survives the program: who waits stands in the tracker. */
export class Queue {
  readonly #options: QueueOptions
  #active: Active | null = null
  #isClosed = false
  /** Runs that shall only be tested once they are back from their checkpoint. */
  readonly #finishing = new Set<string>()

  constructor(options: QueueOptions) {
    this.#options = options
  }

  /** What is known of a run only while it is under way. */
  liveOf(id: string): (Live & { readonly step: number }) | null {
    const active = this.#active
    return active?.id === id ? { ...active.recorder.live, step: active.recorder.step } : null
  }

  /** Puts a run at the end and starts it where nothing is under way. */
  add(id: RunId): void {
    enqueueRun(this.#options.db, id)
    this.#options.onChange(id)
    this.next()
  }

  /** Keeps the run's place: at a checkpoint where it trains, out of the queue where it waits. */
  pause(row: RunRow): void {
    if (this.#active?.id === row.id) {
      this.#active.afterwards = 'paused'
      this.#active.stop.abort()
    } else if (row.state === 'queued') {
      this.#change(row.id as RunId, { state: 'paused', queue_order: null })
    } else throw notNow('paused')
  }

  resume(row: RunRow): void {
    if (!['paused', 'stopped', 'failed'].includes(row.state)) throw notNow('resumed')
    this.add(row.id as RunId)
  }

  /** Trains no further and tests the best weights; a run that stands at a checkpoint comes back for it. */
  finish(row: RunRow): void {
    if (this.#active?.id === row.id) {
      this.#active.finish.abort()
      return
    }
    if (!['paused', 'stopped', 'failed'].includes(row.state) || row.step === 0) throw notNow('tested')
    this.#finishing.add(row.id)
    this.add(row.id as RunId)
  }

  /** Ends a run's trainer at once, if it has one, and takes it out of the queue. */
  async end(id: string): Promise<void> {
    this.#finishing.delete(id)
    changeRun(this.#options.db, id, { queue_order: null })
    if (this.#active?.id !== id) return
    this.#active.kill.abort()
    await this.#active.done
  }

  /** Starts the next one that waits. */
  next(): void {
    if (this.#active || this.#isClosed) return
    const [row] = waitingRuns(this.#options.db)
    if (row) this.#start(row)
  }

  /** Stops at a checkpoint; whoever waits goes on waiting. */
  async dispose(): Promise<void> {
    this.#isClosed = true
    this.#active?.stop.abort()
    await this.#active?.done
  }

  #start(row: RunRow): void {
    const { db, listener, onChange, onEnd } = this.#options
    const id = row.id as RunId // Minted by main.
    const recorder = new Recorder(db, id, row.best_metric, listener, () => onChange(id))
    const [stop, kill, finish] = [new AbortController(), new AbortController(), new AbortController()]
    const active: Active = { id, recorder, stop, kill, finish, afterwards: 'stopped', done: Promise.resolve() }
    this.#active = active
    const nothing = { failure_code: null, failure_message: null, failure_detail: null }
    this.#change(id, { state: 'preparing', queue_order: null, ...nothing })
    if (this.#finishing.delete(id)) finish.abort()
    active.done = this.#train(active, row).finally(() => {
      this.#active = null
      onEnd(id, recorder.step)
      onChange(id)
      this.next()
    })
  }

  async #train(active: Active, row: RunRow): Promise<void> {
    const { runTask, entry } = this.#options
    const folder = join(this.#options.runs, `${row.id}-1`)
    const { id, recorder, stop, kill, finish } = active
    const outcome = await runTask(
      { kind: 'train', configFile: row.config_file, resume: await exists(join(folder, 'run.json')) },
      {
        entry,
        signal: stop.signal,
        killSignal: kill.signal,
        finishSignal: finish.signal,
        onEvent: (event) => {
          recorder.hear(event)
          if (event.event === 'started') this.#options.onFolder({ ...row, folder: event.run })
        }
      }
    ).catch(bugOf)
    recorder.flush()
    if (await exists(folder)) changeRun(this.#options.db, id, { folder })
    if (outcome.event === 'finished') this.#finished(id, row, outcome)
    else this.#failed(active, outcome)
  }

  #finished(id: RunId, row: RunRow, outcome: FinishedEvent): void {
    const { name, value, low, high } = testOf(outcome, row.best_metric)
    const test = { test_metric: name, test_value: value, test_low: low, test_high: high }
    changeRun(this.#options.db, id, { state: 'finished', ...test })
  }

  #failed({ id, recorder, afterwards }: Active, { exitCode, code, message, detail }: FailedEvent): void {
    if (exitCode === 130) {
      changeRun(this.#options.db, id, { state: afterwards })
      return
    }
    const shown = message.replace(/; go on with --resume\./, '. Nothing up to there is lost: resume it.')
    recorder.log(shown)
    changeRun(this.#options.db, id, { state: 'failed', failure_code: code, failure_message: shown, failure_detail: detail })
  }

  #change(id: RunId, change: Parameters<typeof changeRun>[2]): void {
    changeRun(this.#options.db, id, change)
    this.#options.onChange(id)
  }
}

const notNow = (what: string): InputError =>
  new InputError('run-state', `This run cannot be ${what} now. Look at its state, which has just changed.`)

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false
  )

/** A bug of ours while a run was followed: the run stands at its last checkpoint all the same. */
function bugOf(error: unknown): FailedEvent {
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const message = 'Attune lost track of this run. Nothing up to its last checkpoint is lost: resume it.'
  return { event: 'failed', exitCode: 1, code: 'internal', message, detail }
}

interface TestValue {
  readonly name: string | null
  readonly value: number | null
  readonly low: number | null
  readonly high: number | null
}

/** The metric that decided, on test; the first of the others where the test does not have it. */
function testOf({ metrics }: FinishedEvent, wanted: string | null): TestValue {
  const none: TestValue = { name: null, value: null, low: null, high: null }
  const test = objectIn(objectIn(metrics)?.['test'])
  const names = [wanted, 'macro_f1', 'rmse', 'loss'].filter((name) => name !== null)
  const name = names.find((each) => objectIn(test?.[each]))
  if (name === undefined) return none
  const { value, low, high } = objectIn(test?.[name]) ?? {}
  const number = (found: unknown): number | null => (typeof found === 'number' ? found : null)
  return { name, value: number(value), low: number(low), high: number(high) }
}

const objectIn = (value: unknown): Readonly<Record<string, unknown>> | null =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : null // JSON has text keys.

