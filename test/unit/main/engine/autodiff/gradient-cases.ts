import type { Ops } from '../../../../../src/main/engine/graph/operations.ts'
import { allOps } from '../../../../../src/main/engine/graph/ops/index.ts'
import type { Shape, Value } from '../../../../../src/main/engine/graph/types.ts'
import { awayFromZero, between, type Sample } from '../../../../helpers/samples.ts'

/** A function of float tensors whose gradients are compared with finite differences. */
export interface GradientCase {
  readonly name: string
  readonly shapes: readonly Shape[]
  /** The numbers behind named dims. */
  readonly sizes?: Readonly<Record<string, number>>
  readonly sample?: Sample
  /** Inputs given outright, by position: where ties matter. */
  readonly given?: Readonly<Record<number, readonly number[]>>
  readonly f: (g: Ops, ...inputs: Value[]) => Value
}

/** Batches in these rows have 2 rows of 3 places. */
const sizes = { rows: 2, time: 3, tokens: 6 }

const unary = (name: string, f: (g: Ops, x: Value) => Value, sample?: Sample): GradientCase => ({
  name,
  shapes: [[2, 3]],
  ...(sample ? { sample } : {}),
  f: (g, x = g.scalar(0)) => f(g, x)
})

const elementwise: readonly GradientCase[] = [
  unary('Abs', (g, x) => g.abs(x), awayFromZero(0.2)),
  unary('Neg', (g, x) => g.neg(x)),
  unary('Exp', (g, x) => g.exp(x)),
  unary('Log', (g, x) => g.log(x), between(0.5, 3)),
  unary('Sqrt', (g, x) => g.sqrt(x), between(0.5, 3)),
  unary('Erf', (g, x) => g.erf(x)),
  unary('Tanh', (g, x) => g.tanh(x)),
  unary('Sigmoid', (g, x) => g.sigmoid(x)),
  unary('Relu', (g, x) => g.relu(x), awayFromZero(0.2)),
  unary('Reciprocal', (g, x) => g.reciprocal(x), awayFromZero(0.5)),
  unary('Softplus', (g, x) => g.softplus(x)),
  unary('Gelu', (g, x) => g.gelu(x)),
  unary('FastGelu', (g, x) => g.fastGelu(x)),
  unary('QuickGelu as transformers has it', (g, x) => g.quickGelu(x, 1.702)),
  unary('QuickGelu as SiLU', (g, x) => g.quickGelu(x, 1)),
  unary('HardSigmoid between its limits', (g, x) => g.hardSigmoid(x, 0.25, 0.5), between(-1.9, 1.9)),
  unary('HardSigmoid beyond its limits', (g, x) => g.hardSigmoid(x, 4, 0.5), awayFromZero(0.2)),
  unary('Identity', (g, x) => g.identity(x)),
  unary('Cast there and back', (g, x) => g.cast(g.cast(x, 'float16'), 'float32')),
  unary('Pow with a whole exponent', (g, x) => g.pow(x, g.scalar(3))),
  unary('Pow with a broken exponent', (g, x) => g.pow(x, g.scalar(1.5)), between(0.5, 3)),
  unary('Pow with exponent 1', (g, x) => g.pow(x, g.scalar(1))),
  unary('Pow with exponent 0', (g, x) => g.pow(x, g.scalar(0)))
]

const pair = (name: string, a: Shape, b: Shape, f: (g: Ops, a: Value, b: Value) => Value, sample?: Sample): GradientCase => ({
  name,
  shapes: [a, b],
  sizes,
  ...(sample ? { sample } : {}),
  f: (g, x = g.scalar(0), y = g.scalar(0)) => f(g, x, y)
})

/** Every way in which two shapes broadcast. */
const shapePairs: readonly (readonly [string, Shape, Shape])[] = [
  ['equal shapes', [2, 3], [2, 3]],
  ['a vector over rows', [2, 3], [3]],
  ['rows under a vector', [3], [2, 3]],
  ['a column over columns', [2, 1], [2, 3]],
  ['both stretched', [2, 1], [1, 3]],
  ['a scalar', [], [2, 3]],
  ['new leading axes', [1], [2, 1, 3]],
  ['named dims', ['rows', 1, 'time'], ['time', 1]]
]

const binaryOps: readonly (readonly [string, (g: Ops, a: Value, b: Value) => Value, Sample?])[] = [
  ['Add', (g, a, b) => g.add(a, b)],
  ['Sub', (g, a, b) => g.sub(a, b)],
  ['Mul', (g, a, b) => g.mul(a, b)],
  ['Div', (g, a, b) => g.div(a, b), awayFromZero(0.5)],
  ['Max', (g, a, b) => g.max(a, b)],
  ['Min', (g, a, b) => g.min(a, b)],
  ['Where', (g, a, b) => g.where(g.constant([1, 0, 1], [3, 1, 1, 1], 'bool'), a, b)]
]

const broadcasting = binaryOps.flatMap(([op, f, sample]) =>
  shapePairs.map(([how, a, b]) => pair(`${op}, ${how}`, a, b, f, sample))
)

const ties: readonly GradientCase[] = [
  { name: 'Max, half each at a tie', shapes: [[3], [3]], given: { 0: [1, 2, 3], 1: [1, 5, 3] }, f: (g, a, b) => g.max(a, b) },
  { name: 'Min, half each at a tie', shapes: [[3], [3]], given: { 0: [1, 2, 3], 1: [1, 5, 3] }, f: (g, a, b) => g.min(a, b) },
  {
    name: 'ReduceMax, half each at a tie of two',
    shapes: [[2, 3]],
    given: { 0: [4, 1, 4, 0, 2, 1] },
    f: (g, x) => g.reduceMax(x, [-1])
  }
]

const combinations = [false, true].flatMap((transA) => [false, true].map((transB) => ({ transA, transB })))
const swap = (shape: readonly number[], isSwapped: boolean): number[] =>
  isSwapped ? [...shape.slice(0, -2), shape.at(-1) ?? 0, shape.at(-2) ?? 0] : [...shape]

const gemmWith = (g: Ops, inputs: readonly Value[], transA: boolean, transB: boolean, alpha: number, beta: number): Value =>
  g.one(allOps.Gemm, inputs, {
    transA: Number(transA),
    transB: Number(transB),
    alpha: { float: alpha },
    beta: { float: beta }
  })

const products: readonly GradientCase[] = [
  pair('MatMul of matrices', [3, 4], [4, 2], (g, a, b) => g.matMul(a, b)),
  pair('MatMul batch × shared weight', [5, 3, 4], [4, 2], (g, a, b) => g.matMul(a, b)),
  pair('MatMul named batch × shared weight', ['rows', 'time', 4], [4, 2], (g, a, b) => g.matMul(a, b)),
  pair('MatMul shared matrix × batch', [3, 4], [2, 4, 2], (g, a, b) => g.matMul(a, b)),
  pair('MatMul batch × batch', [2, 3, 4], [2, 4, 2], (g, a, b) => g.matMul(a, b)),
  pair('MatMul with broadcast batches', [2, 1, 3, 4], [3, 4, 2], (g, a, b) => g.matMul(a, b)),
  pair('MatMul over a named inner size', ['rows', 2, 'time'], ['rows', 'time', 2], (g, a, b) => g.matMul(a, b)),
  ...combinations.flatMap(({ transA, transB }): GradientCase[] => {
    const how = `${transA ? 'Aᵀ' : 'A'}·${transB ? 'Bᵀ' : 'B'}`
    const [a, b] = [swap([3, 4], transA), swap([4, 2], transB)]
    return [
      pair(`FusedMatMul of matrices, ${how}`, a, b, (g, x, y) => g.fusedMatMul(x, y, { transA, transB, alpha: 0.7 })),
      pair(`FusedMatMul of batches, ${how}`, [2, ...a], [2, ...b], (g, x, y) =>
        g.fusedMatMul(x, y, { transA, transB, alpha: 0.7 })
      ),
      pair(`FusedMatMul batch × matrix, ${how}`, [2, ...a], b, (g, x, y) => g.fusedMatMul(x, y, { transA, transB, alpha: 0.7 })),
      pair(`FusedMatMul, broadcast batches, ${how}`, [2, 1, ...a], [3, ...b], (g, x, y) =>
        g.fusedMatMul(x, y, { transA, transB })
      ),
      pair(`Gemm without C, ${how}`, a, b, (g, x, y) => g.gemm(x, y, { transA, transB, alpha: 1.3 })),
      { name: `Gemm with C, ${how}`, shapes: [a, b, [3, 2]], f: (g, ...all) => gemmWith(g, all, transA, transB, 0.6, 1.7) }
    ]
  }),
  ...([[2], [3, 1], [1], []] as const).map((c): GradientCase => ({
    name: `Gemm with C [${c.join()}] broadcast`,
    shapes: [[3, 4], [4, 2], c],
    f: (g, ...all) => gemmWith(g, all, false, false, 1, 0.5)
  }))
]

const reductions: readonly GradientCase[] = [
  ...(['reduceSum', 'reduceMean', 'reduceMax', 'reduceSumSquare'] as const).flatMap((op) =>
    (
      [
        [[0], false],
        [[-1], true],
        [[0, 2], false],
        [[0, 1, 2], true]
      ] as const
    ).map(([axes, keep]): GradientCase => ({
      name: `${op} over ${axes.join()}${keep ? ', kept' : ''}`,
      shapes: [[2, 3, 2]],
      f: (g, x) => g[op](x, axes, keep)
    }))
  ),
  { name: 'ReduceSum over a named axis', shapes: [['rows', 'time', 2]], sizes, f: (g, x) => g.reduceSum(x, [1]) },
  ...[0, 1, -1].flatMap((axis): GradientCase[] => [
    { name: `Softmax over axis ${axis}`, shapes: [[2, 3, 2]], f: (g, x) => g.softmax(x, axis) },
    { name: `LogSoftmax over axis ${axis}`, shapes: [[2, 3, 2]], f: (g, x) => g.logSoftmax(x, axis) }
  ]),
  {
    name: 'LayerNormalization, all three inputs',
    shapes: [[2, 3, 4], [4], [4]],
    f: (g, x, scale, bias) => g.layerNormalization(x, scale, bias, 1e-5)[0]
  },
  {
    name: 'LayerNormalization without bias',
    shapes: [[3, 4], [4]],
    f: (g, x, scale) => g.layerNormalization(x, scale, null, 0.1)[0]
  }
]

const movement: readonly GradientCase[] = [
  { name: 'Reshape', shapes: [[2, 6]], f: (g, x) => g.reshape(x, [3, 4]) },
  { name: 'Reshape with named dims', shapes: [['tokens', 4]], sizes, f: (g, x) => g.reshape(x, ['rows', 'time', 2, 2]) },
  { name: 'Transpose', shapes: [[2, 3, 4]], f: (g, x) => g.transpose(x, [2, 0, 1]) },
  { name: 'Expand of a size', shapes: [[2, 1]], f: (g, x) => g.expand(x, [2, 3]) },
  { name: 'Expand of a new named axis', shapes: [[1, 3]], sizes, f: (g, x) => g.expand(x, ['rows', 'time', 3]) },
  {
    name: 'Concat',
    shapes: [
      [2, 1],
      [2, 3],
      [2, 2]
    ],
    f: (g, ...all) => g.concat(all, 1)
  },
  { name: 'Concat of one value with itself', shapes: [[2, 2]], f: (g, x) => g.concat([x, x], 0) },
  { name: 'Slice', shapes: [[3, 5]], f: (g, x) => g.slice(x, 1, 1, 4) },
  { name: 'Slice counted from the end', shapes: [[3, 5]], f: (g, x) => g.slice(x, -1, -4, -1) },
  { name: 'Slice past the end', shapes: [[3, 5]], f: (g, x) => g.slice(x, 0, 1, 99) },
  { name: 'Pad', shapes: [[2, 3]], f: (g, x) => g.pad(x, [1, 0, 2, 1]) },
  { name: 'Squeeze', shapes: [[1, 3, 1]], f: (g, x) => g.squeeze(x, [0, -1]) },
  { name: 'Unsqueeze', shapes: [[2, 3]], f: (g, x) => g.unsqueeze(x, [0, -1]) }
]

const ids = (g: Ops, values: readonly number[], shape: readonly number[]): Value => g.constant(values, shape, 'int64')

const indexing: readonly GradientCase[] = [
  { name: 'Gather with repeated ids', shapes: [[4, 3]], f: (g, x) => g.gather(x, ids(g, [2, 0, 2, 2], [4])) },
  { name: 'Gather from a long table', shapes: [[600, 2]], f: (g, x) => g.gather(x, ids(g, [599, 0, 599, 7], [4])) },
  { name: 'Gather by a matrix of ids', shapes: [[4, 3]], f: (g, x) => g.gather(x, ids(g, [1, 3, 1, 0, 0, 1], [2, 3])) },
  { name: 'Gather one row', shapes: [[4, 3]], f: (g, x) => g.gather(x, ids(g, [1], [])) },
  { name: 'GatherElements', shapes: [[2, 3]], f: (g, x) => g.gatherElements(x, ids(g, [2, 2, 0, 1], [2, 2]), 1) },
  {
    name: 'ScatterElements with repeated indices',
    shapes: [
      [4, 2],
      [3, 2]
    ],
    f: (g, data, updates) => g.scatterAdd(data, ids(g, [1, 0, 1, 3, 1, 0], [3, 2]), updates, 0)
  }
]

const composed: readonly GradientCase[] = [
  { name: 'a value used twice', shapes: [[2, 3]], f: (g, x) => g.mul(g.tanh(x), g.add(x, g.exp(x))) },
  { name: 'a value on both sides of a product', shapes: [[3, 3]], f: (g, x) => g.matMul(x, g.transposeLast(x)) },
  {
    name: 'attention',
    shapes: [
      ['rows', 2, 'time', 2],
      ['rows', 2, 'time', 2],
      ['rows', 2, 'time', 2],
      ['rows', 1, 1, 'time']
    ],
    sizes,
    f: (g, q, k, v, bias) => g.matMul(g.softmax(g.add(g.fusedMatMul(q, k, { transB: true, alpha: 0.5 }), bias)), v)
  }
]

export const gradientCases: readonly GradientCase[] = [
  ...elementwise,
  ...broadcasting,
  ...ties,
  ...products,
  ...reductions,
  ...movement,
  ...indexing,
  ...composed
]
