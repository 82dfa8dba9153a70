import { broadcastShape, decimal, fill, readBroadcast, required, type Kernel } from './tensor.ts'

type Unary = (x: number) => number

const map =
  (f: Unary): Kernel =>
  (inputs) => {
    const { shape, data } = required(inputs, 0)
    return [{ shape, data: data.map(f) }]
  }

const map2 =
  (f: (a: number, b: number) => number): Kernel =>
  (inputs) => {
    const [a, b] = [required(inputs, 0), required(inputs, 1)]
    return [fill(broadcastShape(a.shape, b.shape), (index) => f(readBroadcast(a, index), readBroadcast(b, index)))]
  }

/** erf x = 2/√π · e^(−x²) · Σ 2ⁿ·x²ⁿ⁺¹/(2n+1)!!: all terms have one sign, so nothing cancels. Beyond 6 it is ±1 in double precision. */
export function erf(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x)
  let term = x
  let sum = x
  for (let n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1)
    sum += term
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum
}

const sigmoid: Unary = (x) => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)))
const fastGelu: Unary = (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))

const where: Kernel = (inputs) => {
  const [condition, x, y] = [required(inputs, 0), required(inputs, 1), required(inputs, 2)]
  const shape = broadcastShape(condition.shape, broadcastShape(x.shape, y.shape))
  return [fill(shape, (index) => readBroadcast(readBroadcast(condition, index) !== 0 ? x : y, index))]
}

/** (x − zeroPoint) · scale: the zero point a scalar, the scale, too, or one for each number. */
const dequantize: Kernel = (inputs) => {
  const { shape, data } = required(inputs, 0)
  const scale = required(inputs, 1)
  const zero = inputs[2]?.data[0] ?? 0
  return [{ shape, data: data.map((x, i) => (x - zero) * (scale.data[scale.data.length === 1 ? 0 : i] ?? NaN)) }]
}

const quickGelu: Kernel = (inputs, attributes) => {
  const alpha = decimal(attributes, 'alpha')
  return map((x) => x * sigmoid(alpha * x))(inputs, attributes)
}

const hardSigmoid: Kernel = (inputs, attributes) => {
  const [alpha, beta] = [decimal(attributes, 'alpha'), decimal(attributes, 'beta')]
  return map((x) => Math.min(Math.max(alpha * x + beta, 0), 1))(inputs, attributes)
}

export const elementwiseKernels = {
  Abs: map(Math.abs),
  Neg: map((x) => -x),
  Exp: map(Math.exp),
  Log: map(Math.log),
  Sqrt: map(Math.sqrt),
  Erf: map(erf),
  Tanh: map(Math.tanh),
  Sigmoid: map(sigmoid),
  Relu: map((x) => Math.max(x, 0)),
  Sign: map(Math.sign),
  Reciprocal: map((x) => 1 / x),
  Softplus: map((x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))),
  Gelu: map((x) => 0.5 * x * (1 + erf(x * Math.SQRT1_2))),
  FastGelu: map(fastGelu),
  QuickGelu: quickGelu,
  HardSigmoid: hardSigmoid,
  Identity: map((x) => x),
  Not: map((x) => (x === 0 ? 1 : 0)),
  IsNaN: map((x) => (Number.isNaN(x) ? 1 : 0)),
  Add: map2((a, b) => a + b),
  Sub: map2((a, b) => a - b),
  Mul: map2((a, b) => a * b),
  Div: map2((a, b) => a / b),
  Pow: map2((a, b) => a ** b),
  Max: map2(Math.max),
  Min: map2(Math.min),
  Equal: map2((a, b) => Number(a === b)),
  Greater: map2((a, b) => Number(a > b)),
  Less: map2((a, b) => Number(a < b)),
  Where: where,
  DequantizeLinear: dequantize
} as const satisfies Readonly<Record<string, Kernel>>
