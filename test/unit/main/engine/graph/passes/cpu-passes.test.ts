import { expect, it } from 'vitest'
import { geluOnce } from '../../../../../../src/main/engine/graph/passes/gelu-once.ts'
import { joinAdapters } from '../../../../../../src/main/engine/graph/passes/join-adapters.ts'
import { lowerCpu } from '../../../../../../src/main/engine/graph/passes/lower-cpu.ts'
import { maskProducts } from '../../../../../../src/main/engine/graph/passes/mask-products.ts'
import { normalisationGradients } from '../../../../../../src/main/engine/graph/passes/normalisation-gradient.ts'
import { skipPadding } from '../../../../../../src/main/engine/graph/passes/skip-padding.ts'
import { turnProducts } from '../../../../../../src/main/engine/graph/passes/turn-products.ts'
import type { Graph } from '../../../../../../src/main/engine/graph/types.ts'
import { evaluate } from '../../../../../helpers/interpreter/index.ts'
import { numbersFor } from '../../../../../helpers/leaf-numbers.ts'
import { tinyTraining } from '../../../../../helpers/tiny-bert.ts'

const sizes = { rows: 2, time: 3, tokens: 6 }

/** In double precision: what is left out or written otherwise differs by rounding alone. */
function expectSame(graph: Graph, other: Graph): void {
  const values = { ...numbersFor(graph, sizes), loss_scale: Float64Array.of(0.5) }
  const [expected, found] = [graph, other].map((each) => evaluate(each, { values, sizes }))
  expect(Object.keys(found ?? {})).toEqual(Object.keys(expected ?? {}))
  for (const [name, { data }] of Object.entries(expected ?? {}))
    data.forEach((value, i) => {
      const now = found?.[name]?.data[i] ?? NaN
      expect(Math.abs(now - value), `${name}[${i}]: ${now} should be ${value}`).toBeLessThanOrEqual(
        1e-11 * Math.max(1, Math.abs(value))
      )
    })
}

/** How many nodes of an op there are, by what they have as attributes or inputs. */
const count = ({ nodes }: Graph, type: string, isWanted: (inputs: number, attributes: object) => boolean = () => true): number =>
  nodes.filter(({ op, inputs, attributes }) => op.type === type && isWanted(inputs.length, attributes)).length

it.each(['full', 'lora', 'lora without dropout'] as const)(
  'what a processor computes is the same training step: %s',
  async (method) => {
    const { graph } = await tinyTraining(method)
    expectSame(graph, lowerCpu(graph))
    const again = await tinyTraining(method, 'bert-3-dropout', { accumulate: false, recomputed: 2 })
    expectSame(again.graph, lowerCpu(again.graph))
  }
)

it('dropout masks over tokens are laid over their numbers in one pass, those of attention stay', async () => {
  const { graph } = await tinyTraining('lora')
  const masked = maskProducts(graph)
  expectSame(graph, masked)
  const isOnePass = (_: number, attributes: object): boolean => 'block_size' in attributes
  // Two hidden states and two adapters of the first layer, forward; the second layer works on one token, and its adapters on all.
  expect(count(masked, 'DequantizeLinear', isOnePass)).toBeGreaterThanOrEqual(6)
  const attention = masked.nodes.filter(
    ({ op, inputs }) => op.type === 'Mul' && inputs.every((input) => input?.shape.length === 4)
  )
  expect(attention.length).toBeGreaterThan(0)
  expect(count(masked, 'DequantizeLinear')).toBeGreaterThan(count(masked, 'DequantizeLinear', isOnePass))
})

it('GELU shares its Φ with its slope where only attention learns, and keeps the library’s where a layer behind it does', async () => {
  const { graph } = await tinyTraining('lora')
  const once = geluOnce(graph)
  expectSame(graph, once)
  expect([count(graph, 'Gelu'), count(once, 'Gelu')]).toEqual([2, 0])
  expect(count(once, 'Erf')).toBe(count(graph, 'Erf'))
  const full = (await tinyTraining('full')).graph
  expect(geluOnce(full)).toBe(full)
})

it('adapters that read the same hidden states are one product, forward and backward', async () => {
  const { graph } = await tinyTraining('lora without dropout', 'bert-3-dropout', { accumulate: false })
  const joined = joinAdapters(graph)
  expectSame(graph, joined)
  const thin = (one: Graph): number =>
    one.nodes.filter(({ op, outputs: [y] }) => op.type === 'Gemm' && y?.shape.includes(4)).length
  expect(thin(joined)).toBeLessThan(thin(graph))
  const dropped = (await tinyTraining('full')).graph
  expect(joinAdapters(dropped)).toBe(dropped)
})

it('the gradient of a frozen normalisation is made without the normalised values; one that learns needs them', async () => {
  const { graph } = await tinyTraining('lora')
  const shorter = normalisationGradients(graph)
  expectSame(graph, shorter)
  const passes = ({ nodes }: Graph): number =>
    nodes.filter(
      ({ scope, outputs: [y] }) => scope.includes('LayerNorm') && scope.endsWith('/grad') && y?.shape.join() === 'tokens,16'
    ).length
  expect(passes(shorter)).toBeLessThan(passes(graph))
  const full = (await tinyTraining('full')).graph
  expect(normalisationGradients(full)).toBe(full)
})

it('gradients of keys and values are made without turning the probabilities', async () => {
  const { graph } = await tinyTraining('lora')
  const turned = turnProducts(graph)
  expectSame(graph, turned)
  const narrow = ({ nodes }: Graph): number =>
    nodes.filter(
      ({ op, inputs: [a, b], attributes: { transA } }) =>
        op.type === 'FusedMatMul' && transA === 1 && a?.shape[2] === 'time' && a.shape[3] === 'time' && b?.shape.length === 4
    ).length
  // Only the first layer's values are asked for by more than one token and lead to what learns.
  expect([narrow(graph), narrow(turned)]).toEqual([1, 0])
})

it('attention’s bias is left out where nothing is padded', async () => {
  const { graph } = await tinyTraining('lora')
  const skipping = skipPadding(graph)
  const told = skipping.nodes.filter(({ op }) => op.type === 'If')
  expect(told.map(({ outputs: [y] }) => y?.shape.join())).toEqual(['rows,2,time,time', expect.any(String)])
  expect(skipping.nodes.filter(({ op }) => op.type === 'Equal')).toHaveLength(1)
  for (const bias of [0, -1e4]) {
    const values = { ...numbersFor(graph, sizes), loss_scale: Float64Array.of(0.5) }
    const padded = { ...values, attention_bias: Float64Array.of(0, 0, bias, 0, 0, 0) }
    const [expected, found] = [graph, skipping].map((each) => evaluate(each, { values: padded, sizes }))
    expect(found).toEqual(expected)
  }
})
