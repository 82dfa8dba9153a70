import { defined } from '../../base/assert.ts'
import { InputError } from '../../base/errors.ts'
import { backward } from '../autodiff/backward.ts'
import { eliminateDead } from '../graph/passes/eliminate-dead.ts'
import { orderForBackward } from '../graph/passes/runtime-order.ts'
import type { Graph } from '../graph/types.ts'
import { verifyGraph } from '../graph/verify.ts'
import type { Runtime, StateTensor } from '../runtime/port.ts'
import { isAllocationFailure } from '../runtime/run-error.ts'
import { collate, type CollateSettings, type Sequence } from './batches.ts'
import { loadGraph, type LoadedGraph, type WeightSource } from './feeding.ts'
import { buildForward } from './forward.ts'
import { onceMore } from './in-parts.ts'
import type { ModelDefinition, ParameterSelection } from './model-definition.ts'

const selectorInput = 'attribution/selector'

/**
 * Gradient × input (Shrikumar et al. 2016, arXiv:1605.01713), for one number of the model's answer: with eₜ the word embedding of token t,
 * attribution(t) = Σ over the width of eₜ · ∂(Σ selector · logits)/∂eₜ. Dropout is off.
 * Inputs besides the batch: `selector` [rows, labels]. Outputs: `logits` [rows, labels], `attribution` [tokens].
 *
 * `isSmall`: all layers' values are made again on the way back instead of being kept (recomputation.ts): slower, the same numbers, less memory.
 */
export function buildAttributionGraph(definition: ModelDefinition, selection: ParameterSelection, isSmall = false): Graph {
  const { g, result: logits, watched, layers } = buildForward(definition, selection, { training: false, watch: 'words' })
  const words = defined(watched, 'the word embeddings')
  const selector = g.input(selectorInput, 'float32', logits.shape)
  const picked = g.within('attribution', () => g.sumAll(g.mul(logits, selector)))
  const gradient = defined(backward(g, picked, [words], isSmall ? layers : []).get(words), 'the gradient of the word embeddings')
  g.output('logits', logits)
  g.output(
    'attribution',
    g.within('attribution', () => g.reduceSum(g.mul(words, gradient), [1]))
  )
  const alive = eliminateDead(g.build())
  const graph = isSmall ? orderForBackward(alive, selector) : alive
  verifyGraph(graph)
  return graph
}

export interface AttributorOptions {
  readonly definition: ModelDefinition
  readonly selection: ParameterSelection
  readonly weights: WeightSource
  readonly state: (slot: string) => StateTensor
  readonly collate: CollateSettings
  readonly pooling: 'mean' | 'max'
}

/** What each token of a text's sequences speaks for or against in one number of the model's answer. */
export class Attributor {
  #graph: LoadedGraph
  #isSmall = false
  readonly #options: AttributorOptions
  readonly #runtime: Runtime

  private constructor(runtime: Runtime, graph: LoadedGraph, options: AttributorOptions) {
    this.#runtime = runtime
    this.#graph = graph
    this.#options = options
  }

  static async open(runtime: Runtime, options: AttributorOptions): Promise<Attributor> {
    return new Attributor(runtime, await onceMore(runtime, () => load(runtime, options, false)), options)
  }

  /**
   * Attributions of every token of the sequences that one text was cut to, for the logit `label`: those of a text in windows are pooled as its
   * logits are, the mean of all windows or those of the window with the largest logit.
   */
  async attribute(sequences: readonly Sequence[], label: number, signal: AbortSignal): Promise<Float64Array[]> {
    const { pooling } = this.#options
    if (pooling === 'mean' || sequences.length === 1) {
      const share = 1 / Math.max(1, sequences.length)
      return this.#run(sequences, label, () => share, signal)
    }
    const alone = await Promise.all(sequences.map((sequence) => this.#logit(sequence, label, signal)))
    const largest = alone.indexOf(Math.max(...alone))
    return this.#run(sequences, label, (sequence) => (sequence === largest ? 1 : 0), signal)
  }

  /** A gradient through all layers takes much more than an answer does: what it took goes back to the system (512 tokens, 768 wide: 200 MB). */
  async dispose(): Promise<void> {
    await this.#graph.program.dispose()
    await this.#runtime.trim()
  }

  async #run(
    sequences: readonly Sequence[],
    label: number,
    weightOf: (sequence: number) => number,
    signal: AbortSignal
  ): Promise<Float64Array[]> {
    const found: Float64Array[] = []
    for (const [i, sequence] of sequences.entries()) {
      const { attribution } = await this.#feed(sequence, label, 'attribution', signal)
      const data = attribution?.data as Float32Array // The graph's output is float32.
      found.push(Float64Array.from(data, (value) => value * weightOf(i)))
    }
    return found
  }

  async #logit(sequence: Sequence, label: number, signal: AbortSignal): Promise<number> {
    const { logits } = await this.#feed(sequence, label, 'logits', signal)
    return Number(logits?.data[label])
  }

  /**
   * One sequence through the graph. Where memory does not suffice, through one that keeps no layer's values, from here on.
   * @throws InputError where it does not suffice for that either
   */
  async #feed(sequence: Sequence, label: number, output: string, signal: AbortSignal): ReturnType<LoadedGraph['program']['run']> {
    const { definition, collate: settings } = this.#options
    const batch = collate([sequence], settings)
    const selector = new Float32Array(definition.labels)
    selector[label] = 1
    const extra = { [selectorInput]: { type: 'float32', shape: [1, definition.labels], data: selector } } as const
    const run = (): ReturnType<LoadedGraph['program']['run']> =>
      this.#graph.program.run({
        inputs: this.#graph.feed(batch, extra),
        fetch: [output],
        need: this.#graph.need(batch),
        signal
      })
    try {
      return await run()
    } catch (error) {
      if (!isAllocationFailure(error)) throw error
      return this.#inLess(run).catch((again: unknown) => {
        throw isAllocationFailure(again) ? tooLong(again) : again
      })
    }
  }

  async #inLess<T>(run: () => Promise<T>): Promise<T> {
    if (!this.#isSmall) {
      await this.#graph.program.dispose()
      await this.#runtime.trim()
      this.#graph = await load(this.#runtime, this.#options, true)
      this.#isSmall = true
    }
    return onceMore(this.#runtime, run)
  }
}

const load = (
  runtime: Runtime,
  { definition, selection, weights, state }: AttributorOptions,
  isSmall: boolean
): Promise<LoadedGraph> =>
  loadGraph(runtime, buildAttributionGraph(definition, selection, isSmall), { name: 'attribution', weights, state })

function tooLong(cause: unknown): InputError {
  const sentence =
    'Memory ran out while the words of this text were weighed. Close other programs and try again, or ask about a shorter text.'
  return new InputError('memory-short', sentence, {}, { cause })
}
