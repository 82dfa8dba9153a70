/** Outputs that a dense product works out at a time. */
const strip = 4

/**
 * out = matrix·weights for a dense matrix of `columns` columns, four outputs of two rows at a time: each number that is read goes into several sums. Each sum
 * is added up in the order of the columns. (What is read stands in constants of its own: destructured, it takes nine times as long.)
 */
export function denseTimes(
  matrix: Float64Array,
  columns: number,
  weights: Float64Array,
  outputs: number,
  out: Float64Array
): void {
  const rows = matrix.length / columns
  const packed = new Float64Array(columns * strip)
  for (let c = 0; c < outputs; c += strip) {
    packStrip(weights, outputs, c, packed)
    for (let row = 0; row < rows; row += 2) {
      const at = row * columns
      // The last row of an odd number stands for its partner as well.
      const other = row + 1 < rows ? at + columns : at
      let a0 = 0
      let a1 = 0
      let a2 = 0
      let a3 = 0
      let b0 = 0
      let b1 = 0
      let b2 = 0
      let b3 = 0
      for (let j = 0; j < columns; j++) {
        const a = matrix[at + j] ?? 0
        const b = matrix[other + j] ?? 0
        const w0 = packed[j * strip] ?? 0
        const w1 = packed[j * strip + 1] ?? 0
        const w2 = packed[j * strip + 2] ?? 0
        const w3 = packed[j * strip + 3] ?? 0
        a0 += a * w0
        a1 += a * w1
        a2 += a * w2
        a3 += a * w3
        b0 += b * w0
        b1 += b * w1
        b2 += b * w2
        b3 += b * w3
      }
      writeStrip(out, row * outputs + c, outputs - c, [a0, a1, a2, a3])
      if (other !== at) writeStrip(out, (row + 1) * outputs + c, outputs - c, [b0, b1, b2, b3])
    }
  }
}

/** Columns `c` to `c` + 3 of `weights` [columns, outputs], zero past the last. */
function packStrip(weights: Float64Array, outputs: number, c: number, packed: Float64Array): void {
  for (let i = 0; i < packed.length; i++) {
    const output = c + (i % strip)
    packed[i] = output < outputs ? (weights[Math.floor(i / strip) * outputs + output] ?? 0) : 0
  }
}

function writeStrip(out: Float64Array, at: number, left: number, sums: readonly number[]): void {
  for (let k = 0; k < Math.min(strip, left); k++) out[at + k] = sums[k] ?? 0
}
