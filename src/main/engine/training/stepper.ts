import { countOperations, type OperationCount } from '../graph/passes/count-operations.ts'
import {
  buildNormGraph,
  buildUpdateGraph,
  partSlot,
  updatedOutput,
  updateScalars,
  type UpdateSettings
} from '../optimizers/update-graphs.ts'
import { stretchShape, type OptimizerId } from '../optimizers/state.ts'
import type { Graph } from '../graph/types.ts'
import type { HostTensor, Program, Runtime, StateTensor } from '../runtime/port.ts'
import { lossFeeds } from '../tasks/losses.ts'
import type { Arena } from './arena.ts'
import { loadGraph, scalarTensor, type Batch, type LoadedGraph, type WeightSource } from './feeding.ts'
import { gradientOutput, summedBy, summedIn, type TrainingGraph } from './graphs.ts'
import type { Int8Weights } from './int8-weights.ts'
import { drawMasks, type DrawingGraph } from './device-masks.ts'
import type { PhiloxMemory } from '../../base/philox-wasm.ts'
import { HostMasks } from './host-masks.ts'
import type { MaskAddress } from './masks.ts'
import type { ParameterGroup } from './parameter-groups.ts'
import { RowGradients, type NamedRows } from './row-gradients.ts'
import { sweep } from './sweep.ts'
import { SweepPrograms, sweepingOf, type Sweeping, type SweepRun } from './sweeping.ts'

export interface StepperOptions {
  readonly optimizer: OptimizerId
  readonly update: UpdateSettings
  /** Whether gradients of several micro-batches add up before a step. */
  readonly accumulate: boolean
  /** Whether frozen weights are repacked for the matrix product (feeding.ts); default false. */
  readonly prepack?: boolean
  /** Bytes of the largest micro-batch's dropout masks, so that memory made for a small one serves for all; default: grows as they come. */
  readonly maskRoom?: number
  /** Frozen weights in 8 bits, where the graph computes with them (graph/passes/int8-forward.ts). */
  readonly int8?: Int8Weights | null
  /** Whether the device draws the dropout masks (device-masks.ts) instead of the host; default false. */
  readonly drawsMasks?: boolean
  /** Told of each micro-batch that was computed. */
  readonly onBatch?: (work: BatchWork) => void
}

/** What one micro-batch took. */
export interface BatchWork {
  /** Floating-point operations in products of matrices, forward and backward. */
  readonly operations: number
  readonly rows: number
}

/** A micro-batch's inputs, ready to run once. */
export interface PreparedBatch {
  readonly inputs: Readonly<Record<string, HostTensor | StateTensor>>
  /** Bytes of intermediate values. */
  readonly need: number
  readonly work: BatchWork
  /** Where its dropout masks lie, if the host draws them; the memory of a later micro-batch's once this one has run. */
  readonly masks: PhiloxMemory | null
  /** The rows of embedding tables that it reaches. */
  readonly rows: NamedRows
}

/** What the host decides before the optimizer runs. */
export interface GroupStep {
  readonly group: ParameterGroup
  readonly learningRate: number
  /** Steps this group has taken, this one included. */
  readonly step: number
}

/** Runs micro-batches and optimizer steps on one arena: the step protocol of design §4.6. */
export class Stepper {
  readonly #arena: Arena
  readonly #options: StepperOptions
  readonly #training: LoadedGraph
  readonly #count: OperationCount
  readonly #updates: SweepPrograms
  readonly #norms: SweepPrograms
  readonly #sweeping: Sweeping
  readonly #masks: HostMasks
  readonly #drawing: DrawingGraph | null
  readonly #outputs: Readonly<Record<string, StateTensor>>
  /** Embedding tables that learn row by row. */
  readonly #rows: RowGradients
  /** Other gradients that a micro-batch adds to even where it is the only one of its step. */
  readonly #added: readonly StateTensor[]

  private constructor(
    arena: Arena,
    options: StepperOptions,
    graphs: { training: LoadedGraph; updates: SweepPrograms; norms: SweepPrograms; sweeping: Sweeping },
    built: TrainingGraph,
    drawing: DrawingGraph | null,
    rows: RowGradients,
    threads: number
  ) {
    this.#arena = arena
    this.#options = options
    this.#training = graphs.training
    this.#count = countOperations(built.graph)
    this.#updates = graphs.updates
    this.#norms = graphs.norms
    this.#sweeping = graphs.sweeping
    this.#masks = new HostMasks(built.masks, options.maskRoom ?? 0, threads)
    this.#drawing = drawing
    const names = [...built.graph.outputs.keys()].filter((name) => name !== 'loss')
    const parameters = names.map((name) => name.slice(gradientOutput('').length)).filter((parameter) => !rows.has(parameter))
    this.#outputs = Object.fromEntries(
      parameters.map((parameter) => {
        const name = gradientOutput(parameter)
        return [name, graphs.training.target(name, arena.gradient(parameter))]
      })
    )
    this.#rows = rows
    const added = options.accumulate ? [] : summedBy(built.graph).filter((name) => !rows.has(name))
    this.#added = added.map((name) => arena.gradient(name))
  }

  /** Loads the training, update and norm graphs. Where one cannot be loaded, those before it are closed. */
  static async open(
    runtime: Runtime,
    arena: Arena,
    built: TrainingGraph,
    weights: WeightSource,
    options: StepperOptions,
    profile?: string
  ): Promise<Stepper> {
    const state = (slot: string): StateTensor => {
      const summed = summedIn(slot)
      const quantised = options.int8?.state(slot)
      if (quantised) return quantised
      return summed === null ? arena.weight(slot) : arena.gradient(summed)
    }
    const drawing = options.drawsMasks === true && built.masks.length > 0 ? drawMasks(built) : null
    await using opened = new AsyncDisposableStack()
    const opening = <T extends { readonly dispose: () => Promise<void> }>(each: T): T => opened.adopt(each, () => each.dispose())
    const rows = opening(await RowGradients.open(runtime, arena, built, options))
    const training = await loadGraph(runtime, rows.withoutSums(drawing?.graph ?? built.graph), {
      name: 'training_model',
      weights,
      state,
      prepack: options.prepack ?? false,
      ...(profile === undefined ? {} : { profile })
    })
    opening(training.program)
    // Stretches are bound run by run; the state named here is only the first of them.
    const sweeping = sweepingOf(runtime)
    const first = (): StateTensor => arena.weights
    // One copy for each thread (sweep.ts).
    const copies = async (name: string, graph: Graph): Promise<readonly Program[]> => {
      await using made = new AsyncDisposableStack()
      const programs: Program[] = []
      for (let lane = 0; lane < sweeping.lanes; lane++) {
        const { program } = await loadGraph(runtime, graph, { name, weights: null, state: first, isOfState: true })
        programs.push(made.adopt(program, () => program.dispose()))
      }
      made.move()
      return programs
    }
    const updates = opening(new SweepPrograms((parts) => copies('optimizer_model', buildUpdateGraph(options.optimizer, parts))))
    const norms = opening(new SweepPrograms((parts) => copies('gradient_norm', buildNormGraph(parts))))
    const rest = rows.rest(arena.groups)
    if (arena.walk === null) await updates.prepare(rest.flatMap(sweeping.updates))
    await norms.prepare(sweeping.norms(rest))
    opened.move()
    return new Stepper(arena, options, { training, updates, norms, sweeping }, built, drawing, rows, runtime.threads)
  }

  /** Forgets gradients that earlier micro-batches added up. */
  async beginWindow(): Promise<void> {
    if (!this.#options.accumulate) return
    const { gradients, groups } = this.#arena
    for (const { offset, size } of this.#rows.rest(groups)) await gradients.view(offset, [size]).clear()
    this.#rows.clear()
  }

  /** Draws a micro-batch's dropout masks and lays out its inputs. May run while another micro-batch computes. */
  prepare(batch: Batch, address: MaskAddress): PreparedBatch {
    const { sizes } = batch
    const operations = this.#count(sizes)
    const { tensors, memory } =
      this.#drawing === null
        ? this.#masks.draw(batch, address, operations)
        : { tensors: this.#drawing.feed(batch.sizes, address), memory: null }
    const inputs = this.#training.feed(batch, { [lossFeeds.scale]: scalarTensor(0), ...tensors })
    const work = { operations, rows: sizes['texts'] ?? sizes['examples'] ?? sizes['rows'] ?? 0 }
    return { inputs, need: this.#training.need(batch), work, masks: memory, rows: this.#rows.namedBy(batch) }
  }

  /** Forward and backward of one micro-batch; its gradients go to the arena. Returns the weighted loss sum, unscaled. */
  async accumulate(prepared: PreparedBatch, lossScale: number, signal?: AbortSignal): Promise<number> {
    for (const gradient of this.#added) await gradient.clear()
    if (!this.#options.accumulate) this.#rows.clear()
    this.#rows.fill(prepared.rows)
    const inputs = { ...prepared.inputs, [lossFeeds.scale]: scalarTensor(lossScale) }
    const { loss } = await this.#training.program.run({
      inputs,
      outputs: { ...this.#outputs, ...this.#rows.targets(prepared.rows) },
      fetch: ['loss'],
      need: prepared.need,
      ...(signal ? { signal } : {})
    })
    this.#rows.add(prepared.rows)
    if (prepared.masks) this.#masks.giveBack(prepared.masks)
    this.#options.onBatch?.(prepared.work)
    return Number(loss?.data[0])
  }

  /** The Euclidean norm of all gradients of `groups`; not finite where one of them is not. */
  async gradientNorm(groups: readonly ParameterGroup[]): Promise<number> {
    const sums = await this.#sweep(this.#norms, this.#sweeping.norms(this.#rows.rest(groups)), async (program, run) => {
      const inputs: Record<string, StateTensor> = {}
      for (const [part, { offset, size }] of run.entries())
        inputs[partSlot('grad', part)] = this.#arena.gradients.view(offset, [size])
      const { sum } = await program.run({ inputs, fetch: ['sum'] })
      return Number(sum?.data[0])
    })
    return Math.sqrt([...sums, ...this.#rows.squares(groups)].reduce((total, sum) => total + sum, 0))
  }

  /** One optimizer step on each group. */
  async update(steps: readonly GroupStep[], clipScale: number): Promise<void> {
    const { optimizer, update } = this.#options
    const { walk } = this.#arena
    for (const { group, learningRate, step } of steps) {
      const scalars = updateScalars(optimizer, update, { step, learningRate, weightDecay: group.weightDecay, clipScale })
      const fed = Object.fromEntries(Object.entries(scalars).map(([name, value]) => [name, scalarTensor(value)]))
      const rest = this.#rows.rest([group])
      if (walk) for (const part of rest) await walk(part, scalars)
      else {
        const runs = rest.flatMap((part) => this.#sweeping.updates(part))
        await this.#sweep(this.#updates, runs, (program, run) => this.#updateStretches(program, run, fed))
      }
      await this.#rows.update(group, scalars, fed)
    }
  }

  endProfile(): Promise<string | undefined> {
    return this.#training.program.endProfile()
  }

  async dispose(): Promise<void> {
    for (const programs of [this.#training.program, this.#updates, this.#norms]) await programs.dispose()
    await this.#rows.dispose()
    await this.#masks.dispose()
  }

  /** Does `work` on every run, those of as many stretches with the same program; results in that order. */
  async #sweep<T>(
    programs: SweepPrograms,
    runs: readonly SweepRun[],
    work: (program: Program, run: SweepRun) => Promise<T>
  ): Promise<readonly T[]> {
    const results: T[] = []
    for (const [parts, some] of Map.groupBy(runs, ({ length }) => length))
      results.push(...(await sweep(await programs.of(parts), some, work)))
    return results
  }

  /** Updates the stretches of one run of the program. */
  async #updateStretches(program: Program, run: SweepRun, scalars: Readonly<Record<string, HostTensor>>): Promise<void> {
    const { optimizer } = this.#options
    const inputs: Record<string, HostTensor | StateTensor> = { ...scalars }
    const outputs: Record<string, StateTensor> = {}
    for (const [part, { offset, size }] of run.entries()) {
      for (const { name, array, per } of this.#arena.arrays()) {
        const state = array.view(offset / per, stretchShape(optimizer, size, per))
        inputs[partSlot(name, part)] = state
        outputs[updatedOutput(partSlot(name, part))] = state
      }
      inputs[partSlot('grad', part)] = this.#arena.gradients.view(offset, stretchShape(optimizer, size))
    }
    await program.run({ inputs, outputs })
  }
}
