import { describe, expect, it } from 'vitest'
import { philox4x32 } from '../../../../../src/main/base/philox.ts'
import { hashName } from '../../../../../src/main/base/random.ts'
import { dropoutMask, type MaskAddress } from '../../../../../src/main/engine/training/masks.ts'

const address: MaskAddress = { seed: 12, step: 3, microStep: 1 }
const site = 'dropout/bert.encoder.layer.0.output'
const kept = (mask: Uint8Array): number => mask.reduce((sum, bit) => sum + bit, 0)
const size = 200_000

describe('dropout masks', () => {
  it('are the halves of Philox words at (seed, site) and (element / 8, step, micro-step)', () => {
    const expected = Array.from({ length: 4 }, (_, number) => {
      const out = new Uint32Array(4)
      philox4x32(out, 0, 12, hashName(site), number, 3, 1, 0)
      return Array.from(out, (word) => [word & 0xffff, word >>> 16]).flat()
    }).flat()
    const mask = dropoutMask(site, 30, 0.1, address)
    expect(Array.from(mask)).toEqual(expected.slice(0, 30).map((half) => Number(half >= Math.round(0.1 * 65536))))
  })

  it.each([0.1, 0.25, 0.5, 0.9])('drop a share of %d, evenly over the mask', (probability) => {
    const mask = dropoutMask(site, size, probability, address)
    const fraction = Math.round(probability * 65536) / 65536
    // Five standard deviations: one false alarm in two million draws, and the draws are fixed.
    const near = (count: number, of: number): void => {
      expect(Math.abs(count - of * (1 - fraction))).toBeLessThanOrEqual(5 * Math.sqrt(of * fraction * (1 - fraction)))
    }
    near(kept(mask), size)
    for (let lane = 0; lane < 8; lane++) near(kept(mask.filter((_, i) => i % 8 === lane)), size / 8)
    for (let part = 0; part < 10; part++) near(kept(mask.subarray((part * size) / 10, ((part + 1) * size) / 10)), size / 10)
  })

  it('keep all at probability 0 and drop all at 1', () => {
    expect(kept(dropoutMask(site, 1000, 0, address))).toBe(1000)
    expect(kept(dropoutMask(site, 1000, 1, address))).toBe(0)
  })

  it('hold neighbours that know nothing of each other', () => {
    const mask = dropoutMask(site, size, 0.5, address)
    for (const distance of [1, 2, 4, 8, 768]) {
      let agree = 0
      for (let i = distance; i < size; i++) agree += Number(mask[i] === mask[i - distance])
      expect(Math.abs(agree - (size - distance) / 2)).toBeLessThanOrEqual(5 * Math.sqrt(size / 4))
    }
  })

  it.each<[string, string, MaskAddress]>([
    ['site', 'dropout/bert.encoder.layer.1.output', address],
    ['seed', site, { ...address, seed: 13 }],
    ['step', site, { ...address, step: 4 }],
    ['micro-step', site, { ...address, microStep: 2 }]
  ])('differ by %s as independent draws do', (_, otherSite, other) => {
    const [a, b] = [dropoutMask(site, size, 0.5, address), dropoutMask(otherSite, size, 0.5, other)]
    const agree = a.reduce((sum, bit, i) => sum + Number(bit === b[i]), 0)
    expect(Math.abs(agree - size / 2)).toBeLessThanOrEqual(5 * Math.sqrt(size / 4))
  })

  it('depend on their address alone, whatever was drawn before', () => {
    const first = dropoutMask(site, 1000, 0.1, address)
    dropoutMask('dropout/other', 77, 0.3, { seed: 1, step: 1, microStep: 0 })
    expect(dropoutMask(site, 1000, 0.1, address)).toEqual(first)
    expect(dropoutMask(site, 1003, 0.1, address).subarray(0, 1000)).toEqual(first)
  })
})
