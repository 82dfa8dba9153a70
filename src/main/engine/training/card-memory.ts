import { countOperations } from '../graph/passes/count-operations.ts'
import { lowerCuda } from '../graph/passes/lower-cuda.ts'
import { leavesOf } from '../graph/leaves.ts'
import { bindShape } from '../graph/shapes.ts'
import type { Graph } from '../graph/types.ts'
import { stateBytes, type OptimizerId } from '../optimizers/state.ts'
import { buildUpdateGraph, partSlot } from '../optimizers/update-graphs.ts'
import type { Precision } from '../runtime/port.ts'
import { drawMasks } from './device-masks.ts'
import type { TrainingGraph } from './graphs.ts'
import { GraphMemory, type Sizes } from './memory.ts'
import type { ParameterGroup } from './parameter-groups.ts'
import { PoolModel } from './pool-model.ts'
import { inPrecision } from './precision.ts'
import { sweepingOf } from './sweeping.ts'

/** What decides how much of an NVIDIA card's memory a run takes. */
export interface CardRun {
  readonly training: Pick<TrainingGraph, 'graph' | 'masks'>
  /** Left out where nothing is evaluated. */
  readonly evaluation: Graph | null
  readonly sizes: { readonly training: Sizes; readonly evaluation: Sizes }
  readonly arena: { readonly size: number; readonly groups: readonly ParameterGroup[] }
  readonly optimizer: OptimizerId
  readonly precision: Precision
}

/** Bytes of a card's memory, by what they are for. */
export interface CardMemory {
  readonly total: number
  /** What is taken before anything is loaded: CUDA's context with its kernels, and Attune's own small programs. */
  readonly opened: number
  /** What cuBLAS keeps for the run's own sessions, and kernels that are loaded when they are first used. */
  readonly sessions: number
  /** Frozen weights, once for all sessions. */
  readonly frozen: number
  /** Weights that learn, their gradients and the optimizer's state. */
  readonly trained: number
  /** Pools of intermediate values: of training, the evaluation and the optimizer, which each have one of their own. */
  readonly values: number
}

const MiB = 2 ** 20

/**
 * Measured on one NVIDIA H200 (bench/README.md, "On a graphics card"): 695 MiB with a runtime open, of which eight sessions; 9.5 for each more; and what
 * the sixth step of a LoRA run had taken besides weights, pool and these. Other cards and drivers differ.
 */
const measured = { context: 619 * MiB, ownSessions: 8, runSessions: 16, workspace: 9.5 * MiB, kernels: 130 * MiB }

/** Memory of a card comes in such pieces, once more than half of one is asked for at a time. */
const page = 2 * MiB

/**
 * Memory that a run will take on an NVIDIA card: worked out, never measured there. `workspace`: bytes that cuBLAS keeps for a session.
 * Against an H200's figures it is within 20 % (test/unit/main/engine/training/card-memory.test.ts).
 */
export function planCardMemory(run: CardRun, workspace = measured.workspace): CardMemory {
  const { evaluation, sizes, arena, optimizer, precision } = run
  const training = onCard(trainingGraph(run), precision)
  const looking = evaluation && onCard(evaluation, precision)
  const opened = measured.context + measured.ownSessions * workspace
  const sessions = measured.kernels + (measured.runSessions + (looking ? 1 : 0)) * workspace
  const frozen = frozenBytes(training) + (looking && precision !== 'float32' ? narrowBytes(looking) : 0)
  const trained = 8 * arena.size + stateBytes(optimizer, arena.size)
  const values =
    poolOf(training, sizes.training) + (looking ? poolOf(looking, sizes.evaluation) : 0) + updatePool(arena.groups, optimizer)
  return { total: opened + sessions + frozen + trained + values, opened, sessions, frozen, trained, values }
}

/** What one step computes there: operations in products of matrices, and kernels that are started one after another. */
export function cardWork(run: CardRun): { readonly operations: number; readonly kernels: number } {
  const graph = trainingGraph(run)
  return {
    operations: countOperations(run.training.graph)(run.sizes.training),
    kernels: onCard(graph, run.precision).nodes.length
  }
}

/** The training graph with the masks that the card draws. */
const trainingGraph = ({ training }: CardRun): Graph => (training.masks.length > 0 ? drawMasks(training).graph : training.graph)

const onCard = (graph: Graph, precision: Precision): Graph => lowerCuda(inPrecision(graph, precision))

const elements = (shape: Graph['nodes'][number]['outputs'][number]['shape']): number =>
  bindShape(shape, {}).reduce((product, size) => product * size, 1)

const widths: Readonly<Partial<Record<string, number>>> = { float32: 4, float16: 2, bfloat16: 2 }

/** Every frozen tensor is a piece of its own. */
const frozenBytes = (graph: Graph): number =>
  leavesOf(graph).reduce((sum, { source, dtype, shape }) => {
    if (source.kind !== 'weight') return sum
    const bytes = (widths[dtype] ?? 0) * elements(shape)
    return sum + (bytes > page / 2 ? Math.ceil(bytes / page) * page : bytes)
  }, 0)

/** Weights that are converted to 16 bits are each session's own. */
const narrowBytes = (graph: Graph): number =>
  leavesOf(graph).reduce(
    (sum, { source, dtype, shape }) => (source.kind === 'weight' && dtype !== 'float32' ? sum + 2 * elements(shape) : sum),
    0
  )

function poolOf(graph: Graph, sizes: Sizes): number {
  const pool = new PoolModel()
  new GraphMemory(graph).playIn(pool, sizes)
  return pool.bytes
}

/** The largest run of the optimizer's program over the parameters that learn. */
function updatePool(groups: readonly ParameterGroup[], optimizer: OptimizerId): number {
  const { updates } = sweepingOf({ provider: 'cuda', threads: 1 })
  return groups.flatMap(updates).reduce((most, run) => {
    const sizes = Object.fromEntries(run.map(({ size }, part) => [partSlot('n', part), size]))
    return Math.max(most, poolOf(buildUpdateGraph(optimizer, run.length), sizes))
  }, 0)
}
