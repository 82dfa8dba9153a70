import type { Graph } from '../graph/types.ts'
import type { Runtime, RunRequest, StateTensor } from '../runtime/port.ts'
import type { LossOptions } from '../tasks/losses.ts'
import { collate, evaluationBatches, longestOf, type CollateSettings } from './batches.ts'
import type { Examples } from './examples.ts'
import { loadGraph, type Batch, type LoadedGraph, type WeightSource } from './feeding.ts'
import { buildEvaluationGraph } from './graphs.ts'
import { RowParts, type OnSmaller } from './in-parts.ts'
import { chooseMasks, collateMasked, type MaskingSettings } from './masked-lm.ts'
import type { ModelDefinition, ParameterSelection } from './model-definition.ts'
import { askUnits } from './token-batches.ts'
import { pooledWindows } from './pooled-windows.ts'
import type { PrefixBoundary, PrefixInput } from './prefix.ts'

export interface EvaluatorOptions {
  readonly definition: ModelDefinition
  readonly selection: ParameterSelection
  readonly weights: WeightSource
  readonly state: (slot: string) => StateTensor
  readonly loss: LossOptions
  readonly collate: CollateSettings
  readonly batchSize: number
  readonly pooling: 'mean' | 'max'
  /** Boundary that comes from a prefix cache, if one is given with the examples. */
  readonly boundary: PrefixBoundary | null
  /** The evaluation graph from that boundary on, where it is at hand. */
  readonly graph?: Graph
  /** Told when memory did not suffice for the rows of a batch. */
  readonly onSmaller?: OnSmaller
}

/** Runs a model forward over whole splits. */
export class Evaluator {
  readonly #runtime: Runtime
  readonly #graph: LoadedGraph
  readonly #options: EvaluatorOptions
  readonly #parts: RowParts

  private constructor(runtime: Runtime, graph: LoadedGraph, options: EvaluatorOptions) {
    this.#runtime = runtime
    this.#graph = graph
    this.#options = options
    this.#parts = new RowParts(runtime, options.onSmaller)
  }

  static async open(runtime: Runtime, options: EvaluatorOptions): Promise<Evaluator> {
    const { definition, selection, weights, state, loss, boundary } = options
    const graph =
      options.graph ?? buildEvaluationGraph(definition, selection, { loss, ...(boundary ? { from: boundary.name } : {}) })
    return new Evaluator(runtime, await loadGraph(runtime, graph, { name: 'eval_model', weights, state }), options)
  }

  /**
   * Logits of each row of `examples.rows`, [rows, labels]: where a row has windows, their mean or largest. Where words are asked (`examples.tagged`),
   * logits of each unit, [units, labels].
   */
  async logits(
    examples: Examples,
    cache: PrefixInput | null,
    signal: AbortSignal,
    onProgress?: (done: number, total: number) => void
  ): Promise<Float32Array> {
    return this.#withOwnMemory(() => this.#logits(examples, cache, signal, onProgress))
  }

  async #logits(
    examples: Examples,
    cache: PrefixInput | null,
    signal: AbortSignal,
    onProgress?: (done: number, total: number) => void
  ): Promise<Float32Array> {
    const { labels } = this.#options.definition
    const { tagged } = examples
    const perSequence = new Float32Array((tagged ? tagged.tags.length : examples.sequences.length) * labels)
    let done = 0
    for (const batchRows of evaluationBatches(examples.lengths, this.#options.batchSize)) {
      const time = longestOf(batchRows, examples.lengths)
      await this.#parts.each(batchRows, async (rows) => {
        const { batch, answered } = await this.#batch(examples, rows, time, cache)
        const { logits } = await this.#graph.program.run(this.#request(batch, 'logits', signal))
        const data = logits?.data as Float32Array // The graph's output is float32.
        for (const name of Object.keys(batch.inputs)) if (name.startsWith('prefix/')) batch.inputs[name]?.data.buffer.transfer(0)
        answered.forEach((row, i) => perSequence.set(data.subarray(i * labels, (i + 1) * labels), row * labels))
        onProgress?.((done += rows.length), examples.sequences.length)
      })
    }
    return tagged ? perSequence : pooledWindows(examples, perSequence, labels, this.#options.pooling)
  }

  /** Mean masked-lm loss over the examples, with masks drawn once from `seed`, so that every evaluation guesses the same tokens. */
  async maskedLoss(examples: Examples, masking: MaskingSettings, seed: number, signal: AbortSignal): Promise<number> {
    return this.#withOwnMemory(() => this.#maskedLoss(examples, masking, seed, signal))
  }

  async #maskedLoss(examples: Examples, masking: MaskingSettings, seed: number, signal: AbortSignal): Promise<number> {
    let sum = 0
    let count = 0
    for (const [i, rows] of evaluationBatches(examples.lengths, this.#options.batchSize).entries()) {
      const sequences = await examples.sequences.of(rows)
      // Drawn for the whole batch, so that the same tokens are guessed however few rows are computed at once.
      const masked = chooseMasks(sequences, masking, seed, `evaluation/${i}`)
      const time = longestOf(rows, examples.lengths)
      await this.#parts.each(
        rows.map((_, at) => at),
        async (part) => {
          const chosen = Array.from(part, (at) => masked[at] ?? { ids: new Int32Array(0), typeIds: null, chosen: [] })
          const batch = collateMasked(chosen, masking, time)
          if (batch.count === 0) return
          const { loss } = await this.#graph.program.run(this.#request(batch.batch, 'loss', signal))
          sum += Number(loss?.data[0])
          count += batch.count
        }
      )
    }
    return sum / Math.max(1, count)
  }

  async dispose(): Promise<void> {
    await this.#graph.program.dispose()
  }

  /**
   * Begins and ends with an empty pool: an evaluation's batches are larger than training's and its values fewer, and of what the one leaves in the
   * pool the other can use next to nothing (measured: 104 MB of values took 176 MB beside training's 390).
   */
  async #withOwnMemory<T>(work: () => Promise<T>): Promise<T> {
    await this.#runtime.trim()
    try {
      return await work()
    } finally {
      await this.#runtime.trim()
    }
  }

  #request(batch: Batch, output: string, signal: AbortSignal): RunRequest {
    return { inputs: this.#graph.feed(batch), fetch: [output], need: this.#graph.need(batch), signal }
  }

  /**
   * The batch of some sequences, padded to `padTo` tokens: what is computed in parts is padded as it would be whole, so that its numbers stay the same. And
   * what its answers belong to: these sequences, or units.
   */
  async #batch(
    examples: Examples,
    rows: Int32Array,
    padTo: number,
    cache: PrefixInput | null
  ): Promise<{ readonly batch: Batch; readonly answered: Int32Array }> {
    const plain = collate(await examples.sequences.of(rows), this.#options.collate, padTo)
    const { time = 1 } = plain.sizes
    const asked = examples.tagged ? askUnits(examples.tagged, rows, plain, (index) => index * time) : null
    const { batch, units: answered } = asked ?? { batch: plain, units: rows }
    if (!cache) return { batch, answered }
    const prefix = await cache.input(rows, examples.lengths, time)
    return { batch: { sizes: batch.sizes, inputs: { ...batch.inputs, ...prefix } }, answered }
  }
}
