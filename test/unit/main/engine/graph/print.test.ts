import { expect, it } from 'vitest'
import { Ops } from '../../../../../src/main/engine/graph/operations.ts'
import { allOps } from '../../../../../src/main/engine/graph/ops/index.ts'
import { printGraph } from '../../../../../src/main/engine/graph/print.ts'

it('prints a graph one node a line, with types, constants and attributes', () => {
  const g = new Ops({ training: true })
  const x = g.input('x', 'float32', ['rows', 4])
  const w = g.state('linear.weight', 'float32', [2, 4])
  const y = g.within('linear', () => g.dropout(g.gemm(x, w, { transB: true }), 0.5))
  const z = g.within('norm', () => g.layerNormalization(y, g.weight('norm.weight', 'float32', [2]), null, 1e-5)[0])
  const loss = g.within('loss', () => g.sumAll(g.pad(z, [0, 0, 0, 1])))
  g.output('loss', loss)
  g.output('picked', g.one(allOps.ScatterElements, [z, g.input('ids', 'int64', ['rows', 2]), y], { axis: 1, reduction: 'add' }))
  const text = printGraph(g.build())
  expect(`${text}\n`).toMatchInlineSnapshot(`
    "linear/Gemm: float32[rows,2] = Gemm(x, linear.weight) {transA=0, transB=1, alpha=1, beta=1}
    linear/DequantizeLinear: float32[rows,2] = DequantizeLinear(dropout/linear, float32(2), -)
    linear/Mul: float32[rows,2] = Mul(linear/Gemm, linear/DequantizeLinear)
    norm/LayerNormalization: float32[rows,2], norm/LayerNormalization:mean: float32[rows,1], norm/LayerNormalization:invStdDev: float32[rows,1] = LayerNormalization(linear/Mul, norm.weight) {axis=-1, epsilon=0.00001}
    loss/Pad: float32[rows,3] = Pad(norm/LayerNormalization, int64(0 0 0 1))
    loss/ReduceSum: float32[] = ReduceSum(loss/Pad, int64(0 1)) {keepdims=0}
    ScatterElements: float32[rows,2] = ScatterElements(norm/LayerNormalization, ids, linear/Mul) {axis=1, reduction="add"}
    output loss = loss/ReduceSum: float32[]
    output picked = ScatterElements: float32[rows,2]
    "
  `)
})
