import { describe, expect, it } from 'vitest'
import { philox4x32, philoxFill } from '../../../../src/main/base/philox.ts'
import { philoxFillFast } from '../../../../src/main/base/philox-wasm.ts'

const [key0, key1, counter1, counter2] = [0xdeadbeef, 0x12345678, 4_000_000_000, 77]

describe('philoxFillFast', () => {
  // Around the sizes of a block (8), a group of blocks (32) and a stretch of memory (262144).
  it.each([0, 1, 7, 8, 31, 32, 33, 1000, 262_144, 262_145, 300_007])('equals philoxFill bit for bit for %i elements', (size) => {
    for (const threshold of [0, 1, 6554, 32_768, 65_535, 65_536]) {
      const slow = new Uint8Array(size)
      const fast = new Uint8Array(size).fill(9)
      philoxFill(slow, threshold, key0, key1, counter1, counter2)
      philoxFillFast(fast, threshold, key0, key1, counter1, counter2)
      expect(Buffer.compare(slow, fast), `threshold ${threshold}`).toBe(0)
    }
  })

  it('compares the 16-bit halves of the published generator', () => {
    const mask = new Uint8Array(8 * 40)
    philoxFillFast(mask, 6554, key0, key1, counter1, counter2)
    const words = new Uint32Array(4)
    for (let block = 0; block < 40; block++) {
      philox4x32(words, 0, key0, key1, block, counter1, counter2, 0)
      const halves = [...words].flatMap((word) => [word & 0xffff, word >>> 16])
      expect([...mask.subarray(8 * block, 8 * block + 8)]).toEqual(halves.map((half) => (half >= 6554 ? 1 : 0)))
    }
  })
})
