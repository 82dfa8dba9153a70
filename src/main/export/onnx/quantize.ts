/** Rows of a table in 8 bits: (byte − 128) · scale, one scale a block along each row. */
export interface ByteBlocks {
  readonly values: Uint8Array<ArrayBuffer>
  readonly scales: Float32Array<ArrayBuffer>
}

/** Quantises whole rows of `width`, block by block; a row's last block may be short. */
export function quantizeRows(rows: Float32Array, width: number, block: number): ByteBlocks {
  const blocks = Math.ceil(width / block)
  const scales = new Float32Array((rows.length / width) * blocks)
  const values = new Uint8Array(rows.length)
  for (let row = 0; row < rows.length / width; row++) {
    for (let b = 0; b < blocks; b++) {
      const [from, to] = [row * width + b * block, row * width + Math.min(width, (b + 1) * block)]
      let largest = 0
      for (let i = from; i < to; i++) largest = Math.max(largest, Math.abs(rows[i] ?? 0))
      const scale = Math.fround(largest === 0 ? 1 : largest / 127)
      scales[row * blocks + b] = scale
      for (let i = from; i < to; i++) values[i] = 128 + clamp(Math.round((rows[i] ?? 0) / scale), -127, 127)
    }
  }
  return { values, scales }
}

/** A matrix in 4 bits as MatMulNBits takes it: [out, blocks, block / 2] bytes, the earlier number in the lower half, and one scale a block. */
export interface NibbleBlocks {
  readonly packed: Uint8Array<ArrayBuffer>
  readonly scales: Float32Array<ArrayBuffer>
}

/**
 * Quantises a matrix [in, out] to (nibble − 8) · scale in blocks along `in`; the last block is filled with zeros. Each block takes, of several scales near
 * the one that its largest weight asks for, that of the least squared error, fitted to the numbers it leads to: scale = Σ w·q / Σ q².
 */
export function quantizeNibbles(matrix: Float32Array, columns: number, block: number): NibbleBlocks {
  const rows = matrix.length / columns
  const blocks = Math.ceil(rows / block)
  const packed = new Uint8Array((columns * blocks * block) / 2)
  const scales = new Float32Array(columns * blocks)
  const weights = new Float32Array(block)
  const chosen = new Int8Array(block)
  for (let b = 0; b < blocks; b++) {
    for (let c = 0; c < columns; c++) {
      weights.fill(0)
      for (let i = 0; i < Math.min(block, rows - b * block); i++) weights[i] = matrix[(b * block + i) * columns + c] ?? 0
      const place = c * blocks + b
      scales[place] = fitNibbles(weights, chosen)
      for (let i = 0; i < block; i += 2)
        packed[(place * block + i) / 2] = ((chosen[i] ?? 0) + 8) | (((chosen[i + 1] ?? 0) + 8) << 4)
    }
  }
  return { packed, scales }
}

/** Scales that are tried, as what the largest weight becomes. */
const EXTREMES = [-8, -8.4, -7.6, -7.2, -6.8]

/** Fills `chosen` with numbers in [−8, 7] and returns their scale. */
function fitNibbles(weights: Float32Array, chosen: Int8Array): number {
  let extreme = 0
  for (const weight of weights) if (Math.abs(weight) > Math.abs(extreme)) extreme = weight
  chosen.fill(0)
  if (extreme === 0) return 1
  let [best, gain] = [1, -1]
  for (const target of EXTREMES) {
    const inverse = target / extreme
    let [product, square] = [0, 0]
    for (const weight of weights) {
      const q = nibbleOf(weight * inverse)
      product += weight * q
      square += q * q
    }
    // What of Σ w² the fitted scale explains.
    const explained = square === 0 ? 0 : (product * product) / square
    if (explained <= gain) continue
    gain = explained
    best = product / square
    for (let i = 0; i < weights.length; i++) chosen[i] = nibbleOf((weights[i] ?? 0) * inverse)
  }
  return best
}

const nibbleOf = (value: number): number => clamp(Math.round(value), -8, 7)

const clamp = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value))
