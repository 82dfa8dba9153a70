import { describe, expect, it } from 'vitest'
import { backward } from '../../../../../../src/main/engine/autodiff/backward.ts'
import { Ops } from '../../../../../../src/main/engine/graph/operations.ts'
import { leavesOf } from '../../../../../../src/main/engine/graph/leaves.ts'
import { mixPrecision } from '../../../../../../src/main/engine/graph/passes/mix-precision.ts'
import { isFloat, type Graph, type Node } from '../../../../../../src/main/engine/graph/types.ts'

/** A linear layer with a frozen weight, GELU, dropout, normalisation and a second layer that is trained, with its gradient. */
function model(): Graph {
  const g = new Ops({ training: true })
  const x = g.gather(g.weight('words', 'float32', [30, 8]), g.input('ids', 'int64', ['tokens']))
  const wide = g.gelu(g.gemm(x, g.weight('up', 'float32', [16, 8]), { transB: true, c: g.weight('bias', 'float32', [16]) }))
  const [normal] = g.layerNormalization(
    g.dropout(g.transpose(g.reshape(wide, ['tokens', 2, 8]), [0, 2, 1]), 0.1),
    g.weight('scale', 'float32', [2]),
    null,
    1e-5
  )
  const trained = g.state('down', 'float32', [4, 16])
  const logits = g.gemm(g.reshape(normal, ['tokens', 16]), trained, { transB: true })
  const loss = g.within('loss', () => g.sumAll(g.matMul(g.softmax(logits), g.constant([1, 2, 3, 4], [4, 1], 'float32'))))
  g.output('loss', loss)
  const gradient = backward(g, loss, [trained]).get(trained)
  if (!gradient) throw new Error('no gradient')
  g.output('grad', gradient)
  return g.build()
}

const floatsOf = ({ inputs }: Node): string[] => inputs.flatMap((input) => (input && isFloat(input.dtype) ? [input.dtype] : []))

describe.each(['bfloat16', 'float16'] as const)('products in %s', (half) => {
  const mixed = mixPrecision(model(), half)
  const named = (type: string): readonly Node[] => mixed.nodes.filter(({ op }) => op.type === type)

  it('are all but those of the loss, and none of their operands is wider', () => {
    const inModel = named('Gemm').filter(({ scope }) => !scope.startsWith('loss'))
    expect(inModel.length).toBeGreaterThan(2)
    for (const node of inModel) expect(new Set(floatsOf(node)), node.name).toEqual(new Set([half]))
    for (const node of named('MatMul')) expect(floatsOf(node), node.name).toEqual(['float32', 'float32'])
  })

  it('leave normalisation, softmax, dropout and sums in float32', () => {
    const narrow = mixed.nodes.filter((node) => node.op.type !== 'Cast' && floatsOf(node).includes(half))
    expect([...new Set(narrow.map(({ op }) => op.type))].toSorted()).toEqual(['Gelu', 'Gemm', 'Reshape', 'Transpose'])
    for (const { outputs } of [...named('LayerNormalization'), ...named('Softmax'), ...named('Mul'), ...named('ReduceSum')])
      expect(outputs[0]?.dtype).toBe('float32')
  })

  it('read frozen weights in that type, tables and scales in float32, and give float32 out', () => {
    const stored = leavesOf(mixed).flatMap(({ name, dtype, source }) => (source.kind === 'weight' ? [`${name} ${dtype}`] : []))
    expect(stored.toSorted()).toEqual([`bias/${half} ${half}`, 'scale float32', `up/${half} ${half}`, 'words float32'])
    expect(leavesOf(mixed).find(({ name }) => name === 'down')?.dtype).toBe('float32')
    expect([...mixed.outputs].map(([name, { dtype }]) => `${name} ${dtype}`)).toEqual(['loss float32', 'grad float32'])
  })

  it('cast no value twice', () => {
    const cast = named('Cast').map(({ inputs, attributes }) => `${inputs[0]?.name} ${JSON.stringify(attributes)}`)
    expect(new Set(cast).size).toBe(cast.length)
  })

  it('give weights another shape in that type where products alone read them so', () => {
    const g = new Ops({ training: false })
    const x = g.input('x', 'float32', ['rows', 2, 4])
    const shaped = g.reshape(g.weight('w', 'float32', [8, 4]), [2, 4, 4])
    const added = g.reshape(g.weight('b', 'float32', [8]), [2, 4])
    g.output('y', g.add(g.fusedMatMul(g.reshape(x, [2, 'rows', 4]), shaped, { transB: true }), g.reshape(added, [2, 1, 4])))
    const stored = leavesOf(mixPrecision(g.build(), half)).flatMap(({ name, source }) => (source.kind === 'weight' ? [name] : []))
    expect(stored.toSorted()).toEqual(['b', `w/${half}`])
  })
})
