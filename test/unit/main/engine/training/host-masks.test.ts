import { expect, it } from 'vitest'
import { HostMasks, maskBytes } from '../../../../../src/main/engine/training/host-masks.ts'
import { dropoutMask } from '../../../../../src/main/engine/training/masks.ts'

const masks = [
  { name: 'dropout/small', shape: ['tokens', 3], probability: 0.5 },
  { name: 'dropout/large', shape: ['tokens', 1000], probability: 0.1 },
  { name: 'dropout/brought', shape: ['tokens'], probability: 0.1 },
  { name: 'dropout/last', shape: ['tokens', 7], probability: 0.2 }
] as const
const address = { seed: 3, step: 5, microStep: 1 }

// Of the two sizes, only the larger is worth another thread.
it.each([1, 2])('draws the masks of their sites, whatever the micro-batch and whoever helps (threads: %i)', async (threads) => {
  const drawing = new HostMasks(masks, 0, threads)
  for (const tokens of [101, 8001, 101]) {
    const data = new Uint8Array(tokens).fill(7)
    const batch = { sizes: { tokens }, inputs: { 'dropout/brought': { type: 'uint8', shape: [tokens], data } as const } }
    const { tensors, memory } = drawing.draw(batch, address, 1e9)
    expect(memory.buffer.byteLength).toBeGreaterThanOrEqual(maskBytes(masks, batch.sizes))
    expect(tensors['dropout/brought']?.data).toBe(data)
    for (const [name, count, probability] of [
      ['dropout/small', 3 * tokens, 0.5],
      ['dropout/large', 1000 * tokens, 0.1],
      ['dropout/last', 7 * tokens, 0.2]
    ] as const) {
      const { data: drawn } = tensors[name] ?? { data: new Uint8Array() }
      expect(Buffer.compare(drawn as Uint8Array, dropoutMask(name, count, probability, address)), name).toBe(0)
    }
    drawing.giveBack(memory)
  }
  await drawing.dispose()
})
