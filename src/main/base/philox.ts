/**
 * Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"): a counter-based generator.
 * The same (key, counter) gives the same 128 bits on every machine, in any order, so a draw can be repeated from its address alone.
 */
const M0 = 0xd2511f53
const M1 = 0xcd9e8d57
const W0 = 0x9e3779b9
const W1 = 0xbb67ae85

/** High 32 bits of the unsigned 32×32 bit product. */
function mulHigh(a: number, b: number): number {
  const aLow = a & 0xffff
  const aHigh = a >>> 16
  const bLow = b & 0xffff
  const bHigh = b >>> 16
  const low = aLow * bLow
  const middle1 = aHigh * bLow + (low >>> 16)
  const middle2 = aLow * bHigh + (middle1 & 0xffff)
  return (aHigh * bHigh + Math.floor(middle1 / 65536) + Math.floor(middle2 / 65536)) >>> 0
}

/** Writes the four 32-bit words of block (key, counter) to `out` at `at`. */
export function philox4x32(
  out: Uint32Array,
  at: number,
  key0: number,
  key1: number,
  counter0: number,
  counter1: number,
  counter2: number,
  counter3: number
): void {
  let c0 = counter0
  let c1 = counter1
  let c2 = counter2
  let c3 = counter3
  let k0 = key0
  let k1 = key1
  for (let round = 0; round < 10; round++) {
    const high0 = mulHigh(M0, c0)
    const low0 = Math.imul(M0, c0) >>> 0
    const high1 = mulHigh(M1, c2)
    const low1 = Math.imul(M1, c2) >>> 0
    c0 = (high1 ^ c1 ^ k0) >>> 0
    c1 = low1
    c2 = (high0 ^ c3 ^ k1) >>> 0
    c3 = low0
    k0 = (k0 + W0) >>> 0
    k1 = (k1 + W1) >>> 0
  }
  out[at] = c0
  out[at + 1] = c1
  out[at + 2] = c2
  out[at + 3] = c3
}

/**
 * Fills `mask` with 1 where the element's 16 random bits are at or above `threshold`, else 0. Element i takes the low (i even) or high (i odd)
 * half of word ⌊i/2⌋ of the stream of blocks with counter (block, counter1, counter2, 0). The rounds are those of `philox4x32`, written out
 * with 32-bit integer arithmetic only, because tens of millions of elements are drawn in every step.
 */
export function philoxFill(
  mask: Uint8Array,
  threshold: number,
  key0: number,
  key1: number,
  counter1: number,
  counter2: number
): void {
  const size = mask.length
  for (let at = 0, block = 0; at < size; at += 8, block++) {
    let c0 = block | 0
    let c1 = counter1 | 0
    let c2 = counter2 | 0
    let c3 = 0
    let k0 = key0 | 0
    let k1 = key1 | 0
    for (let round = 0; round < 10; round++) {
      // High words of 0xD2511F53·c0 and 0xCD9E8D57·c2, from 16-bit halves.
      const a0 = c0 & 0xffff
      const a1 = c0 >>> 16
      const b0 = c2 & 0xffff
      const b1 = c2 >>> 16
      const p0 = Math.imul(0x1f53, a0)
      const p1 = Math.imul(0x1f53, a1)
      const p2 = Math.imul(0xd251, a0)
      const pm = ((p1 & 0xffff) + (p2 & 0xffff) + (p0 >>> 16)) | 0
      const high0 = (Math.imul(0xd251, a1) + (p1 >>> 16) + (p2 >>> 16) + (pm >>> 16)) | 0
      const q0 = Math.imul(0x8d57, b0)
      const q1 = Math.imul(0x8d57, b1)
      const q2 = Math.imul(0xcd9e, b0)
      const qm = ((q1 & 0xffff) + (q2 & 0xffff) + (q0 >>> 16)) | 0
      const high1 = (Math.imul(0xcd9e, b1) + (q1 >>> 16) + (q2 >>> 16) + (qm >>> 16)) | 0
      const low0 = Math.imul(0xd2511f53, c0)
      const low1 = Math.imul(0xcd9e8d57, c2)
      c0 = high1 ^ c1 ^ k0
      c1 = low1
      c2 = high0 ^ c3 ^ k1
      c3 = low0
      k0 = (k0 + 0x9e3779b9) | 0
      k1 = (k1 + 0xbb67ae85) | 0
    }
    // Writes past the end of a typed array are ignored, which ends the last block.
    mask[at] = (c0 & 0xffff) >= threshold ? 1 : 0
    mask[at + 1] = c0 >>> 16 >= threshold ? 1 : 0
    mask[at + 2] = (c1 & 0xffff) >= threshold ? 1 : 0
    mask[at + 3] = c1 >>> 16 >= threshold ? 1 : 0
    mask[at + 4] = (c2 & 0xffff) >= threshold ? 1 : 0
    mask[at + 5] = c2 >>> 16 >= threshold ? 1 : 0
    mask[at + 6] = (c3 & 0xffff) >= threshold ? 1 : 0
    mask[at + 7] = c3 >>> 16 >= threshold ? 1 : 0
  }
}
