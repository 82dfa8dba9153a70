import type { RunId } from '../../preload/contract/common.ts'
import { addEvaluation, addMetricPoints, rewindMetrics, type MetricPoint } from '../tracker/queries/metrics.ts'
import { addLogLine, type RunChange } from '../tracker/queries/runs.ts'
import type { WritableDb } from '../tracker/tracker.ts'
import { curvesOf } from './curves.ts'
import type { Keeper } from './keeper.ts'
import type { RunListener } from './ports.ts'
import type { LiveEvent } from './read-event.ts'
import type { Live } from './summary.ts'

type EventOf<Name extends LiveEvent['event']> = Extract<LiveEvent, { event: Name }>

/** Points wait this long, in milliseconds, to be written in one transaction. */
const FLUSH_AFTER = 200
/** Weight of the newest step in the running mean of seconds a step. */
const NEWEST = 0.1
/** Points that wait while the disk takes none; the run's folder has all of them. */
const MOST_WAITING = 10_000
const ofPart = /[\\/](seed|fold|share)-([\d-]+)$/
const testingPhases = new Set(['validating', 'baselines', 'testing'])

export interface RecorderOptions {
  readonly db: WritableDb
  readonly keeper: Keeper
  readonly run: RunId
  /** The one that chooses the best checkpoint. */
  readonly metric: string | null
  readonly listener: Pick<RunListener, 'curves' | 'log'>
  readonly onChange: () => void
}

/** Follows one run: what its trainer says goes into the tracker and to the screens. */
export class Recorder {
  readonly #db: WritableDb
  readonly #run: RunId
  readonly #metric: string | null
  readonly #listener: Pick<RunListener, 'curves' | 'log'>
  readonly #keeper: Keeper
  readonly #onChange: () => void
  #points: MetricPoint[] = []
  #timer: NodeJS.Timeout | undefined
  #live: Live = { progress: null, secondsLeft: null, cost: null }
  #secondsAStep: number | null = null
  #lastStep = 0
  #isTraining = false

  constructor({ db, keeper, run, metric, listener, onChange }: RecorderOptions) {
    this.#db = db
    this.#keeper = keeper
    this.#run = run
    this.#metric = metric
    this.#listener = listener
    this.#onChange = onChange
  }

  get live(): Live {
    return this.#live
  }

  hear(event: LiveEvent): void {
    switch (event.event) {
      case 'started':
        return this.#started(event)
      case 'progress':
        return this.#progress(event)
      case 'step':
        return this.#step(event)
      case 'evaluation':
        return this.#evaluation(event)
      case 'cost': {
        const { event: _event, ...cost } = event
        this.#live = { ...this.#live, cost }
        return this.#onChange()
      }
      case 'note':
        return this.log(event.message)
      case 'skipped':
        return this.log(`Step ${event.step} was skipped: ${event.reason}.`)
      case 'phase':
        return event.phase > 0 ? this.log(`Step ${event.step}: more layers join.`) : undefined
      case 'early-stop':
        return this.log(`Stopped early at step ${event.step}: ${event.metric} no longer improves on validation.`)
      case 'smaller-batches':
        return this.log(event.sentence)
      case 'checkpoint':
        // That the best weights are kept is said with the evaluation that found them.
        return undefined
      case 'ready':
      case 'answered':
      case 'unanswered':
        // A model that serves says these; a training never does.
        return undefined
    }
  }

  log(text: string): void {
    const line = { at: new Date().toISOString(), text }
    this.#keeper.attempt(() => addLogLine(this.#db, this.#run, line))
    this.#listener.log({ id: this.#run, lines: [line] })
  }

  /** Writes what still waits. */
  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#points.length === 0) return
    const last = this.#points.at(-1)
    if (this.#keeper.attempt(() => addMetricPoints(this.#db, this.#run, this.#points))) this.#points = []
    else this.#points = this.#points.slice(-MOST_WAITING)
    if (last) this.#keeper.change(this.#run, { step: last.step })
  }

  #change(change: RunChange): void {
    this.#keeper.change(this.#run, change)
    this.#onChange()
  }

  #started({ run, device, resumedFrom, totalSteps, rows }: EventOf<'started'>): void {
    const from = resumedFrom ?? 0
    // Points of the seed or fold before that still wait are no longer those of this run.
    this.flush()
    this.#keeper.attempt(() => rewindMetrics(this.#db, this.#run, from))
    this.#listener.curves({ id: this.#run, ...curvesOf([], []), rewoundTo: from })
    this.#lastStep = from
    const [, kind, number] = ofPart.exec(run) ?? []
    if (number !== undefined) this.log(kind === 'share' ? `Share ${number.replace('-', '/')} of the training rows:` : `${kind === 'fold' ? 'Fold' : 'Seed'} ${number}:`)
    this.log(
      resumedFrom === null
        ? `Training on ${rows.train} rows, validating on ${rows.validation}, testing on ${rows.test}.`
        : `Going on from step ${resumedFrom}.`
    )
    // Each of several seeds or folds has a folder in the run's.
    const best = number !== undefined && resumedFrom === null ? { best_value: null, best_step: null } : {}
    this.#change({ folder: run.replace(ofPart, ''), device, total_steps: totalSteps, step: this.#lastStep, ...best })
  }

  #progress({ phase, done, total }: EventOf<'progress'>): void {
    this.#live = { ...this.#live, progress: { phase, done, total } }
    if (testingPhases.has(phase) && this.#isTraining) {
      // With several seeds or folds training begins again after a test.
      this.#isTraining = false
      this.#change({ state: 'testing' })
    }
    else this.#onChange()
  }

  #step(event: EventOf<'step'>): void {
    const { step, totalSteps, loss, learningRate, tokens, seconds, rssBytes } = event
    const speed = seconds > 0 ? tokens / seconds : 0
    // JSON has no NaN: a loss that is not finite arrives as null.
    const isFinite = typeof loss === 'number' && Number.isFinite(loss)
    const point = { step, loss: isFinite ? loss : null, learningRate, memoryBytes: Math.round(rssBytes), tokensPerSecond: speed }
    this.#points.push(point)
    this.#timer ??= setTimeout(() => this.flush(), FLUSH_AFTER)
    const each = seconds / Math.max(1, step - this.#lastStep)
    this.#lastStep = step
    this.#secondsAStep = this.#secondsAStep === null ? each : this.#secondsAStep + NEWEST * (each - this.#secondsAStep)
    this.#live = { ...this.#live, progress: null, secondsLeft: (totalSteps - step) * this.#secondsAStep }
    this.#listener.curves({ id: this.#run, ...curvesOf([point], []) })
    if (this.#isTraining) {
      this.#onChange()
      return
    }
    this.#isTraining = true
    this.#change({ state: 'running', step })
  }

  #evaluation({ step, metric, metrics, isBest }: EventOf<'evaluation'>): void {
    const said = metrics[metric]
    if (said !== undefined)
      this.log(`Step ${step}: ${metric} ${said.toFixed(3)} on validation${isBest ? ', the best so far: these weights are kept' : ''}.`)
    this.#keeper.attempt(() => addEvaluation(this.#db, this.#run, { step, metrics, isBest }))
    this.#listener.curves({ id: this.#run, ...curvesOf([], [{ step, metrics, isBest }]) })
    const value = this.#metric === null ? undefined : metrics[this.#metric]
    if (isBest && value !== undefined) this.#change({ best_metric: this.#metric, best_value: value, best_step: step })
    else this.#onChange()
  }

  /** The running mean of what a step takes; null before the first. */
  get secondsAStep(): number | null {
    return this.#secondsAStep
  }

  /** The newest step, which may not be written yet. */
  get step(): number {
    return this.#lastStep
  }
}
