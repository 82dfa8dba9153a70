import { lazy } from '../../../base/lazy.ts'
import { ProductMemory, workOf, type SparsePlaces } from './product-kernels.ts'

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
    const byColumn = transposed(shared)
    return { alone, gram: placedGram(shared, byColumn) ?? plainGram(shared, byColumn) }
  })
  return {
    rows: matrix.rows,
    columns: matrix.columns,
    times: (weights, outputs, out) => sparseTimes(matrix, weights, outputs, out),
    transposeTimes: (residuals, outputs, out) => sparseTransposeTimes(matrix, residuals, outputs, out),
    gram(residuals, outputs, out) {
      const { alone, gram } = split()
      gram(residuals, outputs, out)
      for (let i = 0; i < out.length; i++) out[i] = (out[i] ?? 0) + (alone[Math.floor(i / outputs)] ?? 0) * (residuals[i] ?? 0)
    }
  }
}

/** out = X·Xᵀ·R in JavaScript. */
function plainGram(shared: SparseMatrix, byColumn: SparseMatrix): Design['gram'] {
  let product = new Float64Array()
  return (residuals, outputs, out) => {
    if (product.length !== shared.columns * outputs) product = new Float64Array(shared.columns * outputs)
    sparseTimes(byColumn, residuals, outputs, product)
    sparseTimes(shared, product, outputs, out)
  }
}

/** The same with 128-bit instructions, to the bit; null where there are none. */
function placedGram(shared: SparseMatrix, byColumn: SparseMatrix): Design['gram'] | null {
  const memory = ProductMemory.open()
  const matrix = memory && placeSparse(memory, shared)
  const turned = memory && placeSparse(memory, byColumn)
  if (!memory || !matrix || !turned) return null
  const plain = lazy(() => plainGram(shared, byColumn))
  const work = workOf(memory, shared.rows, shared.columns)
  return (residuals, outputs, out) => {
    const places = work(outputs)
    if (!places) return plain()(residuals, outputs, out)
    memory.floats(places.rows, residuals.length).set(residuals)
    memory.sparse(turned, places.rows, outputs, places.columns)
    memory.sparse(matrix, places.columns, outputs, places.rows)
    out.set(memory.floats(places.rows, out.length))
  }
}

function placeSparse(memory: ProductMemory, { rows, starts, indices, values }: SparseMatrix): SparsePlaces | null {
  const entries = starts[rows] ?? 0
  const [valuesAt, indicesAt, ends] = [memory.reserve(8 * entries), memory.reserve(4 * entries), memory.reserve(4 * rows)]
  if (valuesAt === null || indicesAt === null || ends === null) return null
  memory.floats(valuesAt, entries).set(values.subarray(0, entries))
  memory.integers(indicesAt, entries).set(indices.subarray(0, entries))
  memory.integers(ends, rows).set(starts.subarray(1).map((end) => indicesAt + 4 * end))
  return { rows, ends, indices: indicesAt, values: valuesAt }
}
