import { assert } from '../../../base/assert.ts'
import { lazy } from '../../../base/lazy.ts'
import { denseTimes } from './dense-product.ts'
import type { Design } from './design.ts'
import { inGroups, ProductMemory, workOf } from './product-kernels.ts'

/** `features` is [rows, columns] row-major; `valueOf` says what stands at each of its places. */
function denseDesign(rows: number, columns: number, valueOf: (place: number) => number): Design {
  return placedDense(rows, columns, valueOf) ?? plainDense(rows, columns, valueOf)
}

function plainDense(rows: number, columns: number, valueOf: (place: number) => number): Design {
  const features = Float64Array.from({ length: rows * columns }, (_, i) => valueOf(i))
  const byColumn = lazy(() => {
    const turned = new Float64Array(features.length)
    turn(features, rows, columns, turned)
    return turned
  })
  let product = new Float64Array()
  return {
    rows,
    columns,
    times: (weights, outputs, out) => denseTimes(features, columns, weights, outputs, out),
    transposeTimes: (residuals, outputs, out) => denseTimes(byColumn(), rows, residuals, outputs, out),
    gram(residuals, outputs, out) {
      if (product.length !== columns * outputs) product = new Float64Array(columns * outputs)
      denseTimes(byColumn(), rows, residuals, outputs, product)
      denseTimes(features, columns, product, outputs, out)
    }
  }
}

/** The same with 128-bit instructions, to the bit; null where there are none. */
function placedDense(rows: number, columns: number, valueOf: (place: number) => number): Design | null {
  const memory = ProductMemory.open()
  const matrix = memory?.reserve(8 * inGroups(rows) * columns) ?? null
  const turned = memory?.reserve(8 * inGroups(columns) * rows) ?? null
  if (!memory || matrix === null || turned === null) return null
  const values = (at: number): Float64Array => memory.floats(at, rows * columns)
  const features = values(matrix)
  for (let i = 0; i < features.length; i++) features[i] = valueOf(i)
  const turnOnce = lazy(() => turn(values(matrix), rows, columns, values(turned)))
  const plain = lazy(() => {
    const given = values(matrix)
    return plainDense(rows, columns, (place) => given[place] ?? 0)
  })
  const work = workOf(memory, rows, columns)
  const product =
    (way: 'times' | 'transposeTimes' | 'gram'): Design['times'] =>
    (input, outputs, out) => {
      const places = work(outputs)
      if (!places) return plain()[way](input, outputs, out)
      memory.floats(way === 'times' ? places.columns : places.rows, input.length).set(input)
      if (way !== 'times') {
        turnOnce()
        memory.dense(turned, columns, rows, places.rows, outputs, places.columns)
      }
      if (way !== 'transposeTimes') memory.dense(matrix, rows, columns, places.columns, outputs, places.rows)
      out.set(memory.floats(way === 'transposeTimes' ? places.columns : places.rows, out.length))
    }
  return { rows, columns, times: product('times'), transposeTimes: product('transposeTimes'), gram: product('gram') }
}

/** Writes a matrix [rows, columns] column by column. */
function turn(matrix: Float64Array, rows: number, columns: number, out: Float64Array): void {
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) out[column * rows + row] = matrix[row * columns + column] ?? 0
}

/** Mean and spread of each training feature; [columns] each. */
export interface Scaling {
  readonly mean: Float64Array
  readonly scale: Float64Array
}

/** The scaling that gives each column of `features` [rows, columns] mean 0 and variance 1. A constant column is only centred. */
export function fitScaling(features: Float32Array, columns: number): Scaling {
  const rows = features.length / columns
  assert(rows > 0 && Number.isInteger(rows), `features are [rows, ${columns}]`)
  const mean = new Float64Array(columns)
  const scale = new Float64Array(columns)
  for (let i = 0; i < features.length; i++) mean[i % columns] = (mean[i % columns] ?? 0) + (features[i] ?? 0) / rows
  for (let i = 0; i < features.length; i++) {
    const j = i % columns
    scale[j] = (scale[j] ?? 0) + ((features[i] ?? 0) - (mean[j] ?? 0)) ** 2 / rows
  }
  // Below this a column's variance is the rounding noise of its mean.
  const isConstant = (variance: number, j: number): boolean => Math.sqrt(variance) <= 1e-12 * Math.abs(mean[j] ?? 0)
  return { mean, scale: scale.map((variance, j) => (isConstant(variance, j) ? 1 : Math.sqrt(variance))) }
}

/** A dense design of standardised features, scaled as the training rows were. */
export function standardisedDesign(features: Float32Array, { mean, scale }: Scaling): Design {
  const columns = mean.length
  const valueOf = (i: number): number => ((features[i] ?? 0) - (mean[i % columns] ?? 0)) / (scale[i % columns] ?? 1)
  return denseDesign(features.length / columns, columns, valueOf)
}
