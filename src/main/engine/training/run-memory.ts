import { leavesOf } from '../graph/leaves.ts'
import { bindShape } from '../graph/shapes.ts'
import type { Graph } from '../graph/types.ts'
import { elementTypes } from '../runtime/element-types.ts'
import type { Arena, ArenaArray } from './arena.ts'
import { GraphMemory, type Sizes } from './memory.ts'
import { PoolModel } from './pool-model.ts'
import { countOperations } from '../graph/passes/count-operations.ts'
import { drawingBytes, maskBytes } from './host-masks.ts'
import type { TrainingGraph } from './graphs.ts'

/** What decides how much memory a run takes. */
export interface RunMemoryInput {
  /** Bytes that the process holds of its own when the plan is made: Node with its young objects, the library, tokenizer, data, graphs. Measured. */
  readonly held: number
  readonly arena: Pick<Arena, 'size' | 'slots'> & {
    readonly state: readonly { readonly array: Pick<ArenaArray['array'], 'type' | 'size'> }[]
  }
  /** Bytes of gradients and optimizer state that are never written, because no text has the token (sparse-rows.ts). */
  readonly untouched: number
  /** Bytes of the host in which a micro-batch writes what it adds to the rows of such tables. */
  readonly rowBytes: number
  readonly training: Pick<TrainingGraph, 'graph' | 'masks'>
  readonly evaluation: Graph
  /** The frozen prefix, from token ids; null where there is none or its cache is on disk already. */
  readonly frozen: Graph | null
  readonly sizes: {
    /** Of the largest micro-batch. */
    readonly training: Sizes
    /** Of other micro-batches, in the order in which they come. */
    readonly others: readonly Sizes[]
    /** Of an evaluation's largest batch. */
    readonly evaluation: Sizes
    readonly frozen: Sizes
  }
  /** Micro-batches to an optimizer step. */
  readonly accumulation: number
  /** Bytes of a micro-batch's inputs on the host, dropout masks left out. */
  readonly batchBytes: number
  readonly judged: JudgedMemory | null
}

/** What decides how much memory baselines take. */
interface JudgedSize {
  /** Sequences of all splits, and their tokens. */
  readonly sequences: number
  readonly tokens: number
  /** Of the base model's vectors. */
  readonly width: number
}

/** What the baselines look at; null where there are none. */
export interface JudgedMemory extends JudgedSize {
  /** What computes those vectors; null where they are on disk already. */
  readonly features: Graph | null
}

/** A run's memory in bytes, by what it is for, at the moment when it takes the most. */
export interface MemoryPlan {
  readonly total: number
  /** Of the judging at the end alone, which a rehearsal does not see. */
  readonly judgingTotal: number
  /** As `held` above. */
  readonly process: number
  /** Weights, gradients and optimizer state of what is trained. */
  readonly trained: number
  /** Graphs as the library keeps them, with frozen weights in 8 bits where they compute with those. */
  readonly programs: number
  /** The pool of intermediate values. */
  readonly values: number
  /** What of it other batches than the largest add, whose tensors are of other shapes; a rehearsal does not see it. */
  readonly otherShapes: number
  /** Batches and dropout masks on the host. */
  readonly batches: number
  /** Numbers behind the baselines. */
  readonly judging: number
  /** What of it lies beside the training; a rehearsal does not see it. */
  readonly beside: number
}

/** What the library keeps of a node of a loaded graph, in bytes: 5 MB for graphs of 575 to 821 nodes (measured). */
const nodeBytes = 8000

/** V8 collects buffers that nothing uses once this many bytes of them have come together (`kExternalAllocationSoftLimit`). */
const uncollected = 64 * 2 ** 20

/**
 * Memory of a word for the keyword baseline: two terms of 8 bytes in two lists of documents, 20 in the growing lists of indices and counts,
 * 12 in the matrix and 12 in its transpose, and half an entry of 40 in each of two maps.
 */
const wordBytes = 2 * (8 + 8 + 20 + 12 + 12) + 40

/** Code and text of intervals and report, in bytes: what a run of 180 short rows takes more at its end than in training (measured). */
const reportBytes = 13e6

/** An element of a feature: float32 as read, float64 standardised and once more by column. */
const featureBytes = 4 + 8 + 8

/** Baselines that take no more than this, in bytes, are fitted beside what the library computes instead of after it. */
const besideBytes = 32e6

/** The size of the baselines of these parts. */
export function judgedSize(parts: readonly { readonly lengths: Int32Array }[], width: number): JudgedSize {
  const sum = (of: (lengths: Int32Array) => number): number => parts.reduce((total, { lengths }) => total + of(lengths), 0)
  return { sequences: sum(({ length }) => length), tokens: sum((lengths) => lengths.reduce((a, b) => a + b, 0)), width }
}

/** Whether the baselines of a table are fitted while other things are computed. */
export const areFittedBeside = (size: JudgedSize): boolean => judgingBytes(size) <= besideBytes

/**
 * The peak of a run's memory, from its stages: the frozen prefix, training with its evaluations, the best weights' logits and the base model's vectors, and
 * baselines with the report. Each has a pool of its own (it is given back between them).
 */
export function planMemory(input: RunMemoryInput): MemoryPlan {
  const { held, arena, training, evaluation, frozen, judged } = input
  const programs =
    int8Bytes(training.graph) + nodeBytes * (training.graph.nodes.length + evaluation.nodes.length + (frozen?.nodes.length ?? 0))
  const state = arena.state.reduce((sum, { array }) => sum + elementTypes[array.type].bytes * array.size, 0)
  const trained = 8 * arena.size + state - input.untouched + input.rowBytes
  const always = { process: held, trained, programs }
  const isBeside = judged !== null && areFittedBeside(judged)
  const beside = { keywords: isBeside ? judged.tokens * wordBytes : 0, all: isBeside ? judgingBytes(judged) : 0 }
  const stages = [
    { values: frozenValues(input), otherShapes: 0, batches: 0, judging: beside.keywords },
    { ...trainingValues(input), batches: batchBytes(input), judging: beside.keywords },
    { values: judgingValues(input), otherShapes: 0, batches: readBack(input), judging: beside.all },
    { values: 0, otherShapes: 0, batches: 0, judging: reportBytes + (judged ? judgingBytes(judged) : 0) }
  ].map((stage) => ({ ...always, ...stage, total: held + trained + programs + stage.values + stage.batches + stage.judging }))
  const highest = stages.reduce((a, b) => (b.total > a.total ? b : a))
  return { ...highest, beside: beside.keywords, judgingTotal: Math.max(...stages.slice(2).map(({ total }) => total)) }
}

const int8Bytes = (graph: Graph): number =>
  leavesOf(graph).reduce(
    (sum, { source, dtype, shape }) =>
      source.kind === 'state' && dtype === 'int8' ? sum + bindShape(shape, {}).reduce((product, size) => product * size, 1) : sum,
    0
  )

/** Pool of the largest micro-batch, then of others in what that left; or an evaluation's, which has the pool to itself. */
function trainingValues({ training, evaluation, sizes }: RunMemoryInput): Pick<MemoryPlan, 'values' | 'otherShapes'> {
  const step = new GraphMemory(training.graph)
  const pool = new PoolModel()
  step.playIn(pool, sizes.training)
  const rehearsed = Math.max(pool.bytes, alone(evaluation, sizes.evaluation))
  for (const other of sizes.others) step.playIn(pool, other)
  const values = Math.max(pool.bytes, rehearsed)
  return { values, otherShapes: values - rehearsed }
}

const frozenValues = ({ frozen, sizes }: RunMemoryInput): number => (frozen ? alone(frozen, sizes.frozen) : 0)

function judgingValues({ evaluation, sizes, judged }: RunMemoryInput): number {
  const features = judged?.features ? alone(judged.features, sizes.frozen) : 0
  return Math.max(alone(evaluation, sizes.evaluation), features)
}

function alone(graph: Graph, sizes: Sizes): number {
  const pool = new PoolModel()
  new GraphMemory(graph).playIn(pool, sizes)
  return pool.bytes
}

/** One window of micro-batches that runs and one that is made meanwhile; masks are used again, other inputs wait for the collector. */
function batchBytes({ training, sizes, accumulation, batchBytes: inputs }: RunMemoryInput): number {
  const bytes = maskBytes(training.masks, sizes.training)
  return (
    (accumulation + 1) * bytes +
    drawingBytes(bytes, countOperations(training.graph)(sizes.training)) +
    2 * accumulation * inputs +
    Math.min(uncollected, 8 * accumulation * inputs)
  )
}

/** The best weights are read back tensor by tensor: bytes of the largest, as read and as float32. */
function readBack({ arena }: RunMemoryInput): number {
  return 8 * arena.slots.reduce((most, { parameter }) => Math.max(most, parameter.size), 0)
}

const judgingBytes = ({ sequences, width, tokens }: JudgedSize): number => sequences * width * featureBytes + tokens * wordBytes
