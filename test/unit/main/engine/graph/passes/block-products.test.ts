import { expect, it } from 'vitest'
import { Ops } from '../../../../../../src/main/engine/graph/operations.ts'
import { blockProducts, blocksOf, withTokenBlocks } from '../../../../../../src/main/engine/graph/passes/block-products.ts'
import { runtimeOrder } from '../../../../../../src/main/engine/graph/passes/runtime-order.ts'
import type { Graph } from '../../../../../../src/main/engine/graph/types.ts'

it('gives each thread whole blocks of at most 512 rows, and leaves short or indivisible ones alone', () => {
  expect(blocksOf(3072, 768, 2)).toBe(6)
  expect(blocksOf(3072, 768, 1)).toBe(6)
  expect(blocksOf(1536, 384, 2)).toBe(4)
  expect(blocksOf(3072, 768, 4)).toBe(8)
  expect(blocksOf(4096, 768, 3)).toBe(1)
  expect(blocksOf(1024, 768, 2)).toBe(1)
  expect(blocksOf(30_522, 768, 2)).toBe(1)
})

it('cuts what the library would divide by columns, but not into blocks so short that packing them would count', () => {
  expect(blocksOf(768, 3072, 2)).toBe(2)
  expect(blocksOf(768, 3072, 4)).toBe(1)
  expect(blocksOf(384, 1536, 2)).toBe(1)
})

/** The gradients of a wide layer's weights and of what enters it. */
function gradients(): Graph {
  const g = new Ops({ training: false })
  const x = g.input('x', 'float32', ['tokens', 768])
  const dY = g.tanh(g.input('dy', 'float32', ['tokens', 3072]))
  g.output('dX', g.gemm(dY, g.state('w', 'float32', [3072, 768])))
  g.output('dW', g.gemm(g.transposeLast(dY), g.relu(x)))
  return g.build()
}

it('cuts a product of many rows into blocks that are written as they are, and keeps the order of the rest', () => {
  const cut = blockProducts(gradients(), 2)
  const { outputs } = cut
  expect(outputs.get('dX')?.shape).toEqual(['tokens', 768])
  expect(outputs.get('dW')?.shape).toEqual([1, 6, 512, 768])
  const order = ({ nodes, outputs: made }: Graph): readonly string[] =>
    runtimeOrder({ nodes, outputs: made }).flatMap(({ op }) =>
      op.type === 'Reshape' ? [] : [op.type.replace('FusedMatMul', 'Gemm')]
    )
  expect(order(cut)).toEqual(order(gradients()))
})

it('cuts tokens where a thread would have many and they divide, and nothing else', () => {
  const blocks = (tokens: number, threads: number): unknown => withTokenBlocks({ rows: 1, tokens }, threads)
  expect(blocks(4096, 2)).toEqual({ rows: 1, tokens: 4096, blocks: 8, block: 512 })
  expect(blocks(4800, 4)).toEqual({ rows: 1, tokens: 4800, blocks: 12, block: 400 })
  expect(blocks(2048, 2)).toEqual({ rows: 1, tokens: 2048, blocks: 1, block: 2048 })
  expect(blocks(4099, 2)).toEqual({ rows: 1, tokens: 4099, blocks: 1, block: 4099 })
  expect(withTokenBlocks({ rows: 8 }, 2)).toEqual({ rows: 8 })
})

it('cuts products over tokens into as many blocks as a batch says, but none whose result is an output or whose matrix is narrow', () => {
  const g = new Ops({ training: false })
  const x = g.input('x', 'float32', ['tokens', 256])
  const w = g.state('w', 'float32', [512, 256])
  const inner = g.relu(g.gemm(x, w, { transB: true }))
  g.output('outer', g.gemm(inner, w))
  g.output('narrow', g.relu(g.gemm(inner, g.state('n', 'float32', [512, 8]))))
  const cut = blockProducts(g.build(), 2)
  const products = cut.nodes.filter(({ op }) => op.type === 'Gemm' || op.type === 'FusedMatMul')
  expect(products.map(({ op, outputs: [made] }) => [op.type, made?.shape])).toEqual([
    ['FusedMatMul', [1, 'blocks', 'block', 512]],
    ['Gemm', ['tokens', 256]],
    ['Gemm', ['tokens', 8]]
  ])
  expect(cut.outputs.get('outer')?.shape).toEqual(['tokens', 256])
})

it('leaves products with a third operand or a first matrix read the other way as they are', () => {
  const g = new Ops({ training: false })
  const [a, b, c] = [g.state('a', 'float32', [3072, 64]), g.state('b', 'float32', [64, 64]), g.state('c', 'float32', [64])]
  g.output('sum', g.gemm(a, b, { c }))
  g.output('turned', g.gemm(g.state('d', 'float32', [64, 3072]), b, { transA: true }))
  const graph = g.build()
  expect(blockProducts(graph, 2)).toBe(graph)
})
