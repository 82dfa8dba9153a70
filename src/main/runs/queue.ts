import { access } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunId } from '../../preload/contract/common.ts'
import { InputError } from '../base/errors.ts'
import { withOwnName } from '../data/own-name.ts'
import { enqueueRun, findRun, heldRuns, waitingRuns, type RunChange, type RunRow } from '../tracker/queries/runs.ts'
import { findSweep } from '../tracker/queries/sweeps.ts'
import type { WritableDb } from '../tracker/tracker.ts'
import type { FailedEvent, FinishedEvent, Outcome, TrainerTask } from '../worker/protocol.ts'
import { testOf, validationOf } from './finished.ts'
import type { Keeper } from './keeper.ts'
import type { PowerSource, RunListener } from './ports.ts'
import type { Poorer } from './pruning.ts'
import { Recorder } from './recorder.ts'
import type { Live } from './summary.ts'
import type { TaskOptions } from './supervisor.ts'

export interface QueueOptions {
  readonly db: WritableDb
  readonly keeper: Keeper
  /** The trainer's program. */
  readonly entry: string
  /** The folder with the run folders. */
  readonly runs: string
  readonly runTask: (task: TrainerTask, options: TaskOptions) => Promise<Outcome>
  readonly listener: Pick<RunListener, 'curves' | 'log'>
  readonly power: PowerSource
  readonly onChange: (id: RunId) => void
  /** Once a run has a folder, and whenever it comes to rest. */
  readonly onRest: (id: RunId) => Promise<void>
  /** Once a run has ended, however it did, with the steps that it made. */
  readonly onEnd: (id: RunId, step: number) => void
  /** By what a run is poorer than others of its sweep after its newest look at the validation rows; null where it may go on. */
  readonly poorer: (row: RunRow) => Poorer | null
  /** Why a run's model or data cannot be read now; null where they can. */
  readonly problemOf: (row: RunRow) => Promise<InputError | null>
}

type Rest = RunChange & Pick<RunRow, 'interruption'> & { readonly state: 'paused' | 'stopped' }

interface Active {
  readonly id: RunId
  readonly recorder: Recorder
  readonly stop: AbortController
  readonly kill: AbortController
  readonly finish: AbortController
  /** What becomes of the run when it stops because it was asked to. */
  afterwards: Rest
  done: Promise<void>
}

/** Runs that wait, one after the other. It survives the program: who waits stands in the tracker. */
export class Queue {
  readonly #options: QueueOptions
  readonly #unfollow: () => void
  #active: Active | null = null
  #isClosed = false
  /** Runs that shall only be tested once they are back from their checkpoint. */
  readonly #finishing = new Set<string>()
  /** Quiet runs that the person lets go on though the PC is on battery. */
  readonly #unheld = new Set<string>()

  constructor(options: QueueOptions) {
    this.#options = options
    this.#unfollow = options.power.follow(() => this.#heedPower())
  }

  /** What is known of a run only while it is under way. */
  liveOf(id: string): (Live & { readonly step: number }) | null {
    const active = this.#active
    return active?.id === id ? { ...active.recorder.live, step: active.recorder.step } : null
  }

  get isIdle(): boolean {
    return this.#active === null
  }

  /** Puts a run at the end and starts it where nothing is under way. */
  add(id: RunId): void {
    this.#options.keeper.demand(() => enqueueRun(this.#options.db, id))
    this.#options.onChange(id)
    this.next()
  }

  /** Keeps the run's place: at a checkpoint where it trains, out of the queue where it waits. */
  pause(row: RunRow): void {
    if (this.#active?.id === row.id) {
      this.#active.afterwards = { state: 'paused', interruption: null }
      this.#active.stop.abort()
    } else if (row.state === 'queued') {
      this.#rest(row.id as RunId, { state: 'paused', interruption: null, queue_order: null })
    } else throw notNow('paused')
  }

  resume(row: RunRow): void {
    if (!['paused', 'stopped', 'failed'].includes(row.state)) throw notNow('resumed')
    if (row.interruption === 'battery') this.#unheld.add(row.id)
    this.add(row.id as RunId)
  }

  /** Looks at the test rows of a run that was trained without. */
  test(row: RunRow): void {
    if (row.state !== 'finished' || row.is_tested === 1) throw notNow('tested')
    this.#change(row.id as RunId, { is_tested: 1 })
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
    this.#options.keeper.change(id, { queue_order: null })
    if (this.#active?.id !== id) return
    this.#active.kill.abort()
    await this.#active.done
  }

  /** Starts the next one that waits. A quiet one is held while the PC is on battery. */
  next(): void {
    for (const row of this.#waiting()) {
      if (this.#active || this.#isClosed) return
      if (!this.#isHeld(row)) return this.#start(row)
      this.#rest(row.id as RunId, { state: 'paused', interruption: 'battery', queue_order: null })
    }
  }

  /** Stops at a checkpoint; whoever waits goes on waiting. */
  async dispose(): Promise<void> {
    this.#isClosed = true
    this.#unfollow()
    if (this.#active && !this.#active.stop.signal.aborted) {
      this.#active.afterwards = { state: 'stopped', interruption: 'closed' }
      this.#active.stop.abort()
    }
    await this.#active?.done
  }

  #waiting(): readonly RunRow[] {
    const { db, keeper } = this.#options
    return waitingRuns(db)
      .map((row) => ({ ...row, ...keeper.pending(row.id) }))
      .filter(({ queue_order }) => queue_order !== null)
  }

  #isHeld({ id, is_quiet }: RunRow): boolean {
    return is_quiet === 1 && !this.#unheld.has(id) && this.#options.power.state() === 'battery'
  }

  /** Stops a quiet run when the plug is pulled, and brings back what was held when it is in again. */
  #heedPower(): void {
    const { db, power } = this.#options
    const active = this.#active
    const row = active && findRun(db, active.id)
    if (active && row && this.#isHeld(row) && !active.stop.signal.aborted) {
      active.afterwards = { state: 'paused', interruption: 'battery' }
      active.stop.abort()
    }
    if (power.state() !== 'battery') for (const { id } of heldRuns(db)) this.add(id as RunId)
  }

  #start(row: RunRow): void {
    const { db, keeper, listener, onChange, onEnd } = this.#options
    const id = row.id as RunId // Minted by main.
    const recorder = new Recorder({ db, keeper, run: id, metric: row.best_metric, listener, onChange: () => onChange(id) })
    const [stop, kill, finish] = [new AbortController(), new AbortController(), new AbortController()]
    const afterwards: Rest = { state: 'stopped', interruption: null }
    const active: Active = { id, recorder, stop, kill, finish, afterwards, done: Promise.resolve() }
    this.#active = active
    const nothing = { failure_code: null, failure_message: null, failure_detail: null, interruption: null }
    this.#change(id, { state: 'preparing', queue_order: null, ...nothing })
    if (this.#finishing.delete(id)) finish.abort()
    active.done = this.#train(active, row).finally(() => {
      this.#active = null
      this.#unheld.delete(id)
      onEnd(id, recorder.step)
      onChange(id)
      // On a full disk the next one would only fail as well.
      const { failure_code } = { ...findRun(db, id), ...keeper.pending(id) }
      if (failure_code !== 'disk-full') this.next()
    })
  }

  async #train(active: Active, row: RunRow): Promise<void> {
    const { runTask, entry, keeper, onRest } = this.#options
    const folder = join(this.#options.runs, `${row.id}-1`)
    const { id, recorder, stop, kill, finish } = active
    const outcome = await runTask(this.#taskOf(row, await exists(join(folder, 'run.json'))), {
      entry,
      priority: row.is_quiet === 1 ? 'low' : 'below',
      signal: stop.signal,
      killSignal: kill.signal,
      finishSignal: finish.signal,
      onEvent: (event) => {
        recorder.hear(event)
        if (event.event === 'started') void onRest(id)
        if (event.event === 'evaluation') this.#judge(active)
      }
    }).catch(bugOf)
    recorder.flush()
    if (await exists(folder)) keeper.change(id, { folder })
    if (outcome.event === 'finished') await this.#finished(id, row, outcome, folder)
    else await this.#failed(active, row, outcome)
    // Not waited for: a run that is said to stand still must not be taken for one at work.
    void onRest(id)
  }

  /** Stops a run at a checkpoint whose sweep ends those that are poorer than half of the others. It keeps its best weights. */
  #judge(active: Active): void {
    const { id, recorder, stop, finish } = active
    const row = findRun(this.#options.db, id)
    if (!row || stop.signal.aborted || finish.signal.aborted) return
    const poorer = this.#options.poorer(row)
    if (!poorer) return
    const { step, value, median, others } = poorer
    const own = value === null ? 'no number so far' : `${value.toFixed(3)} at best so far`
    recorder.log(
      `Ended early at step ${step}: ${row.best_metric} ${own}, and half of ${others} other runs had ${median.toFixed(3)} or better at this point. Its best weights are kept; it can be resumed.`
    )
    const ended = { ended_step: step, ended_value: value, ended_median: median, ended_others: others }
    active.afterwards = { state: 'stopped', interruption: 'poorer', ...ended, ended_step_seconds: recorder.secondsAStep }
    stop.abort()
  }

  #taskOf({ config_file: configFile, micro_batch, sweep_id, is_tested }: RunRow, resume: boolean): TrainerTask {
    const tried = sweep_id === null ? undefined : findSweep(this.#options.db, sweep_id)?.tried
    return {
      kind: 'train',
      configFile,
      resume,
      ...(micro_batch === null ? {} : { microBatch: micro_batch }),
      ...(tried === undefined ? {} : { selection: { tried, isChosen: is_tested === 1 } })
    }
  }

  async #finished(id: RunId, { best_metric, is_tested }: RunRow, outcome: FinishedEvent, folder: string): Promise<void> {
    const judged = is_tested === 1 ? testOf(outcome, best_metric) : await validationOf(folder, best_metric)
    this.#change(id, { state: 'finished', ...judged })
  }

  async #failed({ id, recorder, afterwards }: Active, row: RunRow, failed: FailedEvent): Promise<void> {
    const { exitCode, code, message, inApp = message, detail } = failed
    if (exitCode === 130) return this.#change(id, { ...afterwards })
    const gone = await this.#options.problemOf(row)
    const place = recorder.step > 0 ? ` at step ${recorder.step}` : ''
    const shown =
      gone === null
        ? withOwnName(inApp, row.dataset_name).replace(ownFile, '').replace(/; go on with --resume\./, '. Nothing up to there is lost: resume it.')
        : `Training stopped${place}. ${gone.message} Then resume it: nothing up to its last checkpoint is lost.`
    recorder.log(shown)
    const failure_code = gone?.code ?? code
    this.#change(id, { state: 'failed', failure_code, failure_message: shown, failure_detail: `${message}\n${detail}` })
  }

  #rest(id: RunId, change: RunChange): void {
    this.#change(id, change)
    void this.#options.onRest(id)
  }

  #change(id: RunId, change: RunChange): void {
    this.#options.keeper.change(id, change)
    this.#options.onChange(id)
  }
}

/** The run.yaml that Attune wrote is no file of the person's. */
const ownFile = /^r-[a-z0-9-]+\.yaml line \d+: /

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
