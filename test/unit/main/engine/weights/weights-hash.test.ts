import { describe, expect, test } from 'vitest'
import { openSafetensors } from '../../../../../src/main/engine/weights/checkpoint-folder.ts'
import { sourceOfArray, sourceOfCheckpoint, sourceOfReader } from '../../../../../src/main/engine/weights/tensor-source.ts'
import { weightsHash } from '../../../../../src/main/engine/weights/weights-hash.ts'
import { readReference, referencePath } from './files.ts'

const values = Float32Array.from({ length: 6 }, (_, i) => i / 3)
const tensor = (name: string, shape: readonly number[], data = values) => sourceOfArray({ name, dtype: 'F32', shape }, data)

describe('weightsHash', () => {
  test('equals the hash that the reference script computes from the framing', async () => {
    const checkpoint = await openSafetensors(referencePath)
    const sources = [...checkpoint.tensors.keys()].map((name) => sourceOfCheckpoint(checkpoint, name))
    expect(await weightsHash(sources)).toBe(readReference().weights_hash)
    expect(await weightsHash(sources.reverse())).toBe(readReference().weights_hash)
  })

  test('changes with the name, the shape, the type and one bit of the values', async () => {
    const other = values.slice()
    new Uint8Array(other.buffer)[3]! ^= 1
    const hashes = await Promise.all([
      weightsHash([tensor('a', [2, 3])]),
      weightsHash([tensor('b', [2, 3])]),
      weightsHash([tensor('a', [3, 2])]),
      weightsHash([tensor('a', [2, 3], other)]),
      weightsHash([sourceOfArray({ name: 'a', dtype: 'I32', shape: [2, 3] }, new Int32Array(values.buffer))]),
      weightsHash([])
    ])
    expect(new Set(hashes).size).toBe(hashes.length)
  })

  test('does not depend on how the values are read', async () => {
    const reader = {
      name: 'a',
      dtype: 'F32',
      shape: [2, 3],
      read: async (at: number, n: number) => values.slice(at, at + n)
    } as const
    expect(await weightsHash([sourceOfReader(reader, 4)])).toBe(await weightsHash([tensor('a', [2, 3])]))
  })

  test('a name given twice or values that are too few are our bug', async () => {
    await expect(weightsHash([tensor('a', [6]), tensor('a', [6])])).rejects.toThrow('hashed twice')
    await expect(weightsHash([tensor('a', [7])])).rejects.toThrow('24 bytes instead of 28')
  })
})
