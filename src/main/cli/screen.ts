import { metricTitle } from '../report/metrics.ts'
import { harmless } from '../base/wording.ts'
import { NO_BREAK, percent, quantity, significant, whole } from '../report/numbers.ts'
import { ProgressLine, type ProgressOutput } from '../report/progress.ts'
import type { LiveEvent } from '../runs/read-event.ts'

type EventOf<Name extends LiveEvent['event']> = Extract<LiveEvent, { event: Name }>

/** Weight of the newest step in the running mean of the speed. */
const newest = 0.2

/** A task in progress, for a person: one live line, and above it a line for whatever is worth keeping. */
export class Screen {
  readonly #line: ProgressLine
  #metric: { readonly name: string; readonly value: number } | null = null
  #tokensPerSecond: number | null = null

  /** `now`: seconds on a clock that only runs forward. */
  constructor(output: ProgressOutput, now: () => number) {
    this.#line = new ProgressLine(output, now)
  }

  show(event: LiveEvent): void {
    switch (event.event) {
      case 'progress':
        return this.#line.update(event)
      case 'step':
        return this.#step(event)
      case 'checkpoint':
      case 'cost':
      case 'ready':
      case 'answered':
      case 'unanswered':
        return
      case 'phase':
        // Phase 0 is where every run begins.
        if (event.phase > 0)
          this.note(`Step ${whole(event.step)}: more layers join; ${quantity(event.trainable)} parameters learn.`)
        return
      case 'evaluation':
        return this.#evaluation(event)
      case 'note':
        return this.note(`Note: ${event.message}`)
      case 'started':
        return this.note(startedLine(event))
      case 'skipped':
        return this.note(`Step ${whole(event.step)} was skipped: ${event.reason}.`)
      case 'smaller-batches':
        return this.note(event.sentence)
      case 'early-stop':
        return this.note(
          `Stopped early at step ${whole(event.step)}: validation ${metricTitle(event.metric)} no longer improves.`
        )
    }
  }

  /** A line that stays. */
  note(text: string): void {
    this.#line.note(harmless(text.replaceAll(NO_BREAK, ' ')))
  }

  /** Takes the live line away. */
  dispose(): void {
    this.#line.dispose()
  }

  #step({ step, totalSteps, loss, learningRate, tokens, seconds }: EventOf<'step'>): void {
    const speed = seconds > 0 ? tokens / seconds : 0
    this.#tokensPerSecond =
      this.#tokensPerSecond === null ? speed : this.#tokensPerSecond + newest * (speed - this.#tokensPerSecond)
    this.#line.update({
      phase: 'training',
      step,
      totalSteps,
      loss,
      learningRate,
      tokensPerSecond: this.#tokensPerSecond,
      secondsLeft: null,
      metric: this.#metric
    })
  }

  #evaluation({ step, metric, metrics, isBest }: EventOf<'evaluation'>): void {
    const shown = [...new Set([metric, 'loss'])].flatMap((name) => {
      const value = metrics[name]
      return value === undefined ? [] : [{ name, value }]
    })
    this.#metric = shown[0] ?? null
    const values = shown.map(({ name, value }) => `${metricTitle(name)} ${significant(value, 3)}`).join(', ')
    this.note(`Step ${whole(step)}: validation ${values}${isBest ? ' (best so far)' : ''}`)
  }
}

function startedLine({ run, resumedFrom, rows, totalSteps, trainable_parameters, total_parameters }: EventOf<'started'>): string {
  const place = resumedFrom === null ? `Run ${run}` : `Run ${run}, going on from step ${whole(resumedFrom)}`
  const data = `${whole(rows.train)} training, ${whole(rows.validation)} validation and ${whole(rows.test)} test rows`
  const share = `${quantity(trainable_parameters)} of ${quantity(total_parameters)} parameters (${percent(trainable_parameters / total_parameters)})`
  return `${place}: ${data}; ${whole(totalSteps)} steps train ${share}.`
}
