import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { backward } from '../../../../../src/main/engine/autodiff/backward.ts'
import { Ops } from '../../../../../src/main/engine/graph/operations.ts'
import { frozenLinears, int8Forward } from '../../../../../src/main/engine/graph/passes/int8-forward.ts'
import type { Graph } from '../../../../../src/main/engine/graph/types.ts'
import { openRuntime } from '../../../../../src/main/engine/runtime/index.ts'
import type { HostTensor, Runtime } from '../../../../../src/main/engine/runtime/port.ts'
import { loadGraph } from '../../../../../src/main/engine/training/feeding.ts'
import { Int8Weights } from '../../../../../src/main/engine/training/int8-weights.ts'

const [tokens, width, out] = [6, 16, 10]
/** Numbers without a pattern, the same each time. */
const numbers = (count: number, phase: number): Float32Array<ArrayBuffer> =>
  Float32Array.from({ length: count }, (_, i) => Math.sin(i * i * 0.7 + phase))
const weight = numbers(width * out, 1)

/** Two frozen products of one input in a layer, one in a head, and a trained scale below them all. */
function graphOf(): Graph {
  const g = new Ops({ training: true })
  const scale = g.state('scale', 'float32', [width])
  const x = g.mul(g.input('x', 'float32', [tokens, width]), scale)
  const frozen = (name: string) => g.weight(name, 'float32', [out, width])
  const linear = (name: string) =>
    g.within(`bert.layer.0.${name}`, () => g.gemm(x, frozen('w'), { transB: true, c: g.state('b', 'float32', [out]) }))
  const y = g.add(linear('query'), linear('key'))
  const head = g.within('classifier', () => g.gemm(x, frozen('head'), { transB: true }))
  const loss = g.sumAll(g.mul(g.add(y, head), g.input('pick', 'float32', [tokens, out])))
  const gradient = backward(g, loss, [scale]).get(scale)
  if (!gradient) throw new Error('no gradient')
  g.output('y', y)
  g.output('gradient', gradient)
  return g.build()
}

let runtime: Runtime
let folder: string
beforeAll(async () => {
  runtime = await openRuntime({ threads: 1, kind: 'c-api' })
  folder = await mkdtemp(join(tmpdir(), 'attune-int8-'))
  await writeFile(join(folder, 'weights.bin'), new Uint8Array(weight.buffer))
})
afterAll(async () => {
  await runtime.dispose()
  await rm(folder, { recursive: true })
})

const host = (shape: readonly number[], data: Float32Array<ArrayBuffer>): HostTensor => ({ type: 'float32', shape, data })

async function outputsOf(graph: Graph, int8: Int8Weights | null): Promise<{ readonly y: number[]; readonly gradient: number[] }> {
  const own = { scale: runtime.allocate('float32', [width]), b: runtime.allocate('float32', [out]) }
  await own.scale.write(numbers(width, 2))
  await own.b.write(numbers(out, 3))
  const loaded = await loadGraph(runtime, graph, {
    name: 'int8',
    weights: { folder, locate: () => ({ location: 'weights.bin', offset: 0, length: weight.byteLength }) },
    state: (slot) => int8?.state(slot) ?? (slot === 'scale' ? own.scale : own.b)
  })
  const inputs = { x: host([tokens, width], numbers(tokens * width, 4)), pick: host([tokens, out], numbers(tokens * out, 5)) }
  const { y, gradient } = await loaded.program.run({ inputs: loaded.feed({ sizes: {}, inputs }), fetch: ['y', 'gradient'] })
  await loaded.program.dispose()
  return { y: Array.from(y?.data ?? [], Number), gradient: Array.from(gradient?.data ?? [], Number) }
}

it('computes frozen layers in 8 bits, quantising what they share once, and leaves gradients and the head as they are', async () => {
  const graph = graphOf()
  expect(frozenLinears(graph)).toEqual([{ tensor: 'w', in: width, out }])
  const quantised = int8Forward(graph)
  const count = ({ nodes }: Graph, type: string): number => nodes.filter(({ op }) => op.type === type).length
  expect(count(quantised, 'DynamicQuantizeLinear')).toBe(1)
  expect(count(quantised, 'MatMulIntegerToFloat')).toBe(2)
  expect(count(quantised, 'Gemm')).toBe(count(graph, 'Gemm') - 2)
  expect(int8Forward(graph, () => false).nodes.map(({ name }) => name)).toEqual(graph.nodes.map(({ name }) => name))

  const int8 = await Int8Weights.make(runtime, frozenLinears(graph), () => Promise.resolve(weight.slice()))
  const [before, after] = [await outputsOf(graph, null), await outputsOf(quantised, int8)]
  // The way back is the same, bit for bit: it goes through the float weights.
  expect(after.gradient).toEqual(before.gradient)
  const norm = (values: readonly number[]): number => Math.hypot(...values)
  const apart = norm(after.y.map((value, i) => value - (before.y[i] ?? NaN))) / norm(before.y)
  // Steps of 1/64 of a column's largest weight and 1/255 of the input's range, each off by half a step at most.
  expect(apart).toBeGreaterThan(0)
  expect(apart).toBeLessThan(0.02)
})
