import { defined } from '../../base/assert.ts'
import { backward, reachedFrom } from '../autodiff/backward.ts'
import type { Block } from '../autodiff/recomputation.ts'
import type { Ops } from '../graph/operations.ts'
import { eliminateDead } from '../graph/passes/eliminate-dead.ts'
import { pickEarly } from '../graph/passes/pick-early.ts'
import { orderForBackward } from '../graph/passes/runtime-order.ts'
import type { Graph, Node, Shape, Value } from '../graph/types.ts'
import { verifyGraph, verifyInPlace } from '../graph/verify.ts'
import { answerLoss } from '../tasks/answer-loss.ts'
import { crfLoss, crfTensors } from '../tasks/crf.ts'
import { lossFeeds, weightedLoss, type LossOptions } from '../tasks/losses.ts'
import { buildForward, type Forward, type ForwardOptions } from './forward.ts'
import type { ModelDefinition, ParameterSelection } from './model-definition.ts'

export interface TrainingGraphOptions {
  readonly loss: LossOptions
  /** Boundary that comes from the frozen prefix's cache. */
  readonly from?: string
  /** Adds each gradient to the state slot `sum/<name>` instead of only giving it out: the later micro-batches of a step. */
  readonly accumulate: boolean
  /** The parameters to train; all by default. Others are read as they are (gradual unfreezing). */
  readonly wanted?: ReadonlySet<string>
  /** Whether rows hold several texts (packing.ts). */
  readonly packed?: boolean
  /** loss `crf`: a power of two that no sequence of words is longer than. */
  readonly crfSteps?: number
  /** Layers whose values are made again in the backward pass instead of being kept, the lowest first; default none (`TrainingGraph.recomputable`). */
  readonly recomputed?: number
}

export interface TrainingGraph {
  readonly graph: Graph
  /** Dropout masks the host makes, by input name. */
  readonly masks: readonly { readonly name: string; readonly shape: Shape; readonly probability: number }[]
  /** Layers whose values could be made again. */
  readonly recomputable: number
}

export const gradientOutput = (parameter: string): string => `grad/${parameter}`
const sumPrefix = 'sum/'
export const sumSlot = (parameter: string): string => `${sumPrefix}${parameter}`
/** The parameter whose gradient a slot adds up; null for the slot of a weight. */
export const summedIn = (slot: string): string | null => (slot.startsWith(sumPrefix) ? slot.slice(sumPrefix.length) : null)

/**
 * Forward, loss and backward of one micro-batch. Outputs: `loss` (the weighted sum, unscaled) and `grad/<name>` for every parameter, scaled by
 * the host's 1/Σweight.
 */
export function buildTrainingGraph(
  definition: ModelDefinition,
  selection: ParameterSelection,
  options: TrainingGraphOptions
): TrainingGraph {
  const { g, result, layers, trained } = narrowForward(definition, selection, {
    training: true,
    packed: options.packed ?? false,
    ...fromOption(options.from)
  })
  const sum = g.within('loss', () => lossOf(g, result, trained, options))
  const scale = g.input(lossFeeds.scale, 'float32', [])
  const scaled = g.within('loss', () => g.mul(sum, scale))
  const wanted = [...trained].filter(([name]) => options.wanted?.has(name) ?? true)
  const leaves = wanted.map(([, value]) => value)
  const recomputable = keepingLayers(g, layers, leaves)
  g.keepsDropped = isMostlyFrozen(g.nodes, leaves)
  const gradients = backward(g, scaled, leaves, recomputable.slice(0, options.recomputed ?? 0))
  g.output('loss', sum)
  for (const [name, value] of wanted) {
    const gradient = gradients.get(value)
    if (!gradient) throw new Error(`no gradient for ${name}`)
    g.output(
      gradientOutput(name),
      g.within('grad', () => collected(g, sumSlot(name), gradient, options.accumulate))
    )
  }
  const graph = orderForBackward(eliminateDead(g.build()), scale)
  verifyGraph(graph)
  for (const name of summedBy(graph)) verifyInPlace(graph, sumSlot(name), gradientOutput(name))
  const used = new Set(graph.nodes.flatMap((node) => node.inputs.map((input) => input?.name)))
  const masks = g.masks
    .filter(({ value }) => used.has(value.name))
    .map(({ value, probability }) => ({ name: value.name, shape: value.shape, probability }))
  return { graph, masks, recomputable: recomputable.length }
}

/**
 * Whether four fifths of a model's numbers and more are frozen: then nothing of their size is held for gradients and optimizer, and there is room to keep what a full
 * run makes again.
 */
function isMostlyFrozen(nodes: readonly Node[], trained: readonly Value[]): boolean {
  const inputs = new Set(nodes.flatMap((node) => node.inputs))
  const frozen = [...inputs].filter((value) => value?.source.kind === 'weight')
  const sizeOf = (values: readonly (Value | null)[]): number =>
    values.reduce((sum, value) => sum + (value?.shape ?? []).reduce<number>((size, dim) => size * Number(dim), 1), 0)
  return 4 * sizeOf(trained) <= sizeOf(frozen)
}

/** The layers that keep values for the backward pass. */
function keepingLayers(g: Ops, layers: readonly Block[], wanted: readonly Value[]): readonly Block[] {
  const reached = reachedFrom(g.nodes, wanted, g.detached)
  return layers.filter(({ nodes }) => [...nodes].some(({ outputs }) => outputs.some((value) => reached.has(value))))
}

function lossOf(g: Ops, logits: Value, trained: ReadonlyMap<string, Value>, { loss, crfSteps = 1 }: TrainingGraphOptions): Value {
  if (loss.kind === 'answer') return answerLoss(g, logits)
  if (loss.kind !== 'crf') return weightedLoss(g, logits, loss)
  const { transitions, start, end } = crfTensors
  const tensor = (name: string): Value => defined(trained.get(name), name)
  return crfLoss(g, logits, { transitions: tensor(transitions), start: tensor(start), end: tensor(end) }, crfSteps)
}

/**
 * What goes to a gradient's slot: the gradient, added to what the slot holds where micro-batches add up. An embedding's gradient is always added
 * to the slot, row by row, instead of to a table of zeros that would be copied there: the slot is cleared beforehand (`summedBy`).
 */
function collected(g: Ops, slot: string, gradient: Value, accumulate: boolean): Value {
  const { source } = gradient
  if (source.kind === 'node' && source.node.op.type === 'ScatterElements') {
    const [zeros, indices, updates] = source.node.inputs
    const isOnZeros = zeros?.source.kind === 'node' && zeros.source.node.op.type === 'ConstantOfShape'
    if (isOnZeros && indices && updates) return g.scatterAdd(g.state(slot, 'float32', gradient.shape), indices, updates, 0)
  }
  return accumulate ? g.add(g.state(slot, 'float32', gradient.shape), gradient) : gradient
}

/** The parameters whose gradients a training graph adds to their slots. */
export const summedBy = ({ nodes }: Graph): readonly string[] => {
  const inputs = nodes.flatMap((node) => node.inputs)
  const slots = inputs.flatMap((input) => (input?.source.kind === 'state' ? [input.source.slot] : []))
  return [...new Set(slots)].flatMap((slot) => summedIn(slot) ?? [])
}

/** Forward alone, without dropout: output `logits`; for masked-lm also `loss`, the weighted sum. */
export function buildEvaluationGraph(
  definition: ModelDefinition,
  selection: ParameterSelection,
  options: { readonly loss: LossOptions; readonly from?: string }
): Graph {
  const { g, result } = narrowForward(definition, selection, { training: false, ...fromOption(options.from) })
  if (definition.head === 'masked-lm')
    g.output(
      'loss',
      g.within('loss', () => weightedLoss(g, result, options.loss))
    )
  else g.output('logits', result)
  return finish(g.build())
}

/** The frozen prefix: token ids to the hidden states at a boundary, output `prefix`. */
export function buildPrefixGraph(definition: ModelDefinition, selection: ParameterSelection, until: string): Graph {
  const { g, result } = narrowForward(definition, selection, { training: false, until })
  g.output('prefix', result)
  return finish(g.build())
}

/** The model's forward pass, with the rows that the head does not read left out as early as possible. */
function narrowForward(definition: ModelDefinition, selection: ParameterSelection, options: ForwardOptions): Forward {
  const forward = buildForward(definition, selection, options)
  return { ...forward, result: pickEarly(forward.g, forward.result) }
}

function finish(graph: Graph): Graph {
  const alive = eliminateDead(graph)
  verifyGraph(alive)
  return alive
}

const fromOption = (from: string | undefined): Pick<ForwardOptions, 'from'> => (from === undefined ? {} : { from })
