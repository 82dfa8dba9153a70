import { expect, it } from 'vitest'
import { Ops } from '../../../../../../src/main/engine/graph/operations.ts'
import { lowerCpu } from '../../../../../../src/main/engine/graph/passes/lower-cpu.ts'
import { evaluate } from '../../../../../helpers/interpreter/index.ts'

it('adds a bias by itself to a wide product over tokens, and leaves every other product whole', () => {
  const g = new Ops({ training: false })
  const x = g.input('x', 'float32', ['tokens', 256])
  const [wide, bias] = [g.state('wide', 'float32', [300, 256]), g.state('bias', 'float32', [300])]
  const y = g.gemm(x, wide, { transB: true, c: bias })
  g.output('y', y)
  g.output('factor', g.gemm(x, wide, { transB: true, c: bias, alpha: 0.5 }))
  g.output('both', g.gemm(x, wide, { transB: true, c: y }))
  g.output('thin', g.gemm(x, g.state('narrow', 'float32', [8, 256]), { transB: true, c: g.state('few', 'float32', [8]) }))
  const graph = g.build()
  const lowered = lowerCpu(graph)
  const { nodes } = lowered
  expect(nodes.map(({ op, inputs }) => [op.type, inputs.length])).toEqual([
    ['Gemm', 2],
    ['Add', 2],
    ['Gemm', 2],
    ['Add', 2],
    ['Gemm', 3],
    ['Gemm', 3]
  ])
  const values = Object.fromEntries(
    Object.entries({ x: 512, wide: 76_800, bias: 300, narrow: 2048, few: 8 }).map(([name, size]) => [
      name,
      Float64Array.from({ length: size }, (_, i) => Math.sin(i + size))
    ])
  )
  const [expected, found] = [graph, lowered].map((one) => evaluate(one, { values, sizes: { tokens: 2 } }))
  for (const [name, { data }] of Object.entries(expected ?? {}))
    expect(Math.max(...data.map((value, i) => Math.abs(value - (found?.[name]?.data[i] ?? NaN))))).toBeLessThan(1e-12)
})
