import { defined } from '../../base/assert.ts'
import { leavesOf } from '../graph/leaves.ts'
import { blockProducts, withTokenBlocks } from '../graph/passes/block-products.ts'
import { joinReshapes } from '../graph/passes/join-reshapes.ts'
import { lowerCpu } from '../graph/passes/lower-cpu.ts'
import { lowerCuda } from '../graph/passes/lower-cuda.ts'
import { lowerDirectml } from '../graph/passes/lower-directml.ts'
import { lowerWebgpu } from '../graph/passes/lower-webgpu.ts'
import { bindShape } from '../graph/shapes.ts'
import { writeModel, type ExternalLocation } from '../graph/onnx/write-model.ts'
import type { Graph, Value } from '../graph/types.ts'
import type { HostTensor, Program, Runtime, StateTensor, StoredConstant } from '../runtime/port.ts'
import { GraphMemory } from './memory.ts'
import { inPrecision, weightsOf } from './precision.ts'

/** Where a graph's frozen weights lie. */
export interface WeightSource {
  readonly folder: string
  readonly locate: (tensor: string) => ExternalLocation
}

/** A batch as the graphs see it: the numbers behind the named dims, and tensors by input name. */
export interface Batch {
  readonly sizes: Readonly<Record<string, number>>
  readonly inputs: Readonly<Record<string, HostTensor>>
}

/** A graph loaded into the runtime, which knows what it must be fed. */
export interface LoadedGraph {
  readonly program: Program
  /** All inputs of one run: the batch's tensors, shape vectors and state. `extra` adds to or replaces the batch's. */
  readonly feed: (batch: Batch, extra?: Readonly<Record<string, HostTensor>>) => Record<string, HostTensor | StateTensor>
  /** Bytes of intermediate values that a run on this batch holds at once. */
  readonly need: (batch: Batch) => number
  /** State that an output is written into, in the shape in which the program makes it. */
  readonly target: (output: string, state: StateTensor) => StateTensor
}

export interface LoadOptions {
  readonly name: string
  readonly weights: WeightSource | null
  /** The state behind a slot. */
  readonly state: (slot: string) => StateTensor
  readonly profile?: string
  /** Whether frozen weights are repacked for the matrix product: a second copy in memory, a faster step. */
  readonly prepack?: boolean
  /** Whether products stay in float32 whatever precision the run asks for: of what is kept for other runs. Default false. */
  readonly isExact?: boolean
  /** Whether the graph goes over state and nothing else (runtime/port.ts). Default false. */
  readonly isOfState?: boolean
}

const noWeights = (tensor: string): never => {
  throw new Error(`the graph has a frozen weight ${tensor}, but no folder of weights was given`)
}

/** Serializes a graph, as the runtime's provider can compute it, and opens it there. */
export async function loadGraph(
  runtime: Runtime,
  asBuilt: Graph,
  { name, weights, state, profile, prepack, isExact = false, isOfState = false }: LoadOptions
): Promise<LoadedGraph> {
  const graph = loadedForm(runtime, isExact ? asBuilt : inPrecision(asBuilt, runtime.precision))
  const { locate, initializers } = weights ? await weightsOf(graph, weights) : { locate: noWeights, initializers: {} }
  const model = writeModel(graph, locate)
  const program = await runtime.load({
    name,
    model,
    ...(weights ? { folder: weights.folder, constants: constantsOf(graph, weights) } : {}),
    ...(Object.keys(initializers).length > 0 ? { initializers } : {}),
    ...(isOfState ? { isOfState } : {}),
    ...(profile === undefined ? {} : { profile }),
    ...(prepack === undefined ? {} : { prepack })
  })
  const leaves = leavesOf(graph)
  const memory = new GraphMemory(graph)
  const fixed: Record<string, StateTensor> = {}
  for (const leaf of leaves) if (leaf.source.kind === 'state') fixed[leaf.name] = state(leaf.source.slot)
  return {
    program,
    need: ({ sizes }) => memory.need(loadedSizes(runtime, sizes)),
    target: (output, state) => state.view(0, bindShape(defined(graph.outputs.get(output), output).shape, {})),
    feed(batch, extra = {}) {
      const inputs: Record<string, HostTensor | StateTensor> = { ...fixed }
      const sizes = loadedSizes(runtime, batch.sizes)
      for (const leaf of leaves) {
        if (leaf.source.kind === 'shape') inputs[leaf.name] = shapeTensor(leaf.source.dims, sizes)
        if (leaf.source.kind === 'input') inputs[leaf.name] = inputOf(name, leaf, batch, extra)
      }
      return inputs
    }
  }
}

/** A graph of the run's precision as the runtime computes it: the names of its nodes are those of a profile. */
export function loadedForm({ provider, threads }: Pick<Runtime, 'provider' | 'threads'>, graph: Graph): Graph {
  const computable = lowered(graph, provider)
  return provider === 'cpu' ? joinReshapes(blockProducts(computable, threads)) : computable
}

/** The numbers behind the named dims of a graph's loaded form. */
export const loadedSizes = (
  { provider, threads }: Pick<Runtime, 'provider' | 'threads'>,
  sizes: Batch['sizes']
): Batch['sizes'] => (provider === 'cpu' ? withTokenBlocks(sizes, threads) : sizes)

/** The graph as a provider can compute it. */
export function lowered(graph: Graph, provider: Runtime['provider']): Graph {
  if (provider === 'cpu') return lowerCpu(graph)
  if (provider === 'cuda') return lowerCuda(graph)
  if (provider === 'directml') return lowerDirectml(graph)
  return lowerWebgpu(graph)
}

/** The frozen weights that lie in files as they are. */
function constantsOf(graph: Graph, weights: WeightSource): StoredConstant[] {
  return leavesOf(graph).flatMap(({ name, dtype, shape, source }) =>
    source.kind === 'weight' && dtype === 'float32'
      ? [{ name, type: dtype, shape: bindShape(shape, {}), ...weights.locate(source.tensor) }]
      : []
  )
}

function inputOf(graph: string, leaf: Value, batch: Batch, extra: Readonly<Record<string, HostTensor>>): HostTensor {
  const tensor = extra[leaf.name] ?? batch.inputs[leaf.name]
  if (!tensor) throw new Error(`the batch lacks ${leaf.name}, which the graph "${graph}" needs`)
  return tensor
}

function shapeTensor(dims: readonly (number | string)[], sizes: Readonly<Record<string, number>>): HostTensor {
  return { type: 'int64', shape: [dims.length], data: BigInt64Array.from(bindShape(dims, sizes), (size) => BigInt(size)) }
}

/** A float32 scalar. */
export const scalarTensor = (value: number): HostTensor => ({ type: 'float32', shape: [], data: Float32Array.of(value) })
