import { defined } from '../../base/assert.ts'
import { DynamicQuantizeLinear, MatMulIntegerToFloat } from '../../engine/graph/int8-ops.ts'
import type { Ops } from '../../engine/graph/operations.ts'
import { rebuildGraph } from '../../engine/graph/passes/rebuild.ts'
import type { Node, Value } from '../../engine/graph/types.ts'
import type { TensorSource } from '../../engine/weights/elements.ts'
import { tensorsOf, type InferenceModel } from './inference-model.ts'
import { DequantizeBytes, GatherBlockQuantized, MatMulNBits, QuantizeLinear } from './quantized-ops.ts'
import { byteColumns, byteRows, NIBBLE_BLOCK, nibbleBlocks, ROW_BLOCK, type QuantizedTensor } from './quantized-tensors.ts'

/** Smallest and largest number that a value took. */
export type Range = readonly [smallest: number, largest: number]

/** How the matrix products of a model are quantised. */
export type Scheme =
  /** Weights in int8; what they multiply is brought to uint8 as it comes. */
  | { readonly kind: 'dynamic' }
  /** The same, with ranges that were measured before, by the value's name. */
  | { readonly kind: 'static'; readonly ranges: ReadonlyMap<string, Range> }
  /** Weights in 4 bits; sums in float32. */
  | { readonly kind: 'nibbles' }

/** Tables with fewer rows stay as they are: kinds of tokens. */
const FEWEST_ROWS = 16

/**
 * Quantises the products of hidden states with matrices, and the tables that rows are picked from. Norms, softmax, biases, the pooled layer and the head
 * stay in float32: they are few bytes, and an error in them goes straight into the answer.
 */
export function quantizeModel(model: InferenceModel, scheme: Scheme): InferenceModel {
  const stored = new Map(model.tensors)
  const once = new Map<string, QuantizedTensor>()
  const store = (name: string, make: (tensor: TensorSource) => QuantizedTensor): QuantizedTensor => {
    const made = once.get(name) ?? make(defined(model.tensors.get(name), `the tensor ${name}`))
    once.set(name, made)
    for (const tensor of [made.values, made.scales]) stored.set(tensor.name, tensor)
    return made
  }
  const product = products(scheme, store)
  const graph = rebuildGraph(model.graph, ({ type }) => {
    if (type === 'MatMul') return (g, node, inputs) => [isQuantised(node) ? product(g, node, inputs) : asItWas(g, node, inputs)]
    if (type === 'Gather') return (g, node, inputs) => [isTable(node) ? pick(g, node, inputs, store) : asItWas(g, node, inputs)]
    return undefined
  })
  return { ...model, graph, tensors: tensorsOf(graph, stored) }
}

/** The model with two more outputs for each value that a static scheme needs the range of; their names are those of `rangeOutputs`. */
export function observedModel(model: InferenceModel): InferenceModel {
  const seen = new Set<string>()
  const graph = rebuildGraph(model.graph, ({ type }) => {
    if (type !== 'MatMul') return undefined
    return (g, node, inputs) => {
      const [old] = node.inputs
      const [x] = inputs
      if (old && x && isQuantised(node) && !seen.has(old.name)) {
        seen.add(old.name)
        const axes = x.shape.map((_, axis) => axis)
        const [smallest, largest] = rangeOutputs(old.name)
        g.output(largest, g.reduceMax(x, axes))
        g.output(smallest, g.neg(g.reduceMax(g.neg(x), axes)))
      }
      return [asItWas(g, node, inputs)]
    }
  })
  return { ...model, graph }
}

/** Names of the outputs that hold a value's range. */
export const rangeOutputs = (value: string): readonly [smallest: string, largest: string] => [
  `smallest/${value}`,
  `largest/${value}`
]

/** Names of the values whose range a static scheme needs. */
export function observedValues({ graph }: InferenceModel): readonly string[] {
  const names = graph.nodes.filter(isQuantised).flatMap(({ inputs: [x] }) => (x ? [x.name] : []))
  return [...new Set(names)]
}

/** A product of hidden states [batch, time, width] with a stored matrix. */
function isQuantised({ op, inputs: [x, weight] }: Node): boolean {
  return op.type === 'MatMul' && x?.shape.length === 3 && x.source.kind !== 'weight' && isMatrix(weight)
}

const isMatrix = (value: Value | null | undefined): boolean =>
  value?.source.kind === 'weight' && value.shape.length === 2 && value.dtype === 'float32'

const isTable = ({ inputs: [table], attributes }: Node): boolean =>
  isMatrix(table) && attributes['axis'] === 0 && Number(table?.shape[0]) >= FEWEST_ROWS

const asItWas = (g: Ops, { op, attributes }: Node, inputs: readonly (Value | null)[]): Value => g.one(op, inputs, attributes)

type Store = (name: string, make: (tensor: TensorSource) => QuantizedTensor) => QuantizedTensor
type Product = (g: Ops, node: Node, inputs: readonly (Value | null)[]) => Value

const weightOf = (g: Ops, { name, dtype, shape }: TensorSource): Value =>
  g.weight(name, dtype === 'I8' ? 'int8' : dtype === 'U8' ? 'uint8' : 'float32', shape)

function tensorName(value: Value | null | undefined): string {
  if (value?.source.kind !== 'weight') throw new Error('a quantised operand is a stored tensor')
  return value.source.tensor
}

function products(scheme: Scheme, store: Store): Product {
  const quantised = new Map<Value, readonly Value[]>()
  return (g, node, inputs) => {
    const x = defined(inputs[0], 'what is multiplied')
    const { values, scales } = store(tensorName(node.inputs[1]), scheme.kind === 'nibbles' ? nibbleBlocks : byteColumns)
    const [W, scale] = [weightOf(g, values), weightOf(g, scales)]
    if (scheme.kind === 'nibbles') return g.one(MatMulNBits, [x, W, scale], nBits(x, W))
    const known = quantised.get(x) ?? inBytes(g, x, defined(node.inputs[0], 'what is multiplied').name, scheme)
    // Query, key and value multiply the same states: these are quantised once.
    quantised.set(x, known)
    const [bytes, step, zero] = known
    if (scheme.kind === 'dynamic') return g.one(MatMulIntegerToFloat, [bytes ?? x, W, step ?? scale, scale, zero ?? null], {})
    return g.matMul(bytes ?? x, g.one(DequantizeBytes, [W, scale, null], { axis: 1 }))
  }
}

/** x in uint8 with scale and zero point, or for a static scheme quantised and brought back, which ONNX Runtime fuses into the product. */
function inBytes(g: Ops, x: Value, name: string, scheme: Exclude<Scheme, { kind: 'nibbles' }>): readonly Value[] {
  if (scheme.kind === 'dynamic') return g.apply(DynamicQuantizeLinear, [x], {})
  const { scale, zero } = stepOf(defined(scheme.ranges.get(name), `the range of ${name}`))
  const parameters = [g.constant([scale], [], 'float32'), g.constant([zero], [], 'uint8')]
  return [g.one(DequantizeBytes, [g.one(QuantizeLinear, [x, ...parameters], {}), ...parameters], {})]
}

/** scale and zero point in uint8 of a range that is stretched to hold zero. */
export function stepOf([smallest, largest]: Range): { readonly scale: number; readonly zero: number } {
  const [low, high] = [Math.min(0, smallest), Math.max(0, largest)]
  const scale = high > low ? Math.fround((high - low) / 255) : 1
  return { scale, zero: Math.min(255, Math.max(0, Math.round(-low / scale))) }
}

/** Sums in float32: with int8 sums (level 4) a product of a few rows is slower on the processors we measured, and less exact. */
const ACCURACY_LEVEL = 1

const nBits = (x: Value, W: Value) => ({
  ...{ K: Number(x.shape.at(-1)), N: Number(W.shape[0]), bits: 4, block_size: NIBBLE_BLOCK, accuracy_level: ACCURACY_LEVEL }
})

function pick(g: Ops, { inputs: [table] }: Node, inputs: readonly (Value | null)[], store: Store): Value {
  const { values, scales } = store(tensorName(table), byteRows)
  const indices = defined(inputs[1], 'which rows')
  const attributes = { bits: 8, block_size: ROW_BLOCK, gather_axis: 0, quantize_axis: 1 }
  return g.one(GatherBlockQuantized, [weightOf(g, values), indices, weightOf(g, scales)], attributes)
}
