import { InputError, StoppedError } from '../../base/errors.ts'
import { afterTurn } from '../../base/turns.ts'
import { scheduleFactor } from '../optimizers/schedules.ts'
import { isAllocationFailure } from '../runtime/run-error.ts'
import type { Arena } from './arena.ts'
import { cutWindow, HalfAppliedError, halfOf, memoryShort, smallerSentence } from './back-off.ts'
import { onceMore } from './in-parts.ts'
import { nothingUnlogged, type LoopSettings, type TrainingData } from './loop-settings.ts'
import { afterGoodStep, afterOverflow } from './loss-scale.ts'
import { endingSentence, memoryEnding, MemoryWatch } from './memory-watch.ts'
import type { ParameterGroup } from './parameter-groups.ts'
import type { LoopState, TrainingEvent, TrainingPorts } from './ports.ts'
import { StepWaits } from './step-waits.ts'
import type { PreparedBatch, Stepper } from './stepper.ts'

type StepEvent = Extract<TrainingEvent, { readonly event: 'step' }>

/** One window's micro-batches, ready to run. */
interface PreparedWindow {
  readonly prepared: readonly PreparedBatch[]
  readonly weight: number
  readonly tokens: number
  /** When it was, on the ports' clock. */
  readonly ready: number
}

/** What it takes to make a window. */
interface WindowPlan {
  readonly stepper: Stepper
  /** Of each micro-batch. */
  readonly rows: readonly Int32Array[]
  readonly epoch: number
  readonly step: number
}

/** A window that has run: its gradients are in the arena. */
interface RunWindow {
  readonly loss: number
  readonly tokens: number
  /** Seconds on the ports' clock. */
  readonly started: number
  readonly next: Promise<PreparedWindow | undefined>
}

/**
 * The training loop: epochs of windows of micro-batches, each window one optimizer step. It is a pure function of settings, data and state, so
 * a run that goes on from a checkpoint ends with the same bits as one that was never stopped (design §4.6–4.8).
 */
export class TrainingLoop {
  readonly #settings: LoopSettings
  readonly #data: TrainingData
  readonly #arena: Arena
  readonly #ports: TrainingPorts
  /** Opens the programs of a phase, for micro-batches of at most so many rows where it is not null. */
  readonly #open: (phase: number, microBatch: number | null) => Promise<Stepper>
  #state: LoopState
  #stepper: Stepper | undefined
  /** What the newest step says of itself, for the next `step` event. */
  #newest: Pick<StepEvent, 'step' | 'epoch' | 'learningRate' | 'gradientNorm' | 'clipScale'> | undefined
  #savedAt: number
  readonly #waits: StepWaits
  /** Null where nobody watches memory. */
  readonly #watch: MemoryWatch | null
  #evaluatedAt = -1

  constructor(
    settings: LoopSettings,
    data: TrainingData,
    arena: Arena,
    ports: TrainingPorts,
    open: (phase: number, microBatch: number | null) => Promise<Stepper>,
    state: LoopState
  ) {
    this.#settings = settings
    this.#data = data
    this.#arena = arena
    this.#ports = ports
    this.#open = open
    this.#state = state
    this.#savedAt = ports.now()
    this.#waits = new StepWaits(ports.now, (what, seconds) => ports.onWait?.(what, seconds))
    this.#watch = ports.room ? new MemoryWatch(ports.room, ports.now) : null
  }

  get state(): LoopState {
    return this.#state
  }

  /**
   * Trains to the end, or until the signal: then the checkpoint is written and a StoppedError thrown. Without a single step the weights that the
   * run starts from are looked at and kept. Where memory runs out while a step is applied, a HalfAppliedError: the arena is then of no use.
   */
  async run(): Promise<LoopState> {
    try {
      if (this.#settings.totalSteps === 0 && !this.#state.finished) await this.#finish()
      while (!this.#state.finished) await this.#epoch()
      return this.#state
    } catch (error) {
      if (error instanceof StoppedError) await this.#save('last')
      if (error instanceof HalfAppliedError || !isAllocationFailure(error)) throw error
      throw memoryShort(this.#state.step + 1, error)
    } finally {
      await this.#stepper?.dispose()
    }
  }

  async #epoch(): Promise<void> {
    const { epoch } = this.#state
    await this.#enterPhase(this.#data.phaseOf(epoch))
    const windows = this.#data.windowsOf(epoch)
    let next = this.#prepare(windows, this.#state.window)
    for (let window = this.#state.window; window < windows.length; window++) {
      if (this.#ports.signal.aborted) throw new StoppedError()
      if (this.#ports.finish.aborted) return this.#finish()
      if (await this.#heedMemory(windows[window] ?? [], next)) next = this.#prepare(windows, window)
      const done = await this.#window(windows, window, next)
      if (!done) break
      next = done.next
      await this.#update(done)
      this.#state = { ...this.#state, window: window + 1 }
      const isLastOfEpoch = window + 1 === windows.length
      await this.#afterStep(isLastOfEpoch)
      if (this.#state.finished) return
    }
    this.#state = { ...this.#state, epoch: epoch + 1, window: 0, finished: epoch + 1 >= this.#settings.epochs }
    await this.#save('last')
  }

  /** Ends before the planned last step; weights that were not looked at yet are, since they may be the best. */
  async #finish(): Promise<void> {
    if (this.#evaluates && this.#evaluatedAt !== this.#state.step) await this.#evaluate()
    this.#log()
    this.#state = { ...this.#state, finished: true }
    await this.#save('last')
  }

  async #prepare(windows: readonly (readonly Int32Array[])[], index: number): Promise<PreparedWindow | undefined> {
    const plan = this.#planOf(windows, index)
    return plan && this.#make(plan)
  }

  /** What a window is made of, settled now: the state that it is read from changes while the window is made. */
  #planOf(windows: readonly (readonly Int32Array[])[], index: number): WindowPlan | undefined {
    const asked = windows[index]
    const stepper = this.#stepper
    if (!asked || !stepper) return undefined
    // The step that this window will be: this.#state.step still counts the windows before it.
    return { stepper, rows: cutWindow(asked, this.#microBatch), epoch: this.#state.epoch, step: this.#stepOf(index) }
  }

  async #make({ stepper, rows, epoch, step }: WindowPlan): Promise<PreparedWindow> {
    const prepared: PreparedBatch[] = []
    let weight = 0
    let tokens = 0
    for (const [microStep, microRows] of rows.entries()) {
      const made = await this.#data.batch(microRows, { epoch, step, microStep })
      weight += made.weight
      tokens += made.tokens
      prepared.push(stepper.prepare(made.batch, { seed: this.#settings.seed, step, microStep }))
    }
    return { prepared, weight, tokens, ready: this.#ports.now() }
  }

  #stepOf(window: number): number {
    return this.#state.step - this.#state.window + window
  }

  get #microBatch(): number | null {
    return this.#state.microBatch ?? null
  }

  /** Runs one window, `prepared` already, in smaller and smaller micro-batches where memory runs out. Nothing but gradients has changed until it has run. */
  async #window(
    windows: readonly (readonly Int32Array[])[],
    index: number,
    prepared: Promise<PreparedWindow | undefined>
  ): Promise<RunWindow | undefined> {
    let current = prepared
    for (;;) {
      try {
        const ready = await this.#waits.rows(current)
        return ready && (await this.#accumulate(ready, this.#planOf(windows, index + 1)))
      } catch (error) {
        if (!isAllocationFailure(error)) throw error
        await this.#backOff(cutWindow(windows[index] ?? [], this.#microBatch), error)
        current = this.#prepare(windows, index)
      }
    }
  }

  /**
   * Where memory is about to run out, goes on in half of a window's micro-batches, for which it must be prepared anew (true); stops at a checkpoint where that
   * cannot help. After a step that was skipped it waits for a good one: only such a state is worth keeping.
   */
  async #heedMemory(window: readonly Int32Array[], prepared: Promise<unknown>): Promise<boolean> {
    const room = this.#state.badInARow === 0 ? await this.#watch?.ending() : null
    if (!room || !this.#watch) return false
    const { step } = this.#state
    const microBatch = this.#watch.mayCut ? halfOf(cutWindow(window, this.#microBatch)) : null
    // The programs that it is prepared for may not be closed meanwhile; whoever runs it hears of a failure.
    await prepared.catch(() => undefined)
    if (microBatch === null) {
      await this.#save('last')
      throw memoryEnding(step, room)
    }
    await this.#cutTo(microBatch, endingSentence(step + 1, room, microBatch))
    this.#watch.cut(room)
    return true
  }

  /** Goes on with half of the micro-batch for which memory did not suffice. */
  async #backOff(window: readonly Int32Array[], cause: unknown): Promise<void> {
    const { step } = this.#state
    const microBatch = halfOf(window)
    if (microBatch === null) throw memoryShort(step + 1, cause)
    await this.#cutTo(microBatch, smallerSentence(step + 1, microBatch))
  }

  /** Goes on in smaller micro-batches. What is resumed must not run out of memory once more: a checkpoint says so. */
  async #cutTo(microBatch: number, sentence: string): Promise<void> {
    const { step, phase, badInARow } = this.#state
    this.#state = { ...this.#state, microBatch }
    this.#ports.emit({ event: 'smaller-batches', step, rows: microBatch, sentence })
    await this.#stepper?.dispose()
    this.#stepper = await onceMore(this.#ports, () => this.#open(phase, microBatch))
    if (badInARow === 0) await this.#save('last')
  }

  /** Forward and backward of one window; the next one is made while this one computes. */
  async #accumulate(current: PreparedWindow, following: WindowPlan | undefined): Promise<RunWindow> {
    const stepper = this.#opened
    const started = this.#ports.now()
    const scale = current.weight > 0 ? 1 / current.weight : 0
    await stepper.beginWindow()
    let lossSum = 0
    const ahead = async (): Promise<PreparedWindow | undefined> => following && afterTurn(() => this.#make(following))
    let next: Promise<PreparedWindow | undefined> | undefined
    for (const [i, prepared] of current.prepared.entries()) {
      this.#waits.begin()
      const running = stepper.accumulate(prepared, scale * this.#lossScale, this.#ports.signal)
      if (i === current.prepared.length - 1) {
        next = ahead()
        // Whoever waits for it hears of its failure; until then this window may fail itself.
        next.catch(() => undefined)
      }
      lossSum += await running
      this.#waits.end()
    }
    return { loss: lossSum * scale, tokens: current.tokens, started, next: next ?? ahead() }
  }

  get #opened(): Stepper {
    if (!this.#stepper) throw new Error('no programs are open')
    return this.#stepper
  }

  async #update({ loss, tokens, started }: RunWindow): Promise<void> {
    const stepper = this.#opened
    const { maxGradNorm, learningRate: base, loggingSteps } = this.#settings
    const { step, epoch, phase, groupSteps } = this.#state
    const active = this.#arena.groups.filter((group) => group.phase <= phase)
    const norm = (await onceMore(this.#ports, () => stepper.gradientNorm(active))) / this.#lossScale
    if (!Number.isFinite(norm) || !Number.isFinite(loss)) {
      if (!Number.isFinite(loss)) this.#skip('the loss is not finite')
      else if (!this.#giveWay()) this.#skip('the gradient is not finite')
      return
    }
    // torch.nn.utils.clip_grad_norm_ adds 1e-6 to the norm.
    const clipScale = maxGradNorm > 0 ? Math.min(1, maxGradNorm / (norm + 1e-6)) : 1
    const nextSteps = groupSteps.map((count, i) => ((this.#arena.groups[i]?.phase ?? 0) <= phase ? count + 1 : count))
    const rateOf = (group: ParameterGroup): number => base * group.learningRateScale * this.#factor(group, step)
    const steps = active.map((group) => ({
      group,
      learningRate: rateOf(group),
      step: nextSteps[this.#arena.groups.indexOf(group)] ?? 1
    }))
    // Gradients lie scaled in the arena; the optimizer takes them back in float32.
    await stepper.update(steps, clipScale / this.#lossScale).catch((error: unknown) => {
      throw isAllocationFailure(error) ? new HalfAppliedError(step + 1, error) : error
    })
    const { unlogged } = this.#state
    const sums = {
      steps: unlogged.steps + 1,
      loss: unlogged.loss + loss,
      tokens: unlogged.tokens + tokens,
      seconds: unlogged.seconds + this.#ports.now() - started
    }
    const { lossScale } = this.#state
    const scaled = lossScale && { lossScale: afterGoodStep(lossScale) }
    this.#state = { ...this.#state, step: step + 1, groupSteps: nextSteps, badInARow: 0, unlogged: sums, ...scaled }
    const learningRate = base * this.#factor(active[0], step)
    this.#newest = { step: step + 1, epoch, learningRate, gradientNorm: norm, clipScale }
    if ((step + 1) % loggingSteps === 0) this.#log()
  }

  /** Tells of the steps since the last time. */
  #log(): void {
    const { steps, loss, tokens, seconds } = this.#state.unlogged
    if (steps === 0 || !this.#newest) return
    const { totalSteps } = this.#settings
    const { resident: rssBytes, own: ownBytes } = this.#ports.memory()
    this.#ports.emit({ event: 'step', ...this.#newest, totalSteps, loss: loss / steps, tokens, seconds, rssBytes, ownBytes })
    this.#state = { ...this.#state, unlogged: nothingUnlogged }
  }

  #factor(group: ParameterGroup | undefined, step: number): number {
    const schedule = this.#settings.schedules[group?.schedule ?? 0]
    return schedule ? scheduleFactor(schedule, step) : 1
  }

  get #lossScale(): number {
    return this.#state.lossScale?.scale ?? 1
  }

  /** Skips a step whose gradients did not fit float16 and scales losses by less from then on; false where they are not scaled up. */
  #giveWay(): boolean {
    const { step, skipped, lossScale } = this.#state
    const less = lossScale && afterOverflow(lossScale)
    if (!less) return false
    this.#state = { ...this.#state, step: step + 1, skipped: skipped + 1, lossScale: less }
    const reason = `the gradient does not fit 16-bit floats; losses are scaled by ${less.scale} from here on`
    this.#ports.emit({ event: 'skipped', step: step + 1, reason })
    return true
  }

  /** A step with a number that is not finite changes nothing: 0 × NaN is NaN, so the optimizer does not run. Three in a row end the run. */
  #skip(reason: string): void {
    const { step, skipped, badInARow } = this.#state
    this.#state = { ...this.#state, step: step + 1, skipped: skipped + 1, badInARow: badInARow + 1 }
    this.#ports.emit({ event: 'skipped', step: step + 1, reason })
    if (badInARow + 1 < 3) return
    const advice =
      "Try a tenth of the learning rate, a longer warm-up, or max_grad_norm: 1.0; if it happens at the first steps, the model's weights may be damaged."
    throw new InputError(
      'training-diverged',
      `Training stopped at step ${step + 1}: ${reason} for the third time in a row. The last good checkpoint is kept. ${advice}`
    )
  }

  async #afterStep(isLastOfEpoch: boolean): Promise<void> {
    const { evaluateEvery, evaluateEachEpoch, saveEverySteps, saveEverySeconds, totalSteps, patience } = this.#settings
    const { step, badInARow } = this.#state
    const isEnd = step >= totalSteps
    if (isEnd) this.#log()
    const isDueByStep = evaluateEvery !== null && step % evaluateEvery === 0
    if (this.#evaluates && (isEnd || isDueByStep || (evaluateEachEpoch && isLastOfEpoch))) await this.#evaluate()
    if (isEnd || (patience !== null && this.#state.sinceBest >= patience)) {
      this.#log()
      this.#state = { ...this.#state, finished: true }
      if (!isEnd)
        this.#ports.emit({ event: 'early-stop', step, epoch: this.#state.epoch, metric: this.#settings.bestMetric.name })
      await this.#save('last')
      return
    }
    const isDue =
      (saveEverySteps !== null && step % saveEverySteps === 0) || this.#ports.now() - this.#savedAt >= saveEverySeconds
    if (isDue && badInARow === 0) await this.#save('last')
  }

  /** Whether validation rows are looked at at all; without them the last weights are the best. */
  get #evaluates(): boolean {
    return this.#settings.evaluateEvery !== null || this.#settings.evaluateEachEpoch
  }

  async #evaluate(): Promise<void> {
    const { name, greaterIsBetter, threshold, nothing } = this.#settings.bestMetric
    const { step, epoch, best: before } = this.#state
    const metrics = await onceMore(this.#ports, () => this.#ports.evaluate())
    this.#evaluatedAt = step
    const value = metrics[name]
    if (value === undefined) throw new Error(`validation gives no metric "${name}"`)
    const gain = before === null ? Infinity : greaterIsBetter ? value - before.value : before.value - value
    const isBest = gain > threshold
    const best = isBest ? { step, value } : before
    const isCounted = !isBest && best?.value !== nothing
    this.#state = { ...this.#state, best, sinceBest: isCounted ? this.#state.sinceBest + 1 : 0 }
    this.#ports.emit({ event: 'evaluation', step, epoch, metric: name, metrics, isBest })
    if (isBest) await this.#save('best')
  }

  async #save(kind: 'last' | 'best'): Promise<void> {
    await this.#waits.disk(onceMore(this.#ports, () => this.#ports.save(kind, this.#state)))
    if (kind === 'last') this.#savedAt = this.#ports.now()
    this.#ports.emit({ event: 'checkpoint', step: this.#state.step, kind })
  }

  async #enterPhase(phase: number): Promise<void> {
    if (this.#stepper && phase === this.#state.phase) return
    await this.#stepper?.dispose()
    this.#state = { ...this.#state, phase }
    this.#stepper = await onceMore(this.#ports, () => this.#open(phase, this.#microBatch))
    const trainable = this.#arena.groups.filter((group) => group.phase <= phase).reduce((sum, { size }) => sum + size, 0)
    this.#ports.emit({ event: 'phase', step: this.#state.step, phase, trainable })
  }
}
