import type { CardRun } from './card-memory.ts'
import { runTokens, type RunTokens } from './expected-time.ts'
import { loadGraph } from './feeding.ts'
import { feeds } from './feeds.ts'
import { countOperations } from '../graph/passes/count-operations.ts'
import { buildPrefixGraph, type TrainingGraph } from './graphs.ts'
import { bindShape } from '../graph/shapes.ts'
import type { Graph } from '../graph/types.ts'
import { sizeOf } from '../runtime/element-types.ts'
import { initialiseWeights } from './initialise.ts'
import { GraphMemory, type Sizes } from './memory.ts'
import { canonicalBatch, emptyPrefix } from './prefix.ts'
import { rehearse, type Rehearsal } from './rehearsal.ts'
import { judgedSize, planMemory, type MemoryPlan } from './run-memory.ts'
import { leavesZeroRows, rowSlotsOf, type RowSlot } from './sparse-rows.ts'
import type { RunSettings } from './run-settings.ts'
import type { TextRun } from './text-run.ts'
import type { TextRunInput } from './text-run-input.ts'

/** A run with other batches than its own, to find out what would fit. */
export interface Batches {
  readonly batchSize: number
  readonly evaluationBatchSize: number
  readonly accumulation: number
  /** Longest text, in tokens. */
  readonly maxLength: number
}

/** What is not on disk yet and must be computed: the frozen prefix's vectors, and the base model's for the baseline. */
export interface Pending {
  readonly prefix: boolean
  readonly features: boolean
}

interface Largest {
  readonly recomputed: number
  readonly training: TrainingGraph
  readonly rows: Int32Array
}

/** What a run is going to take, found out before it starts. */
export class Preflight {
  readonly #run: TextRun
  readonly #input: TextRunInput
  readonly #frozen: Graph | null
  readonly #pending: Pending
  #known: Largest | undefined
  readonly #untouched: number

  constructor(run: TextRun, input: TextRunInput, pending: Pending) {
    const { definition } = input
    const boundary = run.boundary()
    this.#run = run
    this.#input = input
    this.#pending = pending
    this.#frozen = boundary && buildPrefixGraph(definition, run.selection, boundary.name)
    this.#untouched = this.#untouchedBytes()
  }

  /** The training graph in which the most is trained, and the micro-batch that needs the most memory there. */
  #at(recomputed: number): Largest {
    if (this.#known?.recomputed === recomputed) return this.#known
    const training = this.#run.graphOf(this.#run.lastPhase(), { recomputed })
    const memory = new GraphMemory(training.graph)
    this.#known = { recomputed, training, rows: this.#run.batches.largest((sizes) => memory.need(sizes)) }
    return this.#known
  }

  /** Layers whose values could be made again in the backward pass (`TrainingGraph.recomputable`). */
  get recomputable(): number {
    return this.#at(this.#run.recomputed).training.recomputable
  }

  /**
   * The fewest layers with which a step's values take as little as with all: making more of them again would bring nothing. That is so of the last where the head
   * reads one token, and of the one below it where what the head takes outweighs it.
   */
  worthwhile(): number {
    const { recomputable } = this
    const sizes = this.#run.batches.sizesOf(this.#at(recomputable).rows)
    const need = (layers: number): number => new GraphMemory(this.#at(layers).training.graph).need(sizes)
    const least = need(recomputable)
    let layers = recomputable
    while (layers > 0 && need(layers - 1) <= least) layers--
    return layers
  }

  get recomputed(): number {
    return this.#run.recomputed
  }

  /** Has the run make so many layers' values again. */
  recompute(layers: number): void {
    this.#run.recompute(layers)
  }

  /** Arithmetic of a step's matrix products, of the run as settled over that of the same run which keeps everything. */
  extraWork(): number {
    const { training, rows } = this.#at(this.#run.recomputed)
    const sizes = this.#run.batches.sizesOf(rows)
    const without = this.#run.graphOf(this.#run.lastPhase(), { recomputed: 0 })
    return countOperations(training.graph)(sizes) / countOperations(without.graph)(sizes)
  }

  /** The batches that the run's own settings make. */
  get own(): Batches {
    const { batchSize, evaluationBatchSize, accumulation, maxLength } = this.#input.settings
    return { batchSize, evaluationBatchSize, accumulation, maxLength }
  }

  /** Memory of the run, or of the same run with other batches or layers made again. `held`: bytes that the process has of its own now. */
  memory(held: number, isJudged: boolean, batches = this.own, recomputed = this.recomputed): MemoryPlan {
    const { settings, definition } = this.#input
    const { train, validation, test, arena } = this.#run
    const padded = (rows: number): Sizes => this.#padded(rows, batches)
    const largest = this.#at(recomputed)
    const training = this.#scaled(batches, largest.rows)
    return planMemory({
      held,
      arena,
      untouched: this.#untouched,
      rowBytes: this.#rowBytes(largest.training.graph, training),
      training: largest.training,
      evaluation: this.#run.evaluationGraph(),
      frozen: this.#pending.prefix ? this.#frozen : null,
      sizes: {
        training,
        others: this.#others(batches),
        evaluation: padded(batches.evaluationBatchSize),
        frozen: padded(canonicalBatch)
      },
      accumulation: batches.accumulation,
      batchBytes: this.#hostBytes(training),
      // Beside answers stand no vectors and no model of keywords.
      judged:
        isJudged && settings.task !== 'question-answering'
          ? {
              ...judgedSize([train, validation, test], definition.config.width),
              features: this.#pending.features ? (this.#frozen ?? this.#run.evaluationGraph()) : null
            }
          : null
    })
  }

  /** What the run takes of a card that computes it, with micro-batches of so many rows where that is not null. */
  onCard(microBatch: number | null): CardRun {
    const { settings, runtime } = this.#input
    const batches = { ...this.own, ...(microBatch !== null && { batchSize: microBatch }) }
    const { training, rows } = this.#at(this.recomputed)
    return {
      training,
      evaluation: this.#run.evaluationGraph(),
      sizes: { training: this.#scaled(batches, rows), evaluation: this.#padded(batches.evaluationBatchSize, batches) },
      arena: this.#run.arena,
      optimizer: settings.optimizer,
      precision: runtime.precision
    }
  }

  /** Tokens that the run computes, padding included. */
  tokens(): RunTokens {
    return runTokens(this.#run, this.#input.settings)
  }

  /** One step of the run and what else takes its memory, without leaving anything behind (rehearsal.ts). */
  async rehearse(): Promise<Rehearsal> {
    const { model, settings, runtime, weights, definition, now } = this.#input
    const { arena, batches, train, validation, collate } = this.#run
    await initialiseWeights(arena, model, settings.seed)
    const boundary = this.#run.boundary()
    const frozen = this.#pending.prefix ? this.#frozen : null
    const state = (slot: string): never => {
      throw new Error(`the frozen prefix reads the trained tensor ${slot}`)
    }
    return rehearse({
      ...{ batches, train, validation, collate, now, settings },
      prefix: boundary ? emptyPrefix(boundary, definition.config.width) : null,
      openFrozen: async () => frozen && loadGraph(runtime, frozen, { name: 'prefix_model', isExact: true, weights, state }),
      openStepper: () => this.#run.openStepper(this.#run.lastPhase(), null),
      look: (examples, prefix) => this.#run.look(examples, prefix),
      groups: arena.groups,
      largest: this.#at(this.recomputed).rows
    })
  }

  /** Bytes of gradients and optimizer state of the embedding rows that no text of the training part reaches. */
  #untouchedBytes(): number {
    const { settings } = this.#input
    const { arena, train } = this.#run
    const tables = this.#rowSlots(this.#at(this.#run.recomputed).training.graph).filter(({ input }) => input === feeds.inputIds)
    // Masking puts in tokens of the whole vocabulary.
    if (tables.length === 0 || settings.task === 'masked-lm') return 0
    return tables.reduce((sum, { parameter }) => {
      const { size, shape } = arena.slot(parameter).parameter
      const rest = 4 * size - train.sequences.distinctIds * (4 * (shape.at(-1) ?? 1) + pageBytes)
      return sum + (1 + arena.state.length) * Math.max(0, rest)
    }, 0)
  }

  /** Bytes in which a micro-batch of these sizes writes what it adds to the rows of tables. */
  #rowBytes(graph: Graph, sizes: Sizes): number {
    return this.#rowSlots(graph).reduce((sum, { added }) => sum + 4 * sizeOf(bindShape(added.shape, sizes)), 0)
  }

  /** The tables of which a step touches only some rows (row-gradients.ts). */
  #rowSlots(graph: Graph): readonly RowSlot[] {
    const { settings, runtime } = this.#input
    return runtime.provider === 'cpu' && leavesZeroRows(settings.optimizer, settings.epsilon) ? rowSlotsOf(graph) : []
  }

  /** Sizes of a batch of so many of the longest texts of all parts. */
  #padded(rows: number, { maxLength }: Batches): Sizes {
    const { train, validation, test } = this.#run
    const splits = [train, validation, test]
    const longest = splits.reduce((most, { lengths }) => lengths.reduce((a, b) => Math.max(a, b), most), 1)
    const most = Math.max(...splits.map(({ lengths }) => lengths.length))
    return paddedSizes(Math.min(rows, most), Math.min(longest, maxLength), this.#input.settings)
  }

  /** Sizes of the first few micro-batches of different shapes; none for a run with other batches than its own. */
  #others({ batchSize, maxLength }: Batches): Sizes[] {
    const { settings } = this.#input
    const { batches } = this.#run
    if (batchSize !== settings.batchSize || maxLength !== settings.maxLength) return []
    const shapes = new Map<string, Sizes>()
    for (const rows of batches.ofEpoch(0)) {
      const sizes = batches.sizesOf(rows)
      shapes.set(`${sizes['rows']}/${sizes['time']}`, sizes)
      if (shapes.size === shapesPlayed) break
    }
    return [...shapes.values()]
  }

  /** Sizes of the largest micro-batch, were batches or texts cut to other sizes. */
  #scaled({ batchSize, maxLength }: Batches, rows: Int32Array): Sizes {
    const { settings } = this.#input
    const sizes = this.#run.batches.sizesOf(rows)
    if (batchSize === settings.batchSize && maxLength === settings.maxLength) return sizes
    const share = batchSize / settings.batchSize
    const { rows: ownRows = 1, texts = 1, time = 1, examples = 1, longest = 1 } = sizes
    const [newRows, newTime] = [Math.ceil(ownRows * share), Math.min(time, maxLength)]
    return {
      rows: newRows,
      time: newTime,
      tokens: newRows * newTime,
      texts: Math.ceil(texts * share),
      examples: Math.ceil(asksTokens(settings) ? (examples * share * newTime) / time : examples * share),
      longest: Math.min(longest, maxLength)
    }
  }

  /** Bytes of a micro-batch's inputs, dropout masks left out: token ids and the like, the packed rows' bias, the prefix's vectors. */
  #hostBytes({ rows = 0, time = 0, tokens = 0 }: Sizes): number {
    const { settings, definition } = this.#input
    const boundary = this.#run.boundary()
    const vectors = boundary ? (boundary.perToken ? tokens : rows) * definition.config.width * 4 : 0
    return tokens * tokenBytes + (settings.packing ? rows * time * time * 4 : 0) + vectors
  }
}

/** Memory comes in pages of this size: a row's first and last page hold others as well. */
const pageBytes = 4096

/** Shapes of micro-batches whose effect on the pool is worked out; each costs some two milliseconds before the run begins. */
const shapesPlayed = 24

/** Three ids of 8 bytes, two weights of 4: what a token's place in a batch takes on the host. */
const tokenBytes = 3 * 8 + 2 * 4

/** Whether the head answers for tokens, not for whole texts. */
const asksTokens = ({ task }: RunSettings): boolean =>
  task === 'masked-lm' || task === 'token-classification' || task === 'question-answering'

function paddedSizes(rows: number, time: number, settings: RunSettings): Sizes {
  const tokens = rows * time
  const share = settings.task === 'masked-lm' ? settings.maskProbability : 1
  return { rows, texts: rows, time, tokens, examples: asksTokens(settings) ? Math.ceil(tokens * share) : rows }
}
