import { EnergyMeter, type Metered } from '../base/energy-meter.ts'
import type { Machine } from '../devices/machine.ts'
import { lookAtCard } from '../engine/runtime/index.ts'
import type { Runtime } from '../engine/runtime/port.ts'
import type { TrainingEvent } from '../engine/training/ports.ts'
import type { BatchWork } from '../engine/training/stepper.ts'
import { bottleneckOf, sumCosts, type CostFacts, type ReusedFacts, type WaitFacts } from '../report/cost.ts'
import { energyOf, sumEnergy, type EnergyFacts } from '../report/energy.ts'
import { readSpent, sumSpent, writeSpent, type Spent } from '../report/spent.ts'
import { CardMeter } from './card-meter.ts'
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
  readonly energy: Pick<EnergyFacts, 'method' | 'low' | 'high' | 'card'> | null
  readonly gridIntensity: number | null
  /** What holds the run up most, where that is worth a word. */
  readonly waitsFor: keyof WaitFacts | null
  /** What was read from caches so far. */
  readonly reused: ReusedFacts
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
  readonly lookAtCard?: typeof lookAtCard
}

/** Follows what a run takes: arithmetic, memory, electricity. */
export class CostMeter {
  readonly #options: CostOptions
  readonly #now: () => number
  readonly #machine: Machine
  readonly #meter = new EnergyMeter()
  /** Null where no card is asked. */
  readonly #card: CardMeter | null
  readonly #started: number
  /** What earlier processes took for this run. */
  #before: Spent | null = null
  #done = { operations: 0, seconds: 0, rows: 0, tokens: 0 }
  #waits: WaitFacts = { rows: 0, disk: 0 }
  #reused: () => ReusedFacts = () => ({ passes: 0, found: 0, seconds: 0, texts: 0 })
  #isResumed = false
  #goesOn = false
  /** Since the event before. */
  #fresh = { operations: 0, rows: 0, tokens: 0, seconds: 0 }
  #said: { readonly at: number; readonly busySeconds: number }
  #peak = 0
  #checkpoint: number | null = null
  #afterEvaluations: readonly number[] = []
  #isGrowthSaid = false
  #memory = 0

  private constructor(options: CostOptions, machine: Machine) {
    this.#options = options
    this.#machine = machine
    this.#now = options.now ?? ((): number => performance.now() / 1000)
    this.#started = this.#now()
    this.#said = { at: this.#started, busySeconds: 0 }
    this.#card = options.runtime.provider === 'cuda' ? new CardMeter(options.lookAtCard ?? lookAtCard, this.#now) : null
  }

  static async open(options: CostOptions): Promise<CostMeter> {
    const meter = new CostMeter(options, options.machine ?? (await machineHere()))
    await meter.#card?.look()
    return meter
  }

  /** The run in this folder goes on from the checkpoint of a step; null where it had none yet. What earlier processes took counts, where they wrote it down. */
  async goOn(folder: string, step: number | null): Promise<void> {
    const before = await readSpent(folder)
    this.#before = before
    this.#isResumed = true
    this.#checkpoint = step
    this.#goesOn = (step ?? 0) > 0 && before?.step !== step
  }

  add({ operations, rows }: BatchWork): void {
    this.#done.operations += operations
    this.#done.rows += rows
    this.#fresh.operations += operations
    this.#fresh.rows += rows
  }

  /** Nothing was computed for so long. */
  wait(what: keyof WaitFacts, seconds: number): void {
    this.#waits = { ...this.#waits, [what]: this.#waits[what] + seconds }
  }

  /** What is asked for what the caches have saved so far. */
  reuse(reused: () => ReusedFacts): void {
    this.#reused = reused
  }

  hear(event: TrainingEvent): void {
    if (event.event === 'step') this.#step(event)
    if (event.event === 'evaluation') this.#evaluated()
    if (event.event === 'checkpoint' && event.kind === 'last') this.#checkpoint = event.step
  }

  /** What the whole run took, earlier processes included, kept in its folder; the electricity is null where a card's is not told. */
  async finish(folder: string): Promise<Spent> {
    const metered = await this.#meter.finish()
    await this.#card?.look()
    const now: Spent = { cost: this.#cost(metered), energy: this.#energy(metered) }
    const spent = (this.#before && sumSpent([this.#before, now])) ?? now
    await writeSpent(folder, spent, this.#checkpoint)
    return spent
  }

  dispose(): void {
    this.#meter.dispose()
  }

  /** What this process took. */
  #cost({ busySeconds }: Metered): CostFacts {
    return {
      ...this.#done,
      machineRate: this.#machineRate(),
      gridIntensity: this.#machine.gridIntensity,
      goesOn: this.#goesOn,
      elapsed: this.#now() - this.#started,
      busySeconds,
      waits: this.#waits,
      reused: this.#reusedHere()
    }
  }

  /** What a process finds that goes on with a run is that run's own. */
  #reusedHere(): ReusedFacts {
    const reused = this.#reused()
    return this.#isResumed ? { ...reused, found: 0, texts: 0 } : reused
  }

  #energy(metered: Metered): EnergyFacts | null {
    const { provider, threads } = this.#options.runtime
    const seconds = this.#now() - this.#started
    if (provider === 'cpu') return energyOf(metered, seconds, threads)
    // What a graphics card takes is not in the processor's counter, and its share alone would mislead.
    const card = this.#card?.energy() ?? null
    return card && energyOf(metered, seconds, threads, card)
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
    this.#done.seconds += seconds
    this.#done.tokens += tokens
    this.#fresh.tokens += tokens
    this.#fresh.seconds += seconds
    if (this.#now() - this.#said.at < EVERY || this.#fresh.seconds <= 0) return
    void this.#tell(step)
  }

  async #tell(step: number): Promise<void> {
    const { runtime, emit } = this.#options
    const { operations, rows, tokens, seconds } = this.#fresh
    this.#fresh = { operations: 0, rows: 0, tokens: 0, seconds: 0 }
    const last = this.#said
    // Taken before anything is waited for, so that no step in between is counted twice.
    this.#said = { ...last, at: this.#now() }
    const metered = await this.#meter.read()
    this.#said = { at: this.#said.at, busySeconds: metered.busySeconds }
    const reading = (await this.#card?.look()) ?? null
    const [now, energyNow] = [this.#cost(metered), this.#energy(metered)]
    const cost = this.#before ? sumCosts([this.#before.cost, now]) : now
    const energy = this.#before ? sumEnergy([this.#before.energy, energyNow]) : energyNow
    emit({
      event: 'cost',
      step,
      operations: cost.operations,
      rate: operations / seconds,
      machineRate: this.#machineRate(),
      rowsPerSecond: rows / seconds,
      tokensPerSecond: tokens / seconds,
      memory: this.#memory,
      peakMemory: this.#peak,
      busy: Math.min(1, (metered.busySeconds - last.busySeconds) / ((this.#said.at - last.at) * runtime.threads)),
      card: reading?.memory
        ? { busy: reading.busy, used: reading.memory.total - reading.memory.free, total: reading.memory.total }
        : null,
      energy: energy && { method: energy.method, low: energy.low, high: energy.high, ...(energy.card && { card: energy.card }) },
      gridIntensity: this.#machine.gridIntensity,
      waitsFor: bottleneckOf(cost),
      reused: cost.reused ?? this.#reusedHere()
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
