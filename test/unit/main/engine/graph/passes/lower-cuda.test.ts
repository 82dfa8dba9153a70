import { expect, it } from 'vitest'
import { Ops } from '../../../../../../src/main/engine/graph/operations.ts'
import { lowerCuda } from '../../../../../../src/main/engine/graph/passes/lower-cuda.ts'

it('reads a matrix the other way round instead of turning it in memory, whichever way it was read before', () => {
  const g = new Ops({ training: false })
  const [x, y] = [g.input('x', 'float32', ['tokens', 4]), g.input('y', 'float32', ['tokens', 8])]
  g.output('plain', g.gemm(g.transposeLast(y), x))
  g.output('back', g.gemm(g.transposeLast(y), g.transposeLast(y), { transA: true, alpha: 0.5 }))
  const { nodes, outputs } = lowerCuda(g.build())
  expect(nodes.map(({ op, attributes }) => [op.type, attributes['transA'], attributes['transB']])).toEqual([
    ['Gemm', 1, 0],
    ['Gemm', 0, 1]
  ])
  expect([...outputs.values()].map(({ shape }) => shape)).toEqual([
    [8, 4],
    ['tokens', 'tokens']
  ])
})

it('leaves heads of attention as they lie, which no product can read the other way', () => {
  const g = new Ops({ training: false })
  const x = g.input('x', 'float32', [2, 3, 4])
  g.output('y', g.matMul(g.transpose(x, [0, 2, 1]), x))
  expect(lowerCuda(g.build()).nodes.map(({ op }) => op.type)).toEqual(['Transpose', 'MatMul'])
})
