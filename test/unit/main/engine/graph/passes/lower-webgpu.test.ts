import { describe, expect, it } from 'vitest'
import { backward } from '../../../../../../src/main/engine/autodiff/backward.ts'
import { leavesOf } from '../../../../../../src/main/engine/graph/leaves.ts'
import { Ops } from '../../../../../../src/main/engine/graph/operations.ts'
import { allOps } from '../../../../../../src/main/engine/graph/ops/index.ts'
import { lowerWebgpu } from '../../../../../../src/main/engine/graph/passes/lower-webgpu.ts'
import { bindShape } from '../../../../../../src/main/engine/graph/shapes.ts'
import type { Graph } from '../../../../../../src/main/engine/graph/types.ts'
import { evaluate } from '../../../../../helpers/interpreter/index.ts'
import { draw } from '../../../../../helpers/samples.ts'
import { tinyTraining } from '../../../../../helpers/tiny-bert.ts'
import { kernelCases, sizes } from '../../../../../runtime/main/engine/graph/kernel-cases.ts'
import { gradientCases } from '../../autodiff/gradient-cases.ts'

/**
 * What ONNX Runtime's WebGPU provider computes, of our operators: ort-facts §3.3 (measured with CPU fallback forbidden), and for DequantizeLinear
 * on uint8 the provider's sources. Not there: ConstantOfShape, FusedMatMul, LogSoftmax, OneHot, Sign, IsNaN; not in its sources: Max, Min, Softplus.
 */
const onWebgpu = new Set<string>([
  ...[
    'Abs',
    'Add',
    'Cast',
    'Concat',
    'DequantizeLinear',
    'Div',
    'Equal',
    'Erf',
    'Exp',
    'Expand',
    'FastGelu',
    'Gather',
    'GatherElements'
  ],
  ...[
    'Gelu',
    'Gemm',
    'Greater',
    'Identity',
    'HardSigmoid',
    'LayerNormalization',
    'Less',
    'Log',
    'MatMul',
    'Mul',
    'Neg',
    'Not',
    'Pad',
    'Pow',
    'QuickGelu'
  ],
  ...[
    'Reciprocal',
    'ReduceMax',
    'ReduceMean',
    'ReduceSum',
    'ReduceSumSquare',
    'Relu',
    'Reshape',
    'ScatterElements',
    'Shape',
    'Sigmoid',
    'Slice'
  ],
  ...['Softmax', 'Sqrt', 'Squeeze', 'Sub', 'Tanh', 'Transpose', 'Unsqueeze', 'Where']
])

const missing = (graph: Graph): string[] =>
  [...new Set(graph.nodes.map((node) => node.op.type))].filter((type) => !onWebgpu.has(type))

/** Numbers for all leaves: indices and masks are 0 or 1. */
function numbersFor(graph: Graph, bound: Readonly<Record<string, number>>): Record<string, Float64Array> {
  return Object.fromEntries(
    leavesOf(graph).map(({ name, dtype, shape }) => {
      const count = bindShape(shape, bound).reduce((product, size) => product * size, 1)
      return [name, dtype === 'float32' ? draw(name, count) : draw(name, count, (random) => random.below(2))]
    })
  )
}

function expectEqual(
  graph: Graph,
  lowered: Graph,
  values: Readonly<Record<string, Float64Array>>,
  bound: Readonly<Record<string, number>>
): void {
  const expected = evaluate(graph, { values, sizes: bound })
  const found = evaluate(lowered, { values, sizes: bound })
  expect(Object.keys(found)).toEqual(Object.keys(expected))
  for (const [name, { shape, data }] of Object.entries(expected)) {
    expect(found[name]?.shape).toEqual(shape)
    data.forEach((value, i) => {
      const other = found[name]?.data[i] ?? NaN
      const isSame = Object.is(other, value) || Math.abs(other - value) <= 1e-12 * Math.max(1, Math.abs(value))
      expect(isSame, `${name}[${i}]: ${other} should be ${value}`).toBe(true)
    })
  }
}

describe('lowering for WebGPU', () => {
  it('has a row for each op: it is there, or it has a lowering', () => {
    const lowered = ['ConstantOfShape', 'FusedMatMul', 'IsNaN', 'LogSoftmax', 'Max', 'Min', 'OneHot', 'Sign', 'Softplus']
    expect([...onWebgpu, ...lowered].sort()).toEqual(Object.keys(allOps).sort())
  })

  it.each(kernelCases)('computes $op ($how) with what WebGPU has, to 1e-12', (row) => {
    const g = new Ops({ training: false })
    const inputs = row.inputs.map(({ shape, dtype = 'float32' }, i) => g.input(`x${i}`, dtype, shape))
    ;[row.f(g, ...inputs)].flat().forEach((value, i) => {
      g.output(`y${i}`, value)
    })
    const graph = g.build()
    const lowered = lowerWebgpu(graph)
    expect(missing(lowered)).toEqual([])
    const values = row.inputs.map(({ shape, sample, given }, i) => {
      const count = bindShape(shape, sizes).reduce((product, size) => product * size, 1)
      return [`x${i}`, given ? Float64Array.from(given) : draw(`${row.op}/${row.how}/${i}`, count, sample)] as const
    })
    expectEqual(graph, lowered, Object.fromEntries(values), sizes)
  })

  it.each(gradientCases.filter(({ name }) => /FusedMatMul|LogSoftmax|Max|Min|Softplus|Abs|attention/.test(name)))(
    'computes the gradient of $name with what WebGPU has',
    (row) => {
      const g = new Ops({ training: false })
      const inputs = row.shapes.map((shape, i) => g.state(`x${i}`, 'float32', shape))
      const y = row.f(g, ...inputs)
      const loss = g.sumAll(g.mul(y, g.input('r', 'float32', y.shape)))
      for (const [input, gradient] of backward(g, loss, inputs)) g.output(`d${input.name}`, gradient)
      const graph = g.build()
      const lowered = lowerWebgpu(graph)
      expect(missing(lowered)).toEqual([])
      expectEqual(graph, lowered, numbersFor(graph, row.sizes ?? {}), row.sizes ?? {})
    }
  )

  it.each(['lora', 'full'] as const)(
    'leaves nothing that WebGPU lacks in the training graph of a tiny BERT (%s), and computes the same',
    async (method) => {
      const { graph } = await tinyTraining(method)
      expect(missing(graph).length).toBeGreaterThan(0)
      const lowered = lowerWebgpu(graph)
      expect(missing(lowered)).toEqual([])
      const bound = { rows: 2, time: 3, tokens: 6 }
      expectEqual(graph, lowered, { ...numbersFor(graph, bound), loss_scale: Float64Array.of(0.5) }, bound)
    }
  )

  it('keeps the names of inputs, states, weights, masks and outputs', async () => {
    const { graph } = await tinyTraining('lora')
    const named = (of: Graph): string[] =>
      leavesOf(of).flatMap(({ name, source }) => (source.kind === 'constant' || source.kind === 'shape' ? [] : [name]))
    const lowered = lowerWebgpu(graph)
    expect(named(lowered).sort()).toEqual(named(graph).sort())
    expect([...lowered.outputs.keys()]).toEqual([...graph.outputs.keys()])
  })

  it('gives back other values of OneHot too', () => {
    const g = new Ops({ training: false })
    const values = g.constant([-2, 5], [2], 'float32')
    g.output('y', g.one(allOps.OneHot, [g.input('ids', 'int64', ['rows']), g.constant([3], [], 'int64'), values], { axis: -1 }))
    const lowered = lowerWebgpu(g.build())
    expect(Array.from(evaluate(lowered, { values: { ids: [2, 0] }, sizes: { rows: 2 } })['y']?.data ?? [])).toEqual([
      -2, -2, 5, 5, -2, -2
    ])
  })
})
