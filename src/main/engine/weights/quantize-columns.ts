/**
 * Largest magnitude of an 8-bit weight. Processors with AVX2 or AVX-512 but without VNNI add two products of a uint8 and an int8 in 16 bits: with
 * weights of up to 64 they hold (2 · 255 · 64 = 32,640), with 127 they saturate, and the same model answers otherwise on another machine.
 */
export const LARGEST_WEIGHT = 64

/** A matrix [in, out] in 8 bits: W ≈ values · scales, one scale a column. */
export interface ByteColumns {
  readonly values: Int8Array<ArrayBuffer>
  readonly scales: Float32Array<ArrayBuffer>
}

const clamp = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value))

/** Quantises a matrix column by column, symmetric around zero. */
export function quantizeColumns(matrix: Float32Array, columns: number): ByteColumns {
  const largest = new Float32Array(columns)
  for (let at = 0; at < matrix.length; at += columns) {
    for (let c = 0; c < columns; c++) {
      const size = Math.abs(matrix[at + c] ?? 0)
      if (size > (largest[c] ?? 0)) largest[c] = size
    }
  }
  const scales = largest.map((value) => (value === 0 ? 1 : value / LARGEST_WEIGHT))
  const values = new Int8Array(matrix.length)
  for (let at = 0; at < matrix.length; at += columns) {
    // A scale that was rounded down in float32 must not lead past the largest weight.
    for (let c = 0; c < columns; c++)
      values[at + c] = clamp(Math.round((matrix[at + c] ?? 0) / (scales[c] ?? 1)), -LARGEST_WEIGHT, LARGEST_WEIGHT)
  }
  return { values, scales }
}

/** A linear layer's weight [out, in] as the product in 8 bits takes it: turned to [in, out], with a scale for each output. */
export function quantizeLinear(weight: Float32Array, width: number): ByteColumns {
  const out = weight.length / width
  const values = new Int8Array(weight.length)
  const scales = new Float32Array(out)
  for (let o = 0; o < out; o++) {
    let largest = 0
    for (let i = 0; i < width; i++) largest = Math.max(largest, Math.abs(weight[o * width + i] ?? 0))
    const scale = Math.fround(largest === 0 ? 1 : largest / LARGEST_WEIGHT)
    scales[o] = scale
    for (let i = 0; i < width; i++)
      values[i * out + o] = clamp(Math.round((weight[o * width + i] ?? 0) / scale), -LARGEST_WEIGHT, LARGEST_WEIGHT)
  }
  return { values, scales }
}
