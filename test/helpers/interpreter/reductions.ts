import { axisFrom, decimal, fill, indexOf, offsetOf, required, sizeOf, whole, zeros, type Kernel, type Tensor } from './tensor.ts'

/** Folds the elements that share an index once the axes are gone. */
const reduce =
  (start: number, join: (sum: number, x: number) => number, finish: (sum: number, count: number) => number): Kernel =>
  (inputs, attributes) => {
    const x = required(inputs, 0)
    const gone = new Set(Array.from(required(inputs, 1).data, (axis) => axisFrom(axis, x.shape.length)))
    const kept = x.shape.map((size, i) => (gone.has(i) ? 1 : size))
    const sums = zeros(kept).data.fill(start)
    x.data.forEach((value, offset) => {
      const at = offsetOf(
        kept,
        indexOf(x.shape, offset).map((place, i) => (gone.has(i) ? 0 : place))
      )
      sums[at] = join(sums[at] ?? start, value)
    })
    const count = sizeOf(x.shape.filter((_, i) => gone.has(i)))
    const shape = whole(attributes, 'keepdims') === 1 ? kept : kept.filter((_, i) => !gone.has(i))
    return [{ shape, data: sums.map((sum) => finish(sum, count)) }]
  }

const same = (sum: number): number => sum

/** Computes `f` on each line of elements along `axis`. */
function along(x: Tensor, axis: number, f: (line: Float64Array) => Float64Array): Tensor {
  const at = axisFrom(axis, x.shape.length)
  const length = x.shape[at] ?? 0
  return fillLines(x, at, length, f)
}

function fillLines(x: Tensor, axis: number, length: number, f: (line: Float64Array) => Float64Array): Tensor {
  const out = zeros(x.shape)
  const lines = x.shape.map((size, i) => (i === axis ? 1 : size))
  for (let line = 0; line < sizeOf(lines); line++) {
    const index = indexOf(lines, line)
    const offsets = Array.from({ length }, (_, k) =>
      offsetOf(
        x.shape,
        index.map((place, i) => (i === axis ? k : place))
      )
    )
    f(Float64Array.from(offsets, (offset) => x.data[offset] ?? NaN)).forEach((value, k) => {
      out.data[offsets[k] ?? 0] = value
    })
  }
  return out
}

const logSoftmaxLine = (line: Float64Array): Float64Array => {
  const largest = Math.max(...line)
  const total = Math.log(line.reduce((sum, x) => sum + Math.exp(x - largest), 0))
  return line.map((x) => x - largest - total)
}

const layerNormalization: Kernel = (inputs, attributes) => {
  const [x, scale] = [required(inputs, 0), required(inputs, 1)]
  const bias = inputs[2]
  const width = x.shape.at(-1) ?? 1
  const statistics = [...x.shape.slice(0, -1), 1]
  const lineOf = (line: number): Float64Array => x.data.subarray(line * width, (line + 1) * width)
  const average = (line: Float64Array): number => line.reduce((sum, value) => sum + value, 0) / width
  const mean = fill(statistics, (_, line) => average(lineOf(line)))
  const invStdDev = fill(statistics, (_, line) => {
    const centre = mean.data[line] ?? NaN
    return 1 / Math.sqrt(average(lineOf(line).map((value) => (value - centre) ** 2)) + decimal(attributes, 'epsilon'))
  })
  const y = fill(x.shape, (_, offset) => {
    const [line, column] = [Math.floor(offset / width), offset % width]
    const normal = ((x.data[offset] ?? NaN) - (mean.data[line] ?? NaN)) * (invStdDev.data[line] ?? NaN)
    return normal * (scale.data[column] ?? NaN) + (bias ? (bias.data[column] ?? NaN) : 0)
  })
  return [y, mean, invStdDev]
}

export const reductionKernels = {
  ReduceSum: reduce(0, (sum, x) => sum + x, same),
  ReduceMean: reduce(
    0,
    (sum, x) => sum + x,
    (sum, count) => sum / count
  ),
  ReduceSumSquare: reduce(0, (sum, x) => sum + x * x, same),
  ReduceMax: reduce(-Infinity, Math.max, same),
  LogSoftmax: (inputs, attributes) => [along(required(inputs, 0), whole(attributes, 'axis'), logSoftmaxLine)],
  Softmax: (inputs, attributes) => [
    along(required(inputs, 0), whole(attributes, 'axis'), (line) => logSoftmaxLine(line).map(Math.exp))
  ],
  LayerNormalization: layerNormalization
} as const satisfies Readonly<Record<string, Kernel>>
