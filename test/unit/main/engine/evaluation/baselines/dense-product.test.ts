import { describe, expect, it } from 'vitest'
import { denseTimes } from '../../../../../../src/main/engine/evaluation/baselines/dense-product.ts'
import { draw } from '../../../../../helpers/samples.ts'

describe('a dense product', () => {
  it.each([
    [1, 1, 1],
    [2, 3, 4],
    [5, 7, 3],
    [6, 5, 9]
  ])('of %d rows, %d columns and %d outputs adds up each sum in the order of the columns', (rows, columns, outputs) => {
    const matrix = Float64Array.from(draw('matrix', rows * columns))
    const weights = Float64Array.from(draw('weights', columns * outputs))
    const out = new Float64Array(rows * outputs).fill(NaN)
    denseTimes(matrix, columns, weights, outputs, out)
    const expected = Array.from(out, (_, i) => {
      const [row, output] = [Math.floor(i / outputs), i % outputs]
      let sum = 0
      for (let j = 0; j < columns; j++) sum += (matrix[row * columns + j] ?? NaN) * (weights[j * outputs + output] ?? NaN)
      return sum
    })
    expect([...out]).toEqual(expected)
  })
})
