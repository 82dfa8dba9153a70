import type { Ops } from '../../../../../src/main/engine/graph/operations.ts'
import { allOps } from '../../../../../src/main/engine/graph/ops/index.ts'
import type { DType, Shape, Value } from '../../../../../src/main/engine/graph/types.ts'
import { awayFromZero, between, usual, type Sample } from '../../../../helpers/samples.ts'

/** One input of a kernel case: drawn by `sample` (float32 by default), or given outright. */
export interface CaseInput {
  readonly shape: Shape
  readonly dtype?: DType
  readonly sample?: Sample
  readonly given?: readonly number[]
}

/** A small graph around one op, run by ONNX Runtime and by the reference interpreter. */
export interface KernelCase {
  /** The op under test. */
  readonly op: keyof typeof allOps
  readonly how: string
  readonly inputs: readonly CaseInput[]
  readonly f: (g: Ops, ...inputs: Value[]) => Value | readonly Value[]
}

/** The numbers behind the named dims of every row. */
export const sizes = { rows: 2, time: 3, tokens: 6 }

const floats = (...shapes: readonly Shape[]): CaseInput[] => shapes.map((shape) => ({ shape }))
const flags: Sample = (random) => random.below(2)
const below =
  (limit: number): Sample =>
  (random) =>
    random.below(limit)
const ids = (shape: Shape, limit: number): CaseInput => ({ shape, dtype: 'int64', sample: below(limit) })
/** Small whole numbers, so that comparisons meet equal elements. */
const whole: Sample = (random) => random.below(3) - 1

const unary = (op: keyof typeof allOps, f: (g: Ops, x: Value) => Value, sample: Sample = usual): KernelCase[] =>
  ([['rows', 'time', 5], []] as const).map((shape) => ({
    op,
    how: shape.length === 0 ? 'a scalar' : 'named dims',
    inputs: [{ shape, sample }],
    f: (g, x) => f(g, x)
  }))

const wide = between(-12, 12)

const unaries: readonly KernelCase[] = [
  ...unary('Abs', (g, x) => g.abs(x)),
  ...unary('Neg', (g, x) => g.neg(x)),
  ...unary('Exp', (g, x) => g.exp(x)),
  ...unary('Log', (g, x) => g.log(x), between(0.01, 9)),
  ...unary('Sqrt', (g, x) => g.sqrt(x), between(0, 9)),
  ...unary('Erf', (g, x) => g.erf(x), wide),
  ...unary('Tanh', (g, x) => g.tanh(x), wide),
  ...unary('Sigmoid', (g, x) => g.sigmoid(x), wide),
  ...unary('Relu', (g, x) => g.relu(x)),
  ...unary('Sign', (g, x) => g.sign(x), whole),
  ...unary('Reciprocal', (g, x) => g.reciprocal(x), awayFromZero(0.1)),
  ...unary('Softplus', (g, x) => g.softplus(x), wide),
  ...unary('Gelu', (g, x) => g.gelu(x), wide),
  { op: 'FastGelu', how: 'named dims', inputs: [{ shape: ['rows', 5], sample: wide }], f: (g, x) => g.fastGelu(x) },
  ...unary('QuickGelu', (g, x) => g.quickGelu(x, 1.702), wide),
  ...unary('HardSigmoid', (g, x) => g.hardSigmoid(x, 0.25, 0.5)),
  ...unary('HardSigmoid', (g, x) => g.hardSigmoid(x, 0.5, 0.5), between(-1, 1)),
  ...unary('Identity', (g, x) => g.identity(x)),
  ...unary(
    'IsNaN',
    (g, x) => g.isNaN(x),
    (random) => (random.below(2) === 0 ? NaN : random.below(3) / 0)
  ),
  { op: 'Not', how: 'named dims', inputs: [{ shape: ['rows', 4], dtype: 'bool', sample: flags }], f: (g, x) => g.not(x) }
]

const shapePairs: readonly (readonly [string, Shape, Shape])[] = [
  ['equal shapes', ['rows', 3], ['rows', 3]],
  ['a vector over rows', ['rows', 'time', 4], [4]],
  ['both stretched', [2, 1, 4], [3, 1]],
  ['a scalar', ['rows', 3], []]
]

const binary = (op: keyof typeof allOps, f: (g: Ops, a: Value, b: Value) => Value, sample: Sample = usual): KernelCase[] =>
  shapePairs.map(([how, a, b]) => ({
    op,
    how,
    inputs: [
      { shape: a, sample },
      { shape: b, sample }
    ],
    f: (g, x, y) => f(g, x, y)
  }))

const binaries: readonly KernelCase[] = [
  ...binary('Add', (g, a, b) => g.add(a, b)),
  ...binary('Sub', (g, a, b) => g.sub(a, b)),
  ...binary('Mul', (g, a, b) => g.mul(a, b)),
  ...binary('Div', (g, a, b) => g.div(a, b), awayFromZero(0.2)),
  ...binary('Pow', (g, a, b) => g.pow(a, b), between(0.2, 3)),
  ...binary('Max', (g, a, b) => g.max(a, b)),
  ...binary('Min', (g, a, b) => g.min(a, b)),
  ...binary('Equal', (g, a, b) => g.equal(a, b), whole),
  ...binary('Greater', (g, a, b) => g.greater(a, b), whole),
  ...binary('Less', (g, a, b) => g.less(a, b), whole),
  {
    op: 'Equal',
    how: 'integers',
    inputs: [ids(['rows', 3], 2), ids([1, 3], 2)],
    f: (g, a, b) => g.equal(a, b)
  },
  {
    op: 'Where',
    how: 'all three stretched',
    inputs: [{ shape: ['rows', 1, 3], dtype: 'bool', sample: flags }, ...floats(['time', 1], [])],
    f: (g, condition, x, y) => g.where(condition, x, y)
  }
]

const combinations = [false, true].flatMap((transA) => [false, true].map((transB) => ({ transA, transB })))
const swap = (shape: Shape, isSwapped: boolean): Shape =>
  isSwapped ? [...shape.slice(0, -2), shape.at(-1) ?? 1, shape.at(-2) ?? 1] : shape

const products: readonly KernelCase[] = [
  {
    op: 'MatMul',
    how: 'a named batch by a shared weight',
    inputs: floats(['rows', 'time', 5], [5, 4]),
    f: (g, a, b) => g.matMul(a, b)
  },
  { op: 'MatMul', how: 'broadcast batches', inputs: floats([2, 1, 3, 5], ['time', 5, 4]), f: (g, a, b) => g.matMul(a, b) },
  ...combinations.flatMap(({ transA, transB }): KernelCase[] => {
    const how = `${transA ? 'Aᵀ' : 'A'}·${transB ? 'Bᵀ' : 'B'}`
    const [a, b] = [swap(['time', 5], transA), swap([5, 4], transB)]
    const options = { transA, transB, alpha: 0.7 }
    return [
      { op: 'FusedMatMul', how: `matrices, ${how}`, inputs: floats(a, b), f: (g, x, y) => g.fusedMatMul(x, y, options) },
      {
        op: 'FusedMatMul',
        how: `batches of heads, ${how}`,
        inputs: floats(['rows', 2, ...a], ['rows', 2, ...b]),
        f: (g, x, y) => g.fusedMatMul(x, y, options)
      },
      {
        op: 'FusedMatMul',
        how: `a batch by a matrix, ${how}`,
        inputs: floats(['rows', ...a], b),
        f: (g, x, y) => g.fusedMatMul(x, y, options)
      },
      {
        op: 'FusedMatMul',
        how: `broadcast batches, ${how}`,
        inputs: floats([2, 1, ...a], [3, ...b]),
        f: (g, x, y) => g.fusedMatMul(x, y, options)
      },
      {
        op: 'Gemm',
        how: `with C, ${how}`,
        inputs: floats(a, b, [4]),
        f: (g, x, y, c) =>
          g.one(allOps.Gemm, [x, y, c], {
            transA: Number(transA),
            transB: Number(transB),
            alpha: { float: 0.7 },
            beta: { float: 1.3 }
          })
      }
    ]
  }),
  { op: 'Gemm', how: 'without C', inputs: floats(['tokens', 5], [5, 4]), f: (g, a, b) => g.gemm(a, b) }
]

const reductions: readonly KernelCase[] = [
  ...(['reduceSum', 'reduceMean', 'reduceMax', 'reduceSumSquare'] as const).flatMap((name) =>
    (
      [
        [[0], false],
        [[-1], true],
        [[0, 2], true],
        [[0, 1, 2], false]
      ] as const
    ).map(([axes, keep]): KernelCase => {
      const op = (
        { reduceSum: 'ReduceSum', reduceMean: 'ReduceMean', reduceMax: 'ReduceMax', reduceSumSquare: 'ReduceSumSquare' } as const
      )[name]
      return {
        op,
        how: `over ${axes.join()}${keep ? ', kept' : ''}`,
        inputs: floats(['rows', 'time', 5]),
        f: (g, x) => g[name](x, axes, keep)
      }
    })
  ),
  ...[0, 1, -1].flatMap((axis): KernelCase[] => [
    {
      op: 'Softmax',
      how: `over axis ${axis}`,
      inputs: [{ shape: ['rows', 'time', 5], sample: wide }],
      f: (g, x) => g.softmax(x, axis)
    },
    {
      op: 'LogSoftmax',
      how: `over axis ${axis}`,
      inputs: [{ shape: ['rows', 'time', 5], sample: wide }],
      f: (g, x) => g.logSoftmax(x, axis)
    }
  ]),
  {
    op: 'LayerNormalization',
    how: 'with its statistics',
    inputs: floats(['rows', 'time', 8], [8], [8]),
    f: (g, x, scale, bias) => g.layerNormalization(x, scale, bias, 1e-12)
  },
  {
    op: 'LayerNormalization',
    how: 'without bias',
    inputs: floats(['tokens', 8], [8]),
    f: (g, x, scale) => g.layerNormalization(x, scale, null, 1e-5)
  }
]

const movement: readonly KernelCase[] = [
  { op: 'Reshape', how: 'a shape vector', inputs: floats(['rows', 'time', 6]), f: (g, x) => g.reshape(x, ['tokens', 2, 3]) },
  { op: 'Reshape', how: 'a constant shape', inputs: floats([4, 6]), f: (g, x) => g.reshape(x, [8, 3]) },
  {
    op: 'Shape',
    how: 'waiting for another value',
    inputs: floats(['rows', 6], ['rows', 6]),
    f: (g, x, other) => g.after(x, other)
  },
  { op: 'Expand', how: 'a shape vector', inputs: floats([1, 3]), f: (g, x) => g.expand(x, ['rows', 'time', 3]) },
  {
    op: 'ConstantOfShape',
    how: 'zeros of a named shape',
    inputs: floats(['rows', 4]),
    f: (g, x) => g.add(x, g.zeros(['rows', 4]))
  },
  { op: 'ConstantOfShape', how: 'zeros of a constant shape', inputs: floats([2, 4]), f: (g, x) => g.add(x, g.zeros([2, 4])) },
  {
    op: 'Transpose',
    how: 'heads before time',
    inputs: floats(['rows', 'time', 2, 4]),
    f: (g, x) => g.transpose(x, [0, 2, 1, 3])
  },
  { op: 'Concat', how: 'three', inputs: floats(['rows', 1], ['rows', 3], ['rows', 2]), f: (g, ...all) => g.concat(all, 1) },
  { op: 'Concat', how: 'integers', inputs: [ids([2], 9), ids([3], 9)], f: (g, ...all) => g.concat(all, 0) },
  { op: 'Slice', how: 'the middle', inputs: floats(['rows', 6]), f: (g, x) => g.slice(x, 1, 1, 4) },
  { op: 'Slice', how: 'counted from the end', inputs: floats(['rows', 6]), f: (g, x) => g.slice(x, -1, -4, -1) },
  { op: 'Slice', how: 'past the end', inputs: floats([4, 2]), f: (g, x) => g.slice(x, 0, 2, 99) },
  { op: 'Pad', how: 'all around', inputs: floats(['rows', 3, 2]), f: (g, x) => g.pad(x, [0, 1, 2, 0, 0, 3]) },
  { op: 'Squeeze', how: 'two axes', inputs: floats([1, 'time', 1]), f: (g, x) => g.squeeze(x, [0, -1]) },
  { op: 'Unsqueeze', how: 'two axes', inputs: floats(['rows', 3]), f: (g, x) => g.unsqueeze(x, [0, -1]) },
  {
    op: 'Cast',
    how: 'float to integer and back',
    inputs: floats(['rows', 5]),
    f: (g, x) => g.cast(g.cast(x, 'int64'), 'float32')
  },
  {
    op: 'Cast',
    how: 'bool to float',
    inputs: [{ shape: ['rows', 5], dtype: 'bool', sample: flags }],
    f: (g, x) => g.cast(x, 'float32')
  },
  { op: 'Cast', how: 'float to bool', inputs: [{ shape: [6], given: [0, 1, -1, 0.25, 0, 3] }], f: (g, x) => g.cast(x, 'bool') },
  {
    op: 'DequantizeLinear',
    how: 'a dropout mask',
    inputs: [{ shape: ['rows', 'time', 4], dtype: 'uint8', sample: flags }],
    f: (g, x) => g.dequantize(x, g.scalar(1 / 0.9))
  }
]

const indexing: readonly KernelCase[] = [
  {
    op: 'Gather',
    how: 'embedding look-up',
    inputs: [...floats([7, 4]), ids(['rows', 'time'], 7)],
    f: (g, x, at) => g.gather(x, at)
  },
  { op: 'Gather', how: 'along axis 1', inputs: [...floats(['rows', 5]), ids([3], 5)], f: (g, x, at) => g.gather(x, at, 1) },
  { op: 'Gather', how: 'negative ids', inputs: floats([4, 2]), f: (g, x) => g.gather(x, g.ints([-1, 0, -4])) },
  {
    op: 'GatherElements',
    how: 'the true class of each row',
    inputs: [...floats(['rows', 5]), ids(['rows', 1], 5)],
    f: (g, x, at) => g.gatherElements(x, at, 1)
  },
  {
    op: 'ScatterElements',
    how: 'adding at repeated indices',
    inputs: [...floats([3, 2]), ids(['tokens', 2], 3), ...floats(['tokens', 2])],
    f: (g, x, at, updates) => g.scatterAdd(x, at, updates, 0)
  },
  {
    op: 'ScatterElements',
    how: 'putting',
    inputs: floats([3, 2], [1, 2]),
    f: (g, x, updates) =>
      g.one(allOps.ScatterElements, [x, g.constant([2, 0], [1, 2], 'int64'), updates], { axis: 0, reduction: 'none' })
  },
  { op: 'OneHot', how: 'classes', inputs: [ids(['rows', 'time'], 4)], f: (g, x) => g.oneHot(x, 4) },
  { op: 'OneHot', how: 'negative ids', inputs: [], f: (g) => g.oneHot(g.ints([-1, 0, -4]), 4) }
]

export const kernelCases: readonly KernelCase[] = [...unaries, ...binaries, ...products, ...reductions, ...movement, ...indexing]
