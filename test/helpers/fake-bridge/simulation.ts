import type { RunCost } from '../../../src/preload/contract/costs.ts'
import type { RunId } from '../../../src/preload/contract/common.ts'
import type { Curves, LogLine, RunDraft, RunState, RunSummary } from '../../../src/preload/contract/runs.ts'
import { LETTERS, letters, models, own } from './data.ts'
import { ASKED, askedContracts } from './asking.ts'
import { MARKED, markedLetters } from './marking.ts'
import { drawn } from './letters.ts'

type Column = { step: number[]; value: number[] }
type Growing = { loss: Column; learningRate: Column; memory: Column; speed: Column; evaluations: Curves['evaluations'][number][] }

const column = (): Column => ({ step: [], value: [] })
const growing = (): Growing => ({ loss: column(), learningRate: column(), memory: column(), speed: column(), evaluations: [] })

const EVERY = 20
/** The metric that decides, where it is another one than of classes. */
const METRICS: Readonly<Record<string, string>> = { 'token-classification': 'micro_f1', 'question-answering': 'answer_f1' }

/** What a training takes on a PC that never was. */
const COST: RunCost = {
  ...{ step: 418, operations: 8.1e13, rate: 1.62e11, machineRate: 2.08e11, rowsPerSecond: 41.2, tokensPerSecond: 5274 },
  ...{ memory: 341e6, peakMemory: 363e6, busy: 0.94, card: null },
  ...{ energy: { method: 'assumed', low: 2900, high: 14_500 }, gridIntensity: 380 },
  ...{ waitsFor: null, reused: { passes: 3840, found: 384, seconds: 96, texts: 480 } }
}

/** A run that goes through its states by itself: loss falls, the metric rises, then it is tested. */
export class SimulatedRun {
  summary: RunSummary
  readonly curves = growing()
  readonly log: LogLine[] = []
  readonly draft: RunDraft

  constructor(id: RunId, name: string, draft: RunDraft, totalSteps: number) {
    this.draft = draft
    const model = models.find((one) => one.id === draft.model) ?? models[0]!
    const isMarked = draft.dataset === MARKED
    const isAsked = draft.dataset === ASKED
    const dataset = isMarked ? markedLetters : isAsked ? askedContracts : draft.dataset === LETTERS ? letters : own
    this.summary = {
      id,
      project: dataset.project,
      name,
      state: 'preparing',
      task: dataset.roles.task,
      dataset: { id: dataset.id, name: dataset.name },
      model: { id: model.id, name: model.name },
      method: isMarked || isAsked ? 'full' : 'LoRA, rank 8',
      createdAt: '2026-11-25T10:02:00Z',
      step: 0,
      totalSteps,
      secondsLeft: null,
      progress: { phase: 'Reading the texts', done: 0, total: 0 },
      best: null,
      test: null,
      failure: null,
      place: null,
      interruption: null,
      sweep: null,
      tags: [],
      note: ''
    }
    this.say(`The run has ${totalSteps} steps.`)
  }

  say(text: string): void {
    this.log.push({ at: new Date(Date.UTC(2026, 10, 25, 10, 2, this.log.length)).toISOString(), text })
  }

  become(state: RunState): void {
    const secondsLeft = state === 'running' ? this.#left() : null
    this.summary = { ...this.summary, state, progress: null, secondsLeft, cost: state === 'running' ? COST : null }
  }

  /** Lets its steps wait for something; null for nothing. */
  holdUp(waitsFor: RunCost['waitsFor']): void {
    const { cost } = this.summary
    if (cost) this.summary = { ...this.summary, cost: { ...cost, waitsFor } }
  }

  #left(): number {
    return (this.summary.totalSteps - this.summary.step) * 1.3
  }

  /** Does some steps and says what is new. */
  advance(steps: number): Curves {
    const news = growing()
    const end = Math.min(this.summary.totalSteps, this.summary.step + steps)
    for (let step = this.summary.step + 1; step <= end; step++) this.#step(step, news)
    this.summary = { ...this.summary, step: end, secondsLeft: (this.summary.totalSteps - end) * 1.3 }
    for (const name of ['loss', 'learningRate', 'memory', 'speed'] as const) {
      this.curves[name].step.push(...news[name].step)
      this.curves[name].value.push(...news[name].value)
    }
    this.curves.evaluations.push(...news.evaluations)
    return news
  }

  #step(step: number, news: Growing): void {
    const share = step / this.summary.totalSteps
    const push = (to: Column, value: number): void => void (to.step.push(step), to.value.push(value))
    push(news.loss, 0.22 + 1.15 * Math.exp(-4 * share) + 0.16 * (drawn(step) - 0.5))
    push(news.learningRate, 0.003 * Math.min(1, share / 0.06) * (1 - share))
    push(news.memory, 0.82e9 + 0.05e9 * drawn(step + 5))
    push(news.speed, 1240 + 160 * drawn(step + 9))
    if (step % EVERY === 0 || step === this.summary.totalSteps) this.#evaluate(step, share, news)
  }

  #evaluate(step: number, share: number, news: Growing): void {
    const value = 0.84 - 0.62 * Math.exp(-5 * share) + 0.03 * (drawn(step + 2) - 0.5)
    const isBest = value > (this.summary.best?.value ?? -1)
    const metric = METRICS[this.summary.task] ?? 'macro_f1'
    news.evaluations.push({
      step,
      metrics: {
        loss: 0.42 + 0.9 * Math.exp(-4.5 * share) + 0.05 * drawn(step),
        [metric]: value,
        ...(metric === 'answer_f1' && { exact_match: 0.9 * value })
      },
      isBest
    })
    if (isBest) this.summary = { ...this.summary, best: { metric, value, step } }
    this.say(
      `Step ${step}: ${metric} ${value.toFixed(3)} on validation${isBest ? ', the best so far: these weights are kept' : ''}.`
    )
  }

  finish(state: 'finished' | 'stopped'): void {
    this.summary = {
      ...this.summary,
      state,
      secondsLeft: null,
      test: { metric: 'accuracy', measured: { value: 0.848, low: 0.79, high: 0.9 } }
    }
  }
}
