/**
 * Conversions between float32 and the two 16-bit floats. Reading is exact. Writing rounds to nearest, ties to even: float16 by the
 * platform's `Float16Array`, bfloat16 (the upper half of a float32) by adding half a unit, less one where the kept bits are even.
 */

/** float16 bits → float32, exact. Writes to `out` from `at` on. */
export function float16ToFloat32(bits: Uint16Array, out: Float32Array = new Float32Array(bits.length), at = 0): Float32Array {
  out.set(new Float16Array(bits.buffer, bits.byteOffset, bits.length), at)
  return out
}

/** float32 → float16 bits, nearest even; beyond ±65519.99… becomes infinity. */
export function float32ToFloat16(values: Float32Array): Uint16Array {
  return new Uint16Array(new Float16Array(values).buffer)
}

/** bfloat16 bits → float32, exact. Writes to `out` from `at` on. */
export function bfloat16ToFloat32(bits: Uint16Array, out: Float32Array = new Float32Array(bits.length), at = 0): Float32Array {
  const words = new Uint32Array(out.buffer, out.byteOffset + 4 * at, bits.length)
  // The index is in range, so the fallback never counts; it only satisfies the checker.
  for (let i = 0; i < bits.length; i++) words[i] = (bits[i] ?? 0) << 16
  return out
}

/** float32 → bfloat16 bits, nearest even. NaN stays a (quiet) NaN. */
export function float32ToBfloat16(values: Float32Array): Uint16Array {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length)
  const out = new Uint16Array(values.length)
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? 0
    const isNaN = (word & 0x7fffffff) > 0x7f800000
    out[i] = isNaN ? (word >>> 16) | 0x40 : (word + 0x7fff + ((word >>> 16) & 1)) >>> 16
  }
  return out
}
