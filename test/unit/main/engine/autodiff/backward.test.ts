import { describe, expect, it } from 'vitest'
import { backward } from '../../../../../src/main/engine/autodiff/backward.ts'
import { Ops } from '../../../../../src/main/engine/graph/operations.ts'
import { allOps } from '../../../../../src/main/engine/graph/ops/index.ts'
import type { Value } from '../../../../../src/main/engine/graph/types.ts'

const builder = (): { g: Ops; x: Value; w: Value } => {
  const g = new Ops({ training: false })
  return { g, x: g.state('x', 'float32', ['rows', 4]), w: g.state('w', 'float32', [4, 2]) }
}

/** Types of the nodes that `backward` adds for `wrt`. */
function added(g: Ops, loss: Value, wrt: readonly Value[]): string[] {
  const before = g.nodes.length
  backward(g, loss, wrt)
  return g.nodes.slice(before).map((node) => node.op.type)
}

describe('backward', () => {
  it('builds the gradient of the wanted side of a product only', () => {
    const { g, x, w } = builder()
    const loss = g.sumAll(g.matMul(x, w))
    expect(added(g, loss, [w])).toEqual(['Reshape', 'Expand', 'Gemm'])
  })

  it('does not walk below the lowest wanted tensor', () => {
    const { g, x, w } = builder()
    let hidden = x
    for (let layer = 0; layer < 10; layer++) hidden = g.tanh(hidden)
    const loss = g.sumAll(g.matMul(hidden, w))
    const shallow = added(g, loss, [w]).length

    const other = builder()
    const shortLoss = other.g.sumAll(other.g.matMul(other.x, other.w))
    expect(shallow).toBe(added(other.g, shortLoss, [other.w]).length)
  })

  it('leaves out branches that the wanted tensor does not reach', () => {
    const { g, x, w } = builder()
    const side = g.sumAll(g.exp(x))
    const loss = g.add(side, g.sumAll(w))
    expect(added(g, loss, [w])).toEqual(['Reshape', 'Expand'])
  })

  it('adds the gradients of a value that is used twice', () => {
    const { g, w } = builder()
    expect(added(g, g.sumAll(g.mul(w, w)), [w])).toEqual(['Reshape', 'Expand', 'Mul', 'Mul', 'Add'])
  })

  it('names gradient nodes after the module they belong to', () => {
    const { g, x, w } = builder()
    const y = g.within('encoder.layer.0', () => g.matMul(x, w))
    const [gradient] = backward(g, g.sumAll(y), [w]).values()
    expect(gradient?.name).toBe('encoder.layer.0/grad/Gemm')
  })

  it('treats what is detached as a constant', () => {
    const { g, w } = builder()
    const loss = g.sumAll(g.mul(w, g.detach(g.exp(w))))
    expect(added(g, loss, [w])).toEqual(['Reshape', 'Expand', 'Mul'])
    expect(() => backward(g, g.sumAll(g.detach(w)), [w])).toThrow('backward: the loss does not depend on w')
  })

  it('splits the gradient of a number of columns beside as many as the batch says', () => {
    const g = new Ops({ training: false })
    const prefix = g.state('prefix', 'float32', [3, 8])
    const own = g.state('own', 'float32', [3, 'time'])
    const joined = g.concat([prefix, own], 1)
    expect(joined.shape).toEqual([3, '8+time'])
    const gradients = backward(g, g.sumAll(g.tanh(joined)), [prefix, own])
    expect([...gradients.values()].map(({ shape }) => shape)).toEqual([
      [3, 8],
      [3, 'time']
    ])
    expect(() => g.slice(joined, 1, 4, 10)).toThrow('Slice: 4 to 10 of an axis of 8+time has no size that can be named')
  })

  it('refuses a loss that is not a scalar', () => {
    const { g, x } = builder()
    expect(() => backward(g, x, [x])).toThrow('backward: the loss must be a scalar, got float32[rows,4]')
  })

  it('refuses a loss that does not depend on a value', () => {
    const { g, x, w } = builder()
    const loss = g.sumAll(x)
    expect(() => backward(g, loss, [w])).toThrow('backward: the loss does not depend on w')
  })

  it('refuses an op without a gradient on the way to a trainable tensor', () => {
    const { g, w } = builder()
    const loss = g.sumAll(g.within('somewhere', () => g.sign(w)))
    expect(() => backward(g, loss, [w])).toThrow('Sign in somewhere has no gradient, but a trainable tensor lies below it')
  })

  it('refuses a gradient into an input that has none', () => {
    const { g, w } = builder()
    const mask = g.input('mask', 'uint8', [4, 2])
    const scale = g.reshape(g.reduceSum(w, [0, 1]), [])
    const loss = g.sumAll(g.within('drop', () => g.dequantize(mask, scale)))
    expect(() => backward(g, loss, [w])).toThrow('DequantizeLinear in drop has no gradient, but a trainable tensor lies below it')
  })

  it('refuses a gradient through the statistics of a normalisation', () => {
    const { g, x } = builder()
    const weight = g.weight('scale', 'float32', [4])
    const [, mean] = g.within('norm', () => g.layerNormalization(x, weight, null, 1e-5))
    const loss = g.sumAll(mean)
    expect(() => backward(g, loss, [x])).toThrow('LayerNormalization in norm: only the first output carries a gradient')
  })

  it('refuses what the rules of Gather, Pow and ScatterElements do not cover', () => {
    const { g, w } = builder()
    const ids = g.input('ids', 'int64', [3])
    const columns = g.sumAll(g.gather(w, g.constant([0, 1], [2], 'int64'), 1))
    expect(() => backward(g, columns, [w])).toThrow('Gather: the gradient is defined for axis 0')
    const powers = g.sumAll(g.pow(w, g.constant([2, 3], [2], 'float32')))
    expect(() => backward(g, powers, [w])).toThrow('Pow: the gradient is defined for one exponent')
    const exponent = g.sumAll(g.pow(g.scalar(2), w))
    expect(() => backward(g, exponent, [w])).toThrow('Pow: the exponent is a constant and has no gradient')
    const rows = g.expand(g.unsqueeze(ids, [1]), [3, 2])
    const put = g.one(allOps.ScatterElements, [w, rows, g.zeros([3, 2])], { axis: 0, reduction: 'none' })
    expect(() => backward(g, g.sumAll(put), [w])).toThrow('ScatterElements: the gradient is defined for reduction add')
  })

  it('does not take integers for a path', () => {
    const { g, w } = builder()
    const picked = g.cast(g.greater(w, g.scalar(0)), 'float32')
    const loss = g.sumAll(g.mul(picked, w))
    expect(added(g, loss, [w])).toEqual(['Reshape', 'Expand', 'Mul'])
  })
})
