import { describe, expect, it } from 'vitest'
import { philox4x32, philoxFill } from '../../../../src/main/base/philox.ts'
import { hashName } from '../../../../src/main/base/random.ts'

type Four = readonly [number, number, number, number]

function block(key: readonly [number, number], counter: Four): string[] {
  const out = new Uint32Array(4)
  philox4x32(out, 0, ...key, ...counter)
  return Array.from(out, (word) => word.toString(16).padStart(8, '0'))
}

const ones = 0xffffffff

describe('Philox4x32-10', () => {
  // The known-answer vectors of Random123 (kat_vectors).
  it.each<[string, [number, number], Four, string[]]>([
    ['zeros', [0, 0], [0, 0, 0, 0], ['6627e8d5', 'e169c58d', 'bc57ac4c', '9b00dbd8']],
    ['ones', [ones, ones], [ones, ones, ones, ones], ['408f276d', '41c83b0e', 'a20bc7c6', '6d5451fd']],
    [
      'the digits of π',
      [0xa4093822, 0x299f31d0],
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      ['d16cfe09', '94fdcceb', '5001e420', '24126ea1']
    ]
  ])('gives the known answer for %s', (_, key, counter, expected) => {
    expect(block(key, counter)).toEqual(expected)
  })

  it('fills masks from the 16-bit halves of its words, low half first', () => {
    const [key0, key1, counter1, counter2] = [0x9abcdef0, 0xdeadbeef, 7, 0xfffffffe]
    const halves = Array.from({ length: 5 }, (_, number) => {
      const out = new Uint32Array(4)
      philox4x32(out, 0, key0, key1, number, counter1, counter2, 0)
      return Array.from(out, (word) => [word & 0xffff, word >>> 16]).flat()
    }).flat()
    for (const threshold of [0, 1, 6554, 32768, 65535, 65536]) {
      const mask = new Uint8Array(37) // Not a whole number of blocks.
      philoxFill(mask, threshold, key0, key1, counter1, counter2)
      expect(Array.from(mask)).toEqual(halves.slice(0, 37).map((half) => Number(half >= threshold)))
    }
  })

  it('is keyed by names through FNV-1a', () => {
    expect(['', 'a', 'foobar'].map((name) => hashName(name).toString(16))).toEqual(['811c9dc5', 'e40c292c', 'bf9cf968'])
  })
})
