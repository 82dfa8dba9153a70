import { describe, expect, it } from 'vitest'
import { GraphError } from '../../../../../src/main/base/errors.ts'
import { Ops } from '../../../../../src/main/engine/graph/operations.ts'
import { allOps } from '../../../../../src/main/engine/graph/ops/index.ts'
import { describe as typeOf } from '../../../../../src/main/engine/graph/types.ts'

const ops = (training = false): Ops => new Ops({ training })

describe('the graph builder', () => {
  it('names values after their scope and op, counting repeats', () => {
    const g = ops()
    const x = g.input('x', 'float32', [2])
    const names = g.within('layer.0', () => [g.exp(x), g.exp(x), g.within('layer.0.inner', () => g.exp(x))])
    expect([...names, g.exp(x)].map(({ name }) => name)).toEqual(['layer.0/Exp', 'layer.0/Exp_2', 'layer.0.inner/Exp', 'Exp'])
    expect(g.scope).toBe('')
  })

  it('gives back one value for one input, weight, state, constant or shape vector', () => {
    const g = ops()
    expect(g.input('x', 'float32', ['rows'])).toBe(g.input('x', 'float32', ['rows']))
    expect(g.weight('w', 'float32', [2])).toBe(g.weight('w', 'float32', [2]))
    expect(g.scalar(0.5)).toBe(g.scalar(0.5))
    expect(g.shapeVector(['rows', 4])).toBe(g.shapeVector(['rows', 4]))
    expect(g.scalar(0.5)).not.toBe(g.constant([0.5], [1], 'float32'))
  })

  it('refuses one name for two things', () => {
    const g = ops()
    g.input('x', 'float32', [2])
    expect(() => g.input('x', 'float32', [3])).toThrow('"x" is declared twice with different types: [2] and [3]')
    expect(() => g.weight('x', 'float32', [2])).toThrow(GraphError)
    const y = g.exp(g.input('x', 'float32', [2]))
    g.output('y', y)
    expect(() => {
      g.output('y', y)
    }).toThrow('output "y" is declared twice')
  })

  it('makes a shape vector a constant where all sizes are known', () => {
    const g = ops()
    expect(g.shapeVector([2, 3]).source).toEqual({ kind: 'constant', data: [2, 3] })
    expect(g.shapeVector(['rows', 3])).toMatchObject({
      name: 'shape/rows,3',
      shape: [2],
      source: { kind: 'shape', dims: ['rows', 3] }
    })
  })

  it('checks presence, number and element type of inputs, and that they share one type', () => {
    const g = ops()
    const x = g.input('x', 'float32', [2])
    const half = g.input('half', 'float16', [2])
    const ids = g.input('ids', 'int64', [2])
    expect(() => g.one(allOps.Add, [x], {})).toThrow('Add: input B is missing')
    expect(() => g.one(allOps.Add, [x, x, x], {})).toThrow('Add: takes 2 inputs, got 3')
    expect(() => g.add(x, ids)).toThrow('Add: input B must be float, got ids: int64[2]')
    expect(() => g.gather(x, x)).toThrow('Gather: input indices must be index, got x: float32[2]')
    expect(() => g.add(x, half)).toThrow('Add: x: float32[2] and half: float16[2] differ in element type')
    expect(() => g.equal(x, ids)).toThrow('Equal: x: float32[2] and ids: int64[2] differ in element type')
    expect(() => g.concat([x, half], 0)).toThrow('Concat: x: float32[2] and half: float16[2] differ in element type')
    expect(() => g.one(allOps.Concat, [null], { axis: 0 })).toThrow('Concat: needs at least one inputs')
  })

  it('says in which module shapes do not fit', () => {
    const g = ops()
    const x = g.input('x', 'float32', ['rows', 3])
    const w = g.weight('w', 'float32', [4, 2])
    expect(() => g.within('encoder.0', () => g.matMul(x, w))).toThrow(
      'MatMul: inner sizes 3 and 4 differ, shapes [rows,3] and [4,2] (in encoder.0)'
    )
  })

  it('leaves dropout out unless it trains, and names each mask after its site', () => {
    const x = (g: Ops) => g.input('x', 'float32', ['rows', 4])
    const still = ops(false)
    expect(still.dropout(x(still), 0.5)).toBe(x(still))
    const g = ops(true)
    expect(g.dropout(x(g), 0)).toBe(x(g))
    g.within('layer.0', () => [g.dropout(x(g), 0.1), g.dropout(x(g), 0.1)])
    g.within('layer.1', () => g.dropout(x(g), 0.1))
    expect(g.masks.map(({ value }) => value.name)).toEqual(['dropout/layer.0', 'dropout/layer.0#2', 'dropout/layer.1'])
    expect(g.masks.map(({ value }) => typeOf(value))).toEqual(Array(3).fill('uint8[rows,4]'))
  })

  it('skips operators that would do nothing', () => {
    const g = ops()
    const x = g.input('x', 'float32', ['rows', 4])
    const same = [g.reshape(x, ['rows', 4]), g.expand(x, ['rows', 4]), g.transpose(x, [0, 1]), g.scale(x, 1), g.concat([x], 0)]
    expect([...same, g.cast(x, 'float32'), g.reduceSum(x, []), g.sumTo(x, ['rows', 4])]).toEqual(Array(8).fill(x))
    expect(g.nodes).toEqual([])
  })
})

describe('shape inference', () => {
  const g = ops()
  const x = g.input('x', 'float32', ['rows', 'time', 6])
  const y = g.input('y', 'float32', [2, 5])
  const ids = g.input('ids', 'int64', ['rows', 'time'])

  it.each([
    ['Reshape', () => g.reshape(x, ['tokens', 2, 3]), 'float32[tokens,2,3]'],
    ['Gather', () => g.gather(g.weight('table', 'float32', [9, 4]), ids), 'float32[rows,time,4]'],
    ['Transpose', () => g.transpose(x, [0, 2, 1]), 'float32[rows,6,time]'],
    ['Slice', () => g.slice(x, -1, -4, -1), 'float32[rows,time,3]'],
    ['Slice past the end', () => g.slice(y, 1, 3, 99), 'float32[2,2]'],
    ['an empty Slice', () => g.slice(y, 1, 4, 2), 'float32[2,0]'],
    ['Concat of names', () => g.concat([ids, ids], 1), 'int64[rows,time+time]'],
    ['Pad', () => g.pad(y, [0, 1, 0, 2]), 'float32[2,8]'],
    ['Unsqueeze', () => g.unsqueeze(y, [0, -1]), 'float32[1,2,5,1]'],
    ['ReduceSum', () => g.reduceSum(x, [-1, 0]), 'float32[time]'],
    ['Equal', () => g.equal(ids, ids), 'bool[rows,time]'],
    ['OneHot', () => g.oneHot(ids, 3), 'float32[rows,time,3]'],
    [
      'the statistics of LayerNormalization',
      () => g.layerNormalization(x, g.weight('s', 'float32', [6]), null, 1)[2],
      'float32[rows,time,1]'
    ],
    ['Where', () => g.where(g.equal(ids, ids), g.scalar(1), g.reduceSum(x, [2])), 'float32[rows,time]']
  ])('of %s', (_, make, expected) => {
    expect(typeOf(make())).toBe(expected)
  })

  it.each([
    ['Reshape', () => g.reshape(x, ['rows', 6]), 'Reshape: [rows,time,6] does not hold as many elements as [rows,6]'],
    [
      'Reshape by a computed shape',
      () => g.one(allOps.Reshape, [y, g.input('computed', 'int64', [2])], {}),
      'Reshape: computed must be a constant or a shape vector'
    ],
    [
      'Expand by a computed shape',
      () => g.one(allOps.Expand, [y, g.input('computed', 'int64', [2])], {}),
      'Expand: computed must be a constant or a shape vector'
    ],
    ['Transpose', () => g.transpose(y, [0, 0]), 'Transpose: perm [0,0] does not fit rank 2'],
    ['Slice of a name', () => g.slice(x, 1, 0, 2), 'axis 1 of [rows,time,6] must be a number here'],
    ['Concat', () => g.concat([y, g.input('z', 'float32', [3, 5])], 1), 'Concat: [2,5] and [3,5] differ beside axis 1'],
    ['Pad of a name', () => g.pad(x, [0, 1, 0, 0, 0, 0]), 'Pad: axis 1 of [rows,time,6] must be a number here'],
    ['Pad by negative amounts', () => g.pad(y, [0, -1, 0, 0]), 'Pad: pads [0,-1,0,0] do not fit [2,5]'],
    ['Squeeze', () => g.squeeze(y, [0]), 'Squeeze: axis 0 of [2,5] is not 1'],
    ['Unsqueeze', () => g.unsqueeze(y, [0, 0]), 'Unsqueeze: an axis is named twice'],
    [
      'a computed axis',
      () => g.one(allOps.ReduceSum, [y, g.input('axes', 'int64', [1])], { keepdims: 0 }),
      'ReduceSum: axes must be a constant'
    ],
    ['MatMul of vectors', () => g.matMul(g.reduceSum(y, [0]), y), 'MatMul: needs rank 2 or more, got [5] and [2,5]'],
    ['Gemm of batches', () => g.gemm(x, x), 'Gemm: A and B must be matrices'],
    [
      'Gemm with a C too large',
      () => g.gemm(y, y, { transB: true, c: g.input('c', 'float32', [3, 2, 2]) }),
      'Gemm: C [3,2,2] does not fit [2,2]'
    ],
    [
      'LayerNormalization',
      () => g.layerNormalization(y, g.weight('short', 'float32', [4]), null, 1),
      'LayerNormalization: scale or bias [4] does not fit [2,5]'
    ],
    ['Softmax', () => g.softmax(y, 2), 'Softmax: axis 2 is outside rank 2'],
    ['FastGelu of a scalar', () => g.fastGelu(g.scalar(1)), 'FastGelu: needs rank 1 or more'],
    ['GatherElements', () => g.gatherElements(x, ids, 0), 'GatherElements: [rows,time,6] and indices [rows,time] differ in rank'],
    [
      'ScatterElements',
      () => g.scatterAdd(y, ids, y, 0),
      'ScatterElements: indices [rows,time] and updates [2,5] do not fit [2,5]'
    ],
    ['Cast', () => g.one(allOps.Cast, [y], { to: 99 }), 'Cast: unknown element type 99']
  ])('refuses a wrong %s', (_, make, message) => {
    expect(make).toThrow(GraphError)
    expect(make).toThrow(message)
  })
})
