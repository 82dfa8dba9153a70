import { afterAll, beforeAll, expect, it } from 'vitest'
import { Random } from '../../../../../src/main/base/random.ts'
import { writeModel } from '../../../../../src/main/engine/graph/onnx/write-model.ts'
import { Ops } from '../../../../../src/main/engine/graph/operations.ts'
import { blockProducts } from '../../../../../src/main/engine/graph/passes/block-products.ts'
import type { Graph } from '../../../../../src/main/engine/graph/types.ts'
import { openRuntime } from '../../../../../src/main/engine/runtime/index.ts'
import type { Runtime, StateTensor } from '../../../../../src/main/engine/runtime/port.ts'

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
