import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writeShards } from '../../../../src/main/export/write-shards.ts'
import { openCheckpoint } from '../../../../src/main/engine/weights/checkpoint-folder.ts'
import { readTensor } from '../../../../src/main/engine/weights/read-tensor.ts'
import { sourceOfArray } from '../../../../src/main/engine/weights/tensor-source.ts'

let folder: string
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'attune-shards-'))))
afterEach(() => rm(folder, { recursive: true, force: true }))

const tensors = ['a', 'b', 'c'].map((name, i) =>
  sourceOfArray({ name, dtype: 'F32', shape: [5] }, new Float32Array(5).fill(i + 1))
)

test('writes one file where the tensors fit into it', async () => {
  await writeShards(folder, tensors)
  expect(await readdir(folder)).toEqual(['model.safetensors'])
})

test('begins another file where one would be too large, and lists what lies where', async () => {
  const told: number[] = []
  await writeShards(folder, tensors, { shardBytes: 45, onProgress: (done) => told.push(done) })
  expect((await readdir(folder)).sort()).toEqual([
    'model-00001-of-00002.safetensors',
    'model-00002-of-00002.safetensors',
    'model.safetensors.index.json'
  ])
  expect(JSON.parse(await readFile(join(folder, 'model.safetensors.index.json'), 'utf8'))).toEqual({
    metadata: { total_size: 60 },
    weight_map: {
      a: 'model-00001-of-00002.safetensors',
      b: 'model-00001-of-00002.safetensors',
      c: 'model-00002-of-00002.safetensors'
    }
  })
  expect(told.at(-1)).toBe(60)
  expect(await readTensor(await openCheckpoint(folder), 'c')).toEqual(new Float32Array(5).fill(3))
})
