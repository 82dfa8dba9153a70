import { afterAll, beforeAll, expect, it } from 'vitest'
import { defined } from '../../../../../src/main/base/assert.ts'
import { Random } from '../../../../../src/main/base/random.ts'
import { writeModel } from '../../../../../src/main/engine/graph/onnx/write-model.ts'
import { Ops } from '../../../../../src/main/engine/graph/operations.ts'
import { blockProducts, withTokenBlocks } from '../../../../../src/main/engine/graph/passes/block-products.ts'
import { lowerCpu } from '../../../../../src/main/engine/graph/passes/lower-cpu.ts'
import type { Graph } from '../../../../../src/main/engine/graph/types.ts'
import { openRuntime } from '../../../../../src/main/engine/runtime/index.ts'
import type { HostTensor, Runtime, StateTensor } from '../../../../../src/main/engine/runtime/port.ts'
import { loadGraph } from '../../../../../src/main/engine/training/feeding.ts'

const [tokens, wide, narrow] = [300, 1536, 96]

let runtime: Runtime
beforeAll(async () => void (runtime = await openRuntime({ threads: 2 })))
afterAll(() => runtime.dispose())

/** dW = dYᵀ·X of a layer from `narrow` to `wide`, and dY·V with V given turned. */
function products(): Graph {
  const g = new Ops({ training: false })
  const [dY, x] = [g.state('dy', 'float32', [tokens, wide]), g.state('x', 'float32', [tokens, narrow])]
  g.output('dW', g.gemm(g.transposeLast(dY), x))
  g.output('turned', g.gemm(g.state('w', 'float32', [wide, narrow]), g.state('v', 'float32', [tokens, narrow]), { transB: true }))
  return g.build()
}

async function filled(shape: readonly number[], seed: string): Promise<StateTensor> {
  const random = new Random(1, seed)
  const state = runtime.allocate('float32', shape)
  await state.write(Float32Array.from({ length: state.size }, () => random.normal()))
  return state
}

async function computed(graph: Graph): Promise<readonly (readonly number[])[]> {
  const program = await runtime.load({ name: 'products', model: writeModel(graph, () => expect.unreachable('no weights')) })
  const inputs = {
    dy: await filled([tokens, wide], 'dy'),
    x: await filled([tokens, narrow], 'x'),
    w: await filled([wide, narrow], 'w'),
    v: await filled([tokens, narrow], 'v')
  }
  const results = await program.run({ inputs, fetch: ['dW', 'turned'] })
  await program.dispose()
  return ['dW', 'turned'].map((name) => Array.from(results[name]?.data ?? [], Number))
}

it('computes every number of a product cut into blocks to the last bit as the library does of the whole', async () => {
  const cut = blockProducts(products(), 2)
  expect(cut.nodes.map(({ op }) => op.type)).toContain('FusedMatMul')
  expect(cut.outputs.get('dW')?.shape).toEqual([1, 4, 384, narrow])
  const [whole, blocks] = [await computed(products()), await computed(cut)]
  expect(whole.map(({ length }) => length)).toEqual([wide * narrow, wide * tokens])
  expect(blocks).toEqual(whole)
})

/** A layer over tokens and the gradient of what enters it, neither an output itself. */
function overTokens(): Graph {
  const g = new Ops({ training: false })
  const x = g.input('x', 'float32', ['tokens', 256])
  const weight = g.state('weight', 'float32', [320, 256])
  const y = g.tanh(g.gemm(x, weight, { transB: true, c: g.state('bias', 'float32', [320]) }))
  g.output('y', y)
  g.output('dX', g.tanh(g.gemm(y, weight)))
  return g.build()
}

it('gives the same bits for any number of tokens, cut into blocks or not', async () => {
  const state: Record<string, StateTensor> = { weight: await filled([320, 256], 'weight'), bias: await filled([320], 'bias') }
  const whole = await runtime.load({
    name: 'whole',
    model: writeModel(lowerCpu(overTokens()), () => expect.unreachable('no weights'))
  })
  const cut = await loadGraph(runtime, overTokens(), { name: 'cut', weights: null, state: (slot) => defined(state[slot], slot) })
  const blocks: unknown[] = []
  for (const tokens of [1, 2100, 4096, 4093]) {
    const random = new Random(1, 'x')
    const data = Float32Array.from({ length: tokens * 256 }, () => random.normal() / 16)
    const inputs = { x: { type: 'float32', shape: [tokens, 256], data } } satisfies Record<string, HostTensor>
    const fetch = ['y', 'dX']
    const expected = await whole.run({ inputs: { ...inputs, ...state }, fetch })
    const found = await cut.program.run({ inputs: cut.feed({ sizes: { tokens }, inputs }), fetch })
    for (const name of fetch)
      expect(Buffer.compare(bytesOf(found[name]), bytesOf(expected[name])), `${name} of ${tokens}`).toBe(0)
    blocks.push(withTokenBlocks({ tokens }, runtime.threads)['blocks'])
  }
  expect(blocks).toEqual([1, 6, 8, 1])
  await Promise.all([whole.dispose(), cut.program.dispose()])
})

function bytesOf(tensor: HostTensor | undefined): Uint8Array {
  const { data } = defined(tensor, 'a result')
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
}
