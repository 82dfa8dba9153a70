import { describe, expect, it } from 'vitest'
import { collatePacked, packingRoom, packLayout } from '../../../../../src/main/engine/training/packing.ts'
import { draw } from '../../../../helpers/samples.ts'

const sequence = (...ids: number[]) => ({ ids: Int32Array.from(ids), typeIds: null })
const valuesOf = (batch: ReturnType<typeof collatePacked>, name: string): number[] =>
  Array.from(batch.inputs[name]?.data ?? [], Number)

describe('the layout of a packed batch', () => {
  it('puts each text into the first row with room for it, in rows of the length that wastes least', () => {
    expect(packLayout([5, 4, 3, 2], 8)).toEqual({ rows: 2, time: 7, starts: [0, 7, 11, 5] })
  })

  it('never makes a row longer than its longest text needs where nothing is gained', () => {
    expect(packLayout([100, 100, 100], 128)).toEqual({ rows: 3, time: 100, starts: [0, 100, 200] })
    expect(packLayout([7], 128)).toEqual({ rows: 1, time: 7, starts: [0] })
  })

  it('keeps a text that is longer than the room whole', () => {
    expect(packLayout([200, 30, 40], 128)).toEqual({ rows: 2, time: 200, starts: [0, 200, 230] })
  })

  it('overlaps no two texts and computes no more than padding would', () => {
    for (let trial = 0; trial < 50; trial++) {
      const lengths = Array.from(draw(`packing ${trial}`, 16, (random) => 3 + random.below(60)))
      const { rows, time, starts } = packLayout(lengths, 128)
      const used = new Uint8Array(rows * time)
      starts.forEach((start, i) => {
        const length = lengths[i] ?? 0
        expect(Math.floor(start / time)).toBe(Math.floor((start + length - 1) / time))
        for (let at = start; at < start + length; at++) used[at] = (used[at] ?? 0) + 1
      })
      expect(Math.max(...used)).toBe(1)
      expect(rows * time).toBeLessThanOrEqual(lengths.length * Math.max(...lengths))
      expect(time).toBeLessThanOrEqual(Math.max(128, ...lengths))
    }
  })

  it('makes rows no longer than the run allows texts to be', () => {
    expect([packingRoom(64), packingRoom(512)]).toEqual([64, 128])
  })
})

describe('a packed batch', () => {
  const texts = [sequence(5, 6, 7), sequence(8, 9)]
  const batch = collatePacked(texts, { padId: 1, positionOffset: 2 }, { rows: 1, time: 6, starts: [0, 3] })

  it('starts positions anew with each text and says where each text is', () => {
    expect(batch.sizes).toEqual({ rows: 1, time: 6, tokens: 6, examples: 2, longest: 3 })
    expect(valuesOf(batch, 'input_ids')).toEqual([5, 6, 7, 8, 9, 1])
    expect(valuesOf(batch, 'position_ids')).toEqual([2, 3, 4, 2, 3, 1])
    expect(valuesOf(batch, 'first_tokens')).toEqual([0, 3])
    expect(valuesOf(batch, 'unpack')).toEqual([0, 1, 2, 3, 4, 3])
    expect(valuesOf(batch, 'pool_weights')).toEqual([1 / 3, 1 / 3, 1 / 3, 0.5, 0.5, 0].map(Math.fround))
  })

  it('lets a token see its own text alone, and padding itself', () => {
    const open = valuesOf(batch, 'attention_bias').map((value) => (value === 0 ? 1 : 0))
    expect(batch.inputs['attention_bias']?.shape).toEqual([1, 1, 6, 6])
    expect(Array.from({ length: 6 }, (_, row) => open.slice(row * 6, row * 6 + 6).join(''))).toEqual([
      '111000',
      '111000',
      '111000',
      '000110',
      '000110',
      '000001'
    ])
    expect(valuesOf(batch, 'attention_bias').every(Number.isFinite)).toBe(true)
  })
})
