import { metricPhrase } from './metrics.ts'
import { harmless } from '../base/wording.ts'
import { duration, NO_BREAK, significant, whole } from './numbers.ts'
import { displayWidth, wrap } from './text-layout.ts'
import { PHASES, progress as words, ownEntry } from './words.ts'

/** What a run is busy with, besides training steps: `done` of `total` (0 where the total is not known) rows, batches or bytes. */
export interface PhaseProgress {
  readonly phase: string
  readonly done: number
  readonly total: number
}

/** How far training is. What is not known yet is null. */
export interface TrainingProgress {
  readonly phase: 'training'
  readonly step: number
  readonly totalSteps: number
  readonly loss: number | null
  readonly learningRate: number | null
  readonly tokensPerSecond: number | null
  readonly secondsLeft: number | null
  /** The last validation metric. */
  readonly metric: { readonly name: string; readonly value: number } | null
}

export type ProgressState = PhaseProgress | TrainingProgress

const isTraining = (state: ProgressState): state is TrainingProgress => 'totalSteps' in state

const BAR = 20
const SEPARATOR = '  '

function bar(done: number, total: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, total > 0 ? done / total : 0)) * BAR)
  return `[${'#'.repeat(filled)}${'-'.repeat(BAR - filled)}]`
}

/** The parts of the line with how long each is kept: the lowest number goes first where the line is narrow. */
type Part = readonly [text: string, keep: number]

function trainingParts({ step, totalSteps, loss, learningRate, tokensPerSecond, secondsLeft, metric }: TrainingProgress): Part[] {
  const parts: (Part | null)[] = [
    [PHASES.training, 4],
    [bar(step, totalSteps), 2],
    [words.step(whole(step), whole(totalSteps)), 9],
    secondsLeft === null ? null : [words.left(duration(secondsLeft)), 8],
    loss === null ? null : [words.loss(significant(loss, 3)), 7],
    metric === null ? null : [words.validation(metricPhrase(metric.name), significant(metric.value, 3)), 6],
    tokensPerSecond === null ? null : [words.speed(whole(tokensPerSecond)), 3],
    learningRate === null ? null : [words.rate(learningRate.toExponential(1)), 1]
  ]
  return parts.filter((part) => part !== null)
}

function phaseParts({ phase, done, total }: PhaseProgress): Part[] {
  const title: Part = [ownEntry(PHASES, phase) ?? harmless(phase), 9]
  if (total > 0) return [title, [bar(done, total), 2], [words.of(whole(done), whole(total)), 8]]
  return done > 0 ? [title, [whole(done), 8]] : [title]
}

/** One line about where a run stands, at most `width` columns: the least important parts are left out where it is narrow. ASCII only. */
export function renderProgress(state: ProgressState, width: number): string {
  const parts = isTraining(state) ? trainingParts(state) : phaseParts(state)
  const lineOf = (kept: readonly Part[]): string => kept.map(([text]) => text.replaceAll(NO_BREAK, ' ')).join(SEPARATOR)
  while (parts.length > 1 && displayWidth(lineOf(parts)) > width) {
    const least = parts.reduce((low, part, i) => (part[1] < (parts[low]?.[1] ?? Infinity) ? i : low), 0)
    parts.splice(least, 1)
  }
  const line = lineOf(parts)
  return displayWidth(line) <= width ? line : (wrap(line, Math.max(2, width))[0] ?? '')
}

/** Weight of the newest stretch in the running mean of the seconds a unit takes. */
const NEWEST = 0.1

/**
 * Estimates the seconds left from a running mean of the time per unit of work. Give it each `(done, total, now)`, `now` in seconds on a clock that
 * only runs forward; null until two calls have made progress.
 */
export function createTimeLeft(): (done: number, total: number, now: number) => number | null {
  let before: { readonly done: number; readonly now: number } | null = null
  let perUnit: number | null = null
  return (done, total, now) => {
    if (before === null || done < before.done) {
      before = { done, now }
      perUnit = null
    } else if (done > before.done) {
      const latest = (now - before.now) / (done - before.done)
      perUnit = perUnit === null ? latest : perUnit + NEWEST * (latest - perUnit)
      before = { done, now }
    }
    return perUnit === null ? null : Math.max(0, total - done) * perUnit
  }
}

/** Where progress is written; a `tty.WriteStream` is one. */
export interface ProgressOutput {
  readonly write: (text: string) => unknown
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
}

/** Seconds between two lines: often enough to look alive, or for a file rare enough to be read. */
const REDRAW_SECONDS = 0.1
const LINE_SECONDS = 5

const CLEAR_LINE = '\r\u001b[2K'

/**
 * The live progress of a run: one line that is rewritten in a terminal, plain lines now and then elsewhere. Training's time left is estimated
 * where the state leaves it out. `now` is seconds on a clock that only runs forward.
 */
export class ProgressLine {
  readonly #output: ProgressOutput
  readonly #now: () => number
  #timeLeft = createTimeLeft()
  #phase: string | null = null
  #writtenAt = -Infinity
  /** What the terminal's line shows, or should show at the next chance. */
  #line = ''
  #isShown = false
  #isDisposed = false

  constructor(output: ProgressOutput, now: () => number) {
    this.#output = output
    this.#now = now
  }

  /** Shows the state, unless one was shown just before; a change of phase and the end of one are always shown. */
  update(state: ProgressState): void {
    if (this.#isDisposed) return
    const now = this.#now()
    const isNew = state.phase !== this.#phase
    if (isNew) this.#timeLeft = createTimeLeft()
    this.#phase = state.phase
    const [done, total] = isTraining(state) ? [state.step, state.totalSteps] : [state.done, state.total]
    const estimated = this.#timeLeft(done, total, now)
    const shown = isTraining(state) && state.secondsLeft === null ? { ...state, secondsLeft: estimated } : state
    const isDue = now - this.#writtenAt >= (this.#output.isTTY ? REDRAW_SECONDS : LINE_SECONDS)
    if (!isNew && !isDue && !(total > 0 && done === total)) return
    const line = renderProgress(shown, (this.#output.columns ?? 80) - 1)
    if (line === this.#line && !isNew) return
    this.#line = line
    this.#writtenAt = now
    this.#draw()
  }

  /** Writes a line that stays, above the progress line. */
  note(text: string): void {
    if (this.#isDisposed) return
    this.#clear()
    this.#output.write(`${text}\n`)
    if (this.#output.isTTY && this.#line !== '') this.#draw()
  }

  /** Takes the progress line away; later calls write nothing. */
  dispose(): void {
    this.#clear()
    this.#isDisposed = true
  }

  #draw(): void {
    if (!this.#output.isTTY) {
      this.#output.write(`${this.#line}\n`)
      return
    }
    this.#output.write(`${CLEAR_LINE}${this.#line}`)
    this.#isShown = true
  }

  #clear(): void {
    if (this.#isShown) this.#output.write(CLEAR_LINE)
    this.#isShown = false
  }
}
