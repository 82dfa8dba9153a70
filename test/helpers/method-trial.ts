import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PeftMethod } from '../../src/main/engine/peft/define-method.ts'
import { full } from '../../src/main/engine/peft/full/index.ts'
import type { Runtime } from '../../src/main/engine/runtime/port.ts'
import { Arena } from '../../src/main/engine/training/arena.ts'
import { collate } from '../../src/main/engine/training/batches.ts'
import { loadGraph, type Batch, type WeightSource } from '../../src/main/engine/training/feeding.ts'
import { buildEvaluationGraph, buildTrainingGraph } from '../../src/main/engine/training/graphs.ts'
import { initialiseWeights } from '../../src/main/engine/training/initialise.ts'
import {
  selectParameters,
  type ModelDefinition,
  type ParameterSelection
} from '../../src/main/engine/training/model-definition.ts'
import { openModelFolder, storedTensors, type ModelFolder } from '../../src/main/engine/training/model-folder.ts'
import { isDecayExempt, layOut } from '../../src/main/engine/training/parameter-groups.ts'
import { Stepper } from '../../src/main/engine/training/stepper.ts'
import { batchTargets } from '../../src/main/engine/training/targets.ts'
import { prepareWeights } from '../../src/main/engine/weights/prepared.ts'
import { draw } from './samples.ts'

const folder = join(import.meta.dirname, '../fixtures/encoders/models/bert-3')
const loss = { kind: 'cross_entropy', focalGamma: 2, huberDelta: 1 } as const
const lengths = [9, 5, 7, 4, 8, 6, 9, 5, 7, 4, 8, 6]
const seed = 1

/** A batch of twelve texts of three classes. */
function makeBatch(): { readonly batch: Batch; readonly weight: number } {
  const texts = lengths.map((length, row) => ({
    ids: Int32Array.from(draw(`method trial ${row}`, length, (random) => 4 + random.below(36))),
    typeIds: null
  }))
  const batch = collate(texts, { padId: 0, positionOffset: 0 })
  const rows = Int32Array.from(lengths, (_, row) => row)
  const targets = { kind: 'single-label', labels: rows.map((row) => row % 3), classes: 3 } as const
  const { inputs, weight } = batchTargets(targets, { smoothing: 0, classWeights: null, shift: 0, scale: 1 }, rows)
  return { batch: { ...batch, inputs: { ...batch.inputs, ...inputs } }, weight }
}

/** One method on a two-layer BERT (bert-3, written by scripts/reference/encoders.py) with a new head of seed 1. */
export class MethodTrial {
  readonly model: ModelFolder
  readonly definition: ModelDefinition
  readonly selection: ParameterSelection
  readonly arena: Arena
  readonly #runtime: Runtime

  private constructor(runtime: Runtime, model: ModelFolder, method: PeftMethod<unknown>, options: unknown) {
    const head = 'sequence-classification'
    const { architecture, config } = model
    const stored = storedTensors(model, head, 3, null)
    this.#runtime = runtime
    this.model = model
    this.definition = { architecture, config, head, labels: 3, method, options, stored }
    this.selection = selectParameters(this.definition)
    const { groups, size } = layOut(this.selection.parameters, ({ name, learningRateScale }) => {
      return { learningRateScale, weightDecay: isDecayExempt(name) ? 0 : 0.01, schedule: 0, phase: 0 }
    })
    this.arena = new Arena(runtime, groups, size, 'adamw')
  }

  static async open(runtime: Runtime, method: PeftMethod<unknown>, options: unknown): Promise<MethodTrial> {
    const trial = new MethodTrial(runtime, await openModelFolder(folder), method, options)
    await initialiseWeights(trial.arena, trial.model, seed)
    return trial
  }

  /** The model with its new head and nothing else. */
  static base(runtime: Runtime): Promise<MethodTrial> {
    return MethodTrial.open(runtime, full as PeftMethod<unknown>, { freeze: [], freeze_embeddings: false })
  }

  /** Logits of the batch. Without adapters: the model as it is where none is attached. */
  async logits({ adapters = true } = {}): Promise<Float32Array> {
    const selection = adapters ? this.selection : { ...this.selection, attached: new Map() }
    const graph = buildEvaluationGraph(this.definition, selection, { loss })
    const weights = await this.#weights()
    const loaded = await loadGraph(this.#runtime, graph, {
      name: 'eval_model',
      weights,
      state: (slot) => this.arena.weight(slot)
    })
    const { logits } = await loaded.program.run({ inputs: loaded.feed(makeBatch().batch), fetch: ['logits'] })
    await loaded.program.dispose()
    return Float32Array.from(logits?.data as Float32Array) // The graph's output is float32.
  }

  /** Takes AdamW steps on the batch. Returns the mean loss before each. */
  async train(steps: number, learningRate: number): Promise<readonly number[]> {
    const { batch, weight } = makeBatch()
    const built = buildTrainingGraph(this.definition, this.selection, { loss, accumulate: false })
    const update = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, momentum: 0 }
    const options = { optimizer: 'adamw', update, accumulate: false } as const
    const stepper = await Stepper.open(this.#runtime, this.arena, built, await this.#weights(), options)
    const losses: number[] = []
    for (let step = 1; step <= steps; step++) {
      const prepared = stepper.prepare(batch, { seed, step, microStep: 0 })
      losses.push((await stepper.accumulate(prepared, 1 / weight)) / weight)
      await stepper.update(
        this.arena.groups.map((group) => ({ group, learningRate: learningRate * group.learningRateScale, step })),
        1
      )
    }
    await stepper.dispose()
    return losses
  }

  /** A copy of every trained tensor. */
  async tensors(): Promise<ReadonlyMap<string, Float32Array>> {
    const tensors = new Map<string, Float32Array>()
    for (const { parameter } of this.arena.slots) tensors.set(parameter.name, await this.#read(parameter.name))
    return tensors
  }

  /** The same model with the adapters folded into its weights. */
  async merged(): Promise<MethodTrial> {
    const { method, options } = this.definition
    const plain = await MethodTrial.base(this.#runtime)
    for (const { parameter } of this.arena.slots)
      if (parameter.origin !== 'adapter')
        await plain.arena.write(plain.arena.weights, parameter.name, await this.#read(parameter.name))
    for (const { site, slots } of this.selection.attached.values()) {
      const [weight, bias] = [await plain.#read(`${site.path}.weight`), await plain.#read(`${site.path}.bias`)]
      const own: Record<string, Float32Array> = {}
      for (const [short, slot] of Object.entries(slots)) own[short] = await this.#read(slot)
      // In parts, as an export merges what is larger than memory.
      for (let first = 0; first < site.out; first += 5) {
        const rows = (values: Float32Array, width: number): Float32Array => values.subarray(first * width, (first + 5) * width)
        method.merge?.({ weight: rows(weight, site.in), bias: rows(bias, 1), first }, site, options, own)
      }
      await plain.arena.write(plain.arena.weights, `${site.path}.weight`, weight)
      await plain.arena.write(plain.arena.weights, `${site.path}.bias`, bias)
    }
    return plain
  }

  /** SHA-256 of the checkpoint's file, into which frozen weights are mapped. */
  static async checkpointHash(): Promise<string> {
    return createHash('sha256')
      .update(await readFile(join(folder, 'model.safetensors')))
      .digest('hex')
  }

  /** Puts trained tensors back as they were. */
  async restore(tensors: ReadonlyMap<string, Float32Array>): Promise<void> {
    for (const [name, values] of tensors) await this.arena.write(this.arena.weights, name, Float32Array.from(values))
  }

  async #read(name: string): Promise<Float32Array<ArrayBuffer>> {
    return Float32Array.from((await this.arena.read(this.arena.weights, name)) as Float32Array) // The arena holds float32.
  }

  async #weights(): Promise<WeightSource> {
    const trained = new Set(this.selection.parameters.map(({ name }) => name))
    const stored = (name: string): string => this.model.storedNames.get(name) ?? name
    const need = [...this.definition.stored].filter((name) => !trained.has(name)).map(stored)
    // Nothing has to be converted, so nothing is written.
    const prepared = await prepareWeights(this.model.checkpoint, '/nonexistent', { need })
    return { folder: prepared.folder, locate: (name) => prepared.locate(stored(name)) }
  }
}
