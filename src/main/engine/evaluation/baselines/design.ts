import { assert } from '../../../base/assert.ts'
import { lazy } from '../../../base/lazy.ts'
import { denseTimes } from './dense-product.ts'

/**
 * A matrix X of features that linear models are fitted on. Weights W are [columns, outputs] and results [rows, outputs], row-major.
 * Both products overwrite `out`.
 */
export interface Design {
  readonly rows: number
  readonly columns: number
  /** out = X·W */
  readonly times: (weights: Float64Array, outputs: number, out: Float64Array) => void
  /** out = Xᵀ·R */
  readonly transposeTimes: (residuals: Float64Array, outputs: number, out: Float64Array) => void
  /** out = X·Xᵀ·R; what fitting spends its time on. */
  readonly gram: (residuals: Float64Array, outputs: number, out: Float64Array) => void
}

/** Compressed sparse rows: row r holds entries starts[r] … starts[r + 1] − 1. */
export interface SparseMatrix {
  readonly rows: number
  readonly columns: number
  readonly starts: Int32Array
  readonly indices: Int32Array
  readonly values: Float64Array
}

/**
 * out = matrix·weights. Four outputs at a time keep their sums in registers (which declaring them by destructuring would prevent: measured
 * four times slower); this is what fitting spends its time on, and it is twice as fast as adding into `out` entry by entry.
 */
function sparseTimes(
  { rows, starts, indices, values }: SparseMatrix,
  weights: Float64Array,
  outputs: number,
  out: Float64Array
): void {
  for (let row = 0; row < rows; row++) {
    const end = starts[row + 1] ?? 0
    for (let c = 0; c < outputs; c += 4) {
      const left = outputs - c
      let sum0 = 0
      let sum1 = 0
      let sum2 = 0
      let sum3 = 0
      for (let e = starts[row] ?? 0; e < end; e++) {
        const value = values[e] ?? 0
        const from = (indices[e] ?? 0) * outputs + c
        sum0 += value * (weights[from] ?? 0)
        if (left > 1) sum1 += value * (weights[from + 1] ?? 0)
        if (left > 2) sum2 += value * (weights[from + 2] ?? 0)
        if (left > 3) sum3 += value * (weights[from + 3] ?? 0)
      }
      const to = row * outputs + c
      out[to] = sum0
      if (left > 1) out[to + 1] = sum1
      if (left > 2) out[to + 2] = sum2
      if (left > 3) out[to + 3] = sum3
    }
  }
}

/** The same entries by column. */
function transposed({ rows, columns, starts, indices, values }: SparseMatrix): SparseMatrix {
  const next = new Int32Array(columns + 1)
  const used = starts[rows] ?? 0
  for (let e = 0; e < used; e++) {
    const after = (indices[e] ?? 0) + 1
    next[after] = (next[after] ?? 0) + 1
  }
  for (let column = 0; column < columns; column++) next[column + 1] = (next[column + 1] ?? 0) + (next[column] ?? 0)
  const result = {
    rows: columns,
    columns: rows,
    starts: next.slice(),
    indices: new Int32Array(used),
    values: new Float64Array(used)
  }
  for (let row = 0; row < rows; row++) {
    for (let e = starts[row] ?? 0; e < (starts[row + 1] ?? 0); e++) {
      const column = indices[e] ?? 0
      const at = next[column] ?? 0
      next[column] = at + 1
      result.indices[at] = row
      result.values[at] = values[e] ?? 0
    }
  }
  return result
}

function sparseTransposeTimes(matrix: SparseMatrix, residuals: Float64Array, outputs: number, out: Float64Array): void {
  const { rows, starts, indices, values } = matrix
  out.fill(0)
  for (let row = 0; row < rows; row++) {
    const from = row * outputs
    for (let e = starts[row] ?? 0; e < (starts[row + 1] ?? 0); e++) {
      const value = values[e] ?? 0
      const to = (indices[e] ?? 0) * outputs
      for (let c = 0; c < outputs; c++) out[to + c] = (out[to + c] ?? 0) + value * (residuals[from + c] ?? 0)
    }
  }
}

/** The columns with entries in several rows, numbered anew, and per row the squares of its entries in the other columns. */
function splitShared({ rows, columns, starts, indices, values }: SparseMatrix): { shared: SparseMatrix; alone: Float64Array } {
  const entries = new Int32Array(columns)
  for (const column of indices) entries[column] = (entries[column] ?? 0) + 1
  let width = 0
  const number = entries.map((count) => (count > 1 ? width++ : -1))
  const alone = new Float64Array(rows)
  const kept = {
    starts: new Int32Array(rows + 1),
    indices: new Int32Array(indices.length),
    values: new Float64Array(indices.length)
  }
  let at = 0
  for (let row = 0; row < rows; row++) {
    for (let e = starts[row] ?? 0; e < (starts[row + 1] ?? 0); e++) {
      const column = number[indices[e] ?? 0] ?? -1
      const value = values[e] ?? 0
      if (column < 0) alone[row] = (alone[row] ?? 0) + value * value
      else {
        kept.indices[at] = column
        kept.values[at++] = value
      }
    }
    kept.starts[row + 1] = at
  }
  return { shared: { rows, columns: width, ...kept }, alone }
}

/**
 * A design of sparse rows. Most pairs of words occur in one text only; such a column adds to the diagonal of X·Xᵀ and to nothing else, so
 * `gram` leaves it out of both products.
 */
export function sparseDesign(matrix: SparseMatrix): Design {
  const split = lazy(() => {
    const { shared, alone } = splitShared(matrix)
    return { shared, alone, byColumn: transposed(shared) }
  })
  let product = new Float64Array()
  return {
    rows: matrix.rows,
    columns: matrix.columns,
    times: (weights, outputs, out) => sparseTimes(matrix, weights, outputs, out),
    transposeTimes: (residuals, outputs, out) => sparseTransposeTimes(matrix, residuals, outputs, out),
    gram(residuals, outputs, out) {
      const { shared, alone, byColumn } = split()
      if (product.length !== shared.columns * outputs) product = new Float64Array(shared.columns * outputs)
      sparseTimes(byColumn, residuals, outputs, product)
      sparseTimes(shared, product, outputs, out)
      for (let i = 0; i < out.length; i++) out[i] = (out[i] ?? 0) + (alone[Math.floor(i / outputs)] ?? 0) * (residuals[i] ?? 0)
    }
  }
}

/** `features` is [rows, columns] row-major. */
export function denseDesign(features: Float64Array, rows: number, columns: number): Design {
  assert(features.length === rows * columns, `features are [${rows}, ${columns}]`)
  const byColumn = lazy(() =>
    Float64Array.from({ length: features.length }, (_, i) => features[(i % rows) * columns + Math.floor(i / rows)] ?? 0)
  )
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
  const scaled = Float64Array.from(features, (value, i) => (value - (mean[i % columns] ?? 0)) / (scale[i % columns] ?? 1))
  return denseDesign(scaled, features.length / columns, columns)
}
