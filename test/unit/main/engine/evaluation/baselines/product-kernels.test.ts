import { describe, expect, it } from 'vitest'
import { defined } from '../../../../../../src/main/base/assert.ts'
import { standardisedDesign } from '../../../../../../src/main/engine/evaluation/baselines/dense-design.ts'
import { denseTimes } from '../../../../../../src/main/engine/evaluation/baselines/dense-product.ts'
import { sparseDesign, type SparseMatrix } from '../../../../../../src/main/engine/evaluation/baselines/design.ts'
import { ProductMemory } from '../../../../../../src/main/engine/evaluation/baselines/product-kernels.ts'
import { draw } from '../../../../../helpers/samples.ts'

/** Sizes with a last group that is not whole, and outputs of one strip, an odd one, and of two strips. */
const sizes = [
  [1, 1, 1],
  [5, 3, 2],
  [7, 4, 3],
  [6, 9, 10],
  [3, 2, 12],
  [4, 5, 13],
  [9, 6, 27]
] as const

const numbers = (name: string, length: number): Float64Array => Float64Array.from(draw(name, length))

/** Σ over the columns in their order, one product after the other. */
function inOrder(at: (row: number, column: number) => number, rows: number, columns: number, weights: Float64Array): number[] {
  const outputs = weights.length / columns
  return Array.from({ length: rows * outputs }, (_, i) => {
    let sum = 0
    for (let j = 0; j < columns; j++) sum += at(Math.floor(i / outputs), j) * (weights[j * outputs + (i % outputs)] ?? NaN)
    return sum
  })
}

describe('products with 128-bit instructions', () => {
  it('are there on this machine', () => {
    expect(ProductMemory.open()).not.toBeNull()
  })

  it.each(sizes)(
    'of %d dense rows, %d columns and %d outputs are those of plain JavaScript, bit for bit',
    (rows, columns, outputs) => {
      const features = Float32Array.from(numbers('features', rows * columns))
      const design = standardisedDesign(features, { mean: numbers('mean', columns), scale: new Float64Array(columns).fill(3) })
      const [mean, weights, residuals] = [numbers('mean', columns), numbers('w', columns * outputs), numbers('r', rows * outputs)]
      const at = (row: number, column: number): number => ((features[row * columns + column] ?? 0) - (mean[column] ?? 0)) / 3
      const out = new Float64Array(rows * outputs)
      design.times(weights, outputs, out)
      expect([...out]).toEqual(inOrder(at, rows, columns, weights))
      const turned = new Float64Array(columns * outputs)
      design.transposeTimes(residuals, outputs, turned)
      expect([...turned]).toEqual(inOrder((column, row) => at(row, column), columns, rows, residuals))
      design.gram(residuals, outputs, out)
      expect([...out]).toEqual(inOrder(at, rows, columns, turned))
      const plain = new Float64Array(rows * outputs)
      denseTimes(
        Float64Array.from({ length: rows * columns }, (_, i) => at(Math.floor(i / columns), i % columns)),
        columns,
        weights,
        outputs,
        plain
      )
      design.times(weights, outputs, out)
      expect([...out]).toEqual([...plain])
    }
  )

  it.each(sizes)('of %d sparse rows, %d columns and %d outputs are added up entry by entry', (rows, columns, outputs) => {
    const { matrix, at } = sparse(rows, columns)
    const residuals = numbers('r', rows * outputs)
    const out = new Float64Array(rows * outputs)
    sparseDesign(matrix).gram(residuals, outputs, out)
    // A column with one entry adds the square of it to the diagonal alone, at the end.
    const shared = Array.from({ length: columns }, (_, j) => j).filter((j) => countIn(at, rows, j) > 1)
    const product = Float64Array.from(inOrder((k, row) => at(row, shared[k] ?? 0), shared.length, rows, residuals))
    const alone = (row: number): number =>
      Array.from({ length: columns }, (_, j) => j)
        .filter((j) => countIn(at, rows, j) === 1)
        .reduce((sum, j) => sum + at(row, j) ** 2, 0)
    const expected = (
      shared.length === 0
        ? [...new Float64Array(out.length)]
        : inOrder((row, k) => at(row, shared[k] ?? 0), rows, shared.length, product)
    ).map((sum, i) => sum + alone(Math.floor(i / outputs)) * (residuals[i] ?? 0))
    expect([...out]).toEqual(expected)
  })

  it('goes on where more outputs are asked for later', () => {
    const design = standardisedDesign(Float32Array.from(numbers('features', 15)), {
      mean: new Float64Array(3),
      scale: new Float64Array(3).fill(1)
    })
    const [few, many] = [new Float64Array(5 * 2), new Float64Array(5 * 9)]
    design.gram(numbers('few', 10), 2, few)
    design.gram(numbers('many', 45), 9, many)
    const again = new Float64Array(10)
    design.gram(numbers('few', 10), 2, again)
    expect(again).toEqual(few)
    expect(many.every(Number.isFinite)).toBe(true)
  })

  it('makes room of zeros, apart from each other', () => {
    const memory = defined(ProductMemory.open(), 'room')
    const places = [100, 70_000, 3].map((length) => memory.reserve(8 * length) ?? NaN)
    places.forEach((at, i) => memory.floats(at, [100, 70_000, 3][i] ?? 0).fill(i + 1))
    expect(places.map((at, i) => memory.floats(at, [100, 70_000, 3][i] ?? 0).every((value) => value === i + 1))).toEqual([
      true,
      true,
      true
    ])
  })
})

const countIn = (at: (row: number, column: number) => number, rows: number, column: number): number =>
  Array.from({ length: rows }, (_, row) => at(row, column)).filter((value) => value !== 0).length

/** A matrix with about half of its entries, and an empty row where there are three. */
function sparse(rows: number, columns: number): { matrix: SparseMatrix; at: (row: number, column: number) => number } {
  const values = numbers('sparse', rows * columns).map((value, i) =>
    Math.floor(i / columns) === 2 || (i * 7) % 5 < 2 ? 0 : value
  )
  const at = (row: number, column: number): number => values[row * columns + column] ?? 0
  const rowsOf = Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_column, j) => j).filter((j) => at(row, j) !== 0)
  )
  const starts = new Int32Array(rows + 1)
  rowsOf.forEach((entries, row) => (starts[row + 1] = (starts[row] ?? 0) + entries.length))
  return {
    matrix: {
      rows,
      columns,
      starts,
      indices: Int32Array.from(rowsOf.flat()),
      values: Float64Array.from(rowsOf.flatMap((entries, row) => entries.map((j) => at(row, j))))
    },
    at
  }
}
