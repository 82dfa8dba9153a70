import type { SparseMatrix } from './baselines/design.ts'

/**
 * Places of rows in the order in which each is the one least like any row before it: the greedy solution of the k-center problem (Gonzalez 1985),
 * which Sener and Savarese (2018, "Active learning for convolutional neural networks: a core-set approach") label by. Likeness is the cosine of rows
 * of length one. The first `known` rows are labelled already and are begun with; where there are none, the row most like the mean of all comes first.
 */
export function kCenterOrder(matrix: SparseMatrix, known: number, count: number): number[] {
  const { rows } = matrix
  /** Of each row: its likeness to the nearest center so far. */
  const nearest = new Float64Array(rows).fill(-1)
  for (let row = 0; row < known; row++) include(matrix, likenessTo(matrix, row), nearest)
  const chosen = new Set<number>()
  const order: number[] = []
  while (order.length < Math.min(count, rows - known)) {
    const next = order.length === 0 && known === 0 ? mostTypical(matrix) : furthest(nearest, known, chosen)
    chosen.add(next)
    order.push(next)
    include(matrix, likenessTo(matrix, next), nearest)
  }
  return order
}

/** A row, laid out over all columns. */
function likenessTo({ columns, starts, indices, values }: SparseMatrix, row: number): Float64Array {
  const center = new Float64Array(columns)
  for (let e = starts[row] ?? 0; e < (starts[row + 1] ?? 0); e++) center[indices[e] ?? 0] = values[e] ?? 0
  return center
}

function include({ rows, starts, indices, values }: SparseMatrix, center: Float64Array, nearest: Float64Array): void {
  for (let row = 0; row < rows; row++) {
    let likeness = 0
    for (let e = starts[row] ?? 0; e < (starts[row + 1] ?? 0); e++) likeness += (values[e] ?? 0) * (center[indices[e] ?? 0] ?? 0)
    if (likeness > (nearest[row] ?? 0)) nearest[row] = likeness
  }
}

function mostTypical(matrix: SparseMatrix): number {
  const mean = new Float64Array(matrix.columns)
  for (const [e, column] of matrix.indices.entries()) mean[column] = (mean[column] ?? 0) + (matrix.values[e] ?? 0)
  const likeness = new Float64Array(matrix.rows).fill(-1)
  include(matrix, mean, likeness)
  return likeness.indexOf(likeness.reduce((a, b) => Math.max(a, b), -1))
}

function furthest(nearest: Float64Array, known: number, chosen: ReadonlySet<number>): number {
  let best = -1
  for (let row = known; row < nearest.length; row++)
    if (!chosen.has(row) && (best === -1 || (nearest[row] ?? 0) < (nearest[best] ?? 0))) best = row
  return best
}
