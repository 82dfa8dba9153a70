import { describe, expect, it } from 'vitest'
import { philox4x32, philoxFill } from '../../../../src/main/base/philox.ts'
import { drawTogether, philoxMemory, stretchStep, type Stretch } from '../../../../src/main/base/philox-wasm.ts'

const [key0, key1, counter1, counter2] = [0xdeadbeef, 0x12345678, 4_000_000_000, 77]
const address = [key0, key1, counter1, counter2] as const

describe('philoxMemory', () => {
  // Around the sizes of a block (8), a group of blocks (32), what is written at once (64) and a page (65536).
  it.each([0, 1, 7, 8, 31, 32, 33, 63, 64, 65, 1000, 65_535, 65_536, 300_007])(
    'draws %i elements bit for bit as philoxFill does',
    (size) => {
      for (const threshold of [0, 1, 6554, 32_768, 65_535, 65_536]) {
        const slow = new Uint8Array(size)
        philoxFill(slow, threshold, ...address)
        const memory = philoxMemory(size)
        new Uint8Array(memory.buffer).fill(9)
        memory.fill(0, size, threshold, ...address)
        expect(Buffer.compare(slow, new Uint8Array(memory.buffer, 0, size)), `threshold ${threshold}`).toBe(0)
      }
    }
  )

  it.each([
    [0, 0, 0, 0],
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    [1, 2, 3, 4]
  ])('draws as philoxFill does with key (%i, %i) and counters %i and %i', (...other) => {
    const slow = new Uint8Array(500)
    philoxFill(slow, 6554, ...other)
    const memory = philoxMemory(500)
    memory.fill(0, 500, 6554, ...other)
    expect(new Uint8Array(memory.buffer, 0, 500)).toEqual(slow)
  })

  it('holds stretches of any length one behind the other, the last up to its end', () => {
    const sizes = [5, 64, 1, 0, 333, 7]
    const memory = philoxMemory(sizes.reduce((sum, size) => sum + size, 0))
    let start = 0
    for (const [i, size] of sizes.entries()) {
      memory.fill(start, size, 6554, i, key1, counter1, counter2)
      start += size
    }
    start = 0
    for (const [i, size] of sizes.entries()) {
      const slow = new Uint8Array(size)
      philoxFill(slow, 6554, i, key1, counter1, counter2)
      expect(new Uint8Array(memory.buffer, start, size)).toEqual(slow)
      start += size
    }
  })

  it('compares the 16-bit halves of the published generator', () => {
    const memory = philoxMemory(8 * 40)
    memory.fill(0, 8 * 40, 6554, ...address)
    const words = new Uint32Array(4)
    for (let block = 0; block < 40; block++) {
      philox4x32(words, 0, key0, key1, block, counter1, counter2, 0)
      const halves = [...words].flatMap((word) => [word & 0xffff, word >>> 16])
      expect([...new Uint8Array(memory.buffer, 8 * block, 8)]).toEqual(halves.map((half) => (half >= 6554 ? 1 : 0)))
    }
  })

  it('draws the same with another thread, before it has started, beside it and after it has ended', async () => {
    const other = drawTogether()
    if (!other) return expect.unreachable('no thread')
    const sizes = [5, stretchStep, 20_001, 0, 900_000, 7]
    const rooms = sizes.map((size) => Math.ceil(size / stretchStep) * stretchStep)
    const starts = rooms.map((_, i) => rooms.slice(0, i).reduce((sum, room) => sum + room, 0))
    const stretches = sizes.map((size, i): Stretch => [
      starts[i] ?? 0,
      size,
      i === 2 ? 65_536 : 6554,
      i,
      key1,
      counter1,
      counter2
    ])
    const slow = sizes.map((size, i) => {
      const mask = new Uint8Array(size)
      philoxFill(mask, i === 2 ? 65_536 : 6554, i, key1, counter1, counter2)
      return mask
    })
    const memories = [philoxMemory(1_000_000, true), philoxMemory(1_000_000, true), philoxMemory(1_000_000)]
    const draw = (): void => {
      for (const memory of memories) {
        new Uint8Array(memory.buffer).fill(9)
        memory.fillAll(stretches, other)
        for (const [i, mask] of slow.entries())
          expect(Buffer.compare(mask, new Uint8Array(memory.buffer, starts[i], mask.length)), `stretch ${i}`).toBe(0)
      }
    }
    draw()
    await new Promise((resolve) => setTimeout(resolve, 300))
    for (let i = 0; i < 12; i++) draw()
    expect(other.made).toBeGreaterThan(0)
    await other.dispose()
    draw()
  })
})
