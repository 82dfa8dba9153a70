import { EnergyMeter } from '../base/energy-meter.ts'
import type { Machine } from '../devices/machine.ts'
import { lookAtCard } from '../engine/runtime/index.ts'
import type { Runtime } from '../engine/runtime/port.ts'
import type { TrainingEvent } from '../engine/training/ports.ts'
import type { BatchWork } from '../engine/training/stepper.ts'
import type { CostFacts } from '../report/cost.ts'
import { energyOf, type EnergyFacts } from '../report/energy.ts'
import { machineHere } from './device-choice.ts'

/** What a run takes, told while it trains. */
export interface CostEvent {
  readonly event: 'cost'
  readonly step: number
  /** Floating-point operations in products of matrices so far, and in a second of the newest steps. */
  readonly operations: number
  readonly rate: number
  /** The most that this machine was measured to do in a second; null where it was not. */
  readonly machineRate: number | null
  /** Of the newest steps. */
  readonly rowsPerSecond: number
  readonly tokensPerSecond: number
  /** Bytes of the process's own, now and at their height. */
  readonly memory: number
  readonly peakMemory: number
  /** Share of the run's threads that were busy since the event before, 0 to 1. */
  readonly busy: number
  /** The card, where one computes and says so. */
  readonly card: { readonly busy: number | null; readonly used: number; readonly total: number } | null
  /** Joules so far; null on a card that does not tell. */
  readonly energy: Pick<EnergyFacts, 'method' | 'low' | 'high'> | null
  readonly gridIntensity: number | null
}

type StepEvent = Extract<TrainingEvent, { event: 'step' }>

/** Between two events, in seconds. */
const EVERY = 2
/** Evaluations in a row after each of which more memory was taken than after the one before, until it is said. */
const GROWING = 6
/** Bytes by which memory must have grown for that. */
const GROWTH = 200e6

export interface CostOptions {
  readonly runtime: Pick<Runtime, 'provider' | 'threads'>
  readonly emit: (event: CostEvent) => void
  readonly onNote: (code: string, message: string) => void
  readonly now?: () => number
  /** What is known of this machine. */
  readonly machine?: Machine
}

/** Follows what a run takes: arithmetic, memory, electricity. */
export class CostMeter {
  readonly #options: CostOptions
  readonly #now: () => number
  readonly #machine: Machine
  readonly #meter = new EnergyMeter()
  readonly #started: number
  #operations = 0
  #rows = 0
  #seconds = 0
  #goesOn = false
  /** Since the event before. */
  #fresh = { operations: 0, rows: 0, tokens: 0, seconds: 0 }
  #said: { readonly at: number; readonly busySeconds: number }
  #peak = 0
  #afterEvaluations: readonly number[] = []
  #isGrowthSaid = false
  #memory = 0

  private constructor(options: CostOptions, machine: Machine) {
    this.#options = options
    this.#machine = machine
    this.#now = options.now ?? ((): number => performance.now() / 1000)
    this.#started = this.#now()
    this.#said = { at: this.#started, busySeconds: 0 }
  }

  static async open(options: CostOptions): Promise<CostMeter> {
    return new CostMeter(options, options.machine ?? (await machineHere()))
  }

  /** The run had begun before. */
  goOn(): void {
    this.#goesOn = true
  }

  add({ operations, rows }: BatchWork): void {
    this.#operations += operations
    this.#rows += rows
    this.#fresh.operations += operations
    this.#fresh.rows += rows
  }

  hear(event: TrainingEvent): void {
    if (event.event === 'step') this.#step(event)
    if (event.event === 'evaluation') this.#evaluated()
  }

  /** What the steps took, for the report, and the electricity of the whole run; null where a card's is not told. */
  async finish(): Promise<{ readonly cost: CostFacts; readonly energy: EnergyFacts | null }> {
    const { runtime } = this.#options
    const seconds = this.#now() - this.#started
    const metered = await this.#meter.finish()
    return {
      cost: {
        operations: this.#operations,
        seconds: this.#seconds,
        rows: this.#rows,
        machineRate: this.#machineRate(),
        gridIntensity: this.#machine.gridIntensity,
        goesOn: this.#goesOn
      },
      // What a graphics card takes is not in the processor's counter, and its share alone would mislead.
      energy: runtime.provider === 'cpu' ? energyOf(metered, seconds, runtime.threads) : null
    }
  }

  dispose(): void {
    this.#meter.dispose()
  }

  #machineRate(): number | null {
    const { provider, threads } = this.#options.runtime
    const verdict = this.#machine.devices[provider]
    // A rate of other threads says nothing of these.
    return verdict?.status === 'ready' && (provider !== 'cpu' || verdict.threads === threads) ? verdict.rate : null
  }

  #step({ step, tokens, seconds, ownBytes }: StepEvent): void {
    this.#memory = ownBytes
    this.#peak = Math.max(this.#peak, ownBytes)
    this.#seconds += seconds
    this.#fresh.tokens += tokens
    this.#fresh.seconds += seconds
    if (this.#now() - this.#said.at < EVERY || this.#fresh.seconds <= 0) return
    void this.#tell(step)
  }

  async #tell(step: number): Promise<void> {
    const { runtime, emit } = this.#options
    const { operations, rows, tokens, seconds } = this.#fresh
    this.#fresh = { operations: 0, rows: 0, tokens: 0, seconds: 0 }
    const before = this.#said
    // Taken before anything is waited for, so that no step in between is counted twice.
    this.#said = { ...before, at: this.#now() }
    const metered = await this.#meter.read()
    this.#said = { at: this.#said.at, busySeconds: metered.busySeconds }
    const reading = runtime.provider === 'cuda' ? await lookAtCard() : null
    const energy = runtime.provider === 'cpu' ? energyOf(metered, this.#now() - this.#started, runtime.threads) : null
    emit({
      event: 'cost',
      step,
      operations: this.#operations,
      rate: operations / seconds,
      machineRate: this.#machineRate(),
      rowsPerSecond: rows / seconds,
      tokensPerSecond: tokens / seconds,
      memory: this.#memory,
      peakMemory: this.#peak,
      busy: Math.min(1, (metered.busySeconds - before.busySeconds) / ((this.#said.at - before.at) * runtime.threads)),
      card: reading?.memory
        ? { busy: reading.busy, used: reading.memory.total - reading.memory.free, total: reading.memory.total }
        : null,
      energy: energy && { method: energy.method, low: energy.low, high: energy.high },
      gridIntensity: this.#machine.gridIntensity
    })
  }

  /** Memory that grows from evaluation to evaluation is a leak, or will be one in a long run. */
  #evaluated(): void {
    const last = this.#afterEvaluations.at(-1) ?? 0
    this.#afterEvaluations = this.#memory > last * 1.01 ? [...this.#afterEvaluations, this.#memory] : [this.#memory]
    const grown = this.#memory - (this.#afterEvaluations[0] ?? this.#memory)
    if (this.#isGrowthSaid || this.#afterEvaluations.length <= GROWING || grown < GROWTH) return
    this.#isGrowthSaid = true
    const megabytes = Math.round(grown / 1e6)
    this.#options.onNote(
      'memory-grows',
      `Memory has grown by ${megabytes} MB over the last ${GROWING} evaluations. If it goes on so, stop the run at a checkpoint and go on: a new process begins with little.`
    )
  }
}
