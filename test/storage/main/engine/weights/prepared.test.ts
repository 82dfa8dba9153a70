import { mkdir, readdir, readFile, statfs, symlink, truncate, utimes, writeFile } from 'node:fs/promises'
import type * as FileSystem from 'node:fs/promises'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { openCheckpoint } from '../../../../../src/main/engine/weights/checkpoint-folder.ts'
import type { ElementType } from '../../../../../src/main/engine/weights/elements.ts'
import { float32ToBfloat16, float32ToFloat16 } from '../../../../../src/main/engine/weights/float16.ts'
import { missingPreparation, prepareWeights } from '../../../../../src/main/engine/weights/prepared.ts'
import type { PreparedWeights } from '../../../../../src/main/engine/weights/prepared.ts'
import { readTensor } from '../../../../../src/main/engine/weights/read-tensor.ts'
import { writeSafetensors } from '../../../../../src/main/engine/weights/safetensors.ts'
import { sourceOfArray } from '../../../../../src/main/engine/weights/tensor-source.ts'
import { fileBytes, refusal, temporaryFolders, writeFloats } from '../../../../unit/main/engine/weights/files.ts'

// Only `statfs` is replaceable, to say how much of the disk is free.
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof FileSystem>()
  return { ...real, statfs: vi.fn(real.statfs) }
})
beforeEach(async () => {
  const real = await vi.importActual<typeof FileSystem>('node:fs/promises')
  vi.mocked(statfs).mockReset().mockImplementation(real.statfs)
})

const folder = temporaryFolders()
const values = Float32Array.from({ length: 3000 }, (_, i) => Math.sin(i))

/** A model of all float types and an integer buffer. */
async function mixedModel(): Promise<string> {
  const root = await folder()
  const entry = (name: string, dtype: ElementType, data: Parameters<typeof sourceOfArray>[1]) =>
    sourceOfArray({ name, dtype, shape: [data.length] }, data)
  await writeSafetensors(join(root, 'model.safetensors'), [
    entry('brain', 'BF16', float32ToBfloat16(values)),
    entry('half', 'F16', float32ToFloat16(values)),
    entry('single', 'F32', values),
    entry('double', 'F64', Float64Array.from(values)),
    entry('positions', 'I64', BigInt64Array.of(0n, 1n, 2n))
  ])
  return root
}

/** What a session would map: the bytes at the location, as float32. */
async function mapped(prepared: PreparedWeights, name: string): Promise<number[]> {
  const { location, offset, length } = prepared.locate(name)
  expect(location).not.toMatch(/[/\\]/)
  expect(offset % 4).toBe(0)
  const file = await readFile(join(prepared.folder, location))
  return [...new Float32Array(file.buffer.slice(file.byteOffset + offset, file.byteOffset + offset + length))]
}

const need = ['brain', 'half', 'single', 'double']

describe('the model serves as it is', () => {
  test('when what is needed is aligned float32 in one folder', async () => {
    const root = await mixedModel()
    const cache = join(await folder(), 'cache')
    const checkpoint = await openCheckpoint(root)
    const prepared = await prepareWeights(checkpoint, cache, { need: ['single'] })
    expect(prepared).toMatchObject({ folder: root, copiedBytes: 0 })
    expect(await missingPreparation(checkpoint, cache, ['single'])).toBe(0)
    expect(await mapped(prepared, 'single')).toEqual([...values])
    expect(await readdir(join(cache, '..'))).toEqual([])
    expect(() => prepared.locate('half')).toThrow('half')
  })

  test.skipIf(process.platform === 'win32')(
    'when a cache snapshot links into its blobs, which are mapped themselves',
    async () => {
      const repository = join(await folder(), 'models--a--b')
      const snapshot = join(repository, 'snapshots', 'r')
      await mkdir(join(repository, 'blobs'), { recursive: true })
      await mkdir(snapshot, { recursive: true })
      await writeFloats(join(repository, 'blobs', 'd0d0'), { a: [2] })
      await symlink('../../blobs/d0d0', join(snapshot, 'model.safetensors'))
      const prepared = await prepareWeights(await openCheckpoint(snapshot), await folder(), { need: ['a'] })
      expect(prepared.folder).toBe(join(repository, 'blobs'))
      expect(prepared.locate('a').location).toBe('d0d0')
      expect(await mapped(prepared, 'a')).toEqual([0, 1])
    }
  )

  test('when nothing is needed', async () => {
    const root = await mixedModel()
    expect(await prepareWeights(await openCheckpoint(root), await folder(), { need: [] })).toMatchObject({
      folder: root,
      copiedBytes: 0
    })
  })
})

describe('a prepared copy', () => {
  test('holds exactly the upcast values, and is made once', async () => {
    const checkpoint = await openCheckpoint(await mixedModel())
    const cache = await folder()
    const seen: number[] = []
    expect(await missingPreparation(checkpoint, cache, need)).toBe(4 * 4 * 3000)
    const prepared = await prepareWeights(checkpoint, cache, { need, onProgress: (done, total) => seen.push(done / total) })
    expect(prepared.copiedBytes).toBe(4 * 4 * 3000)
    expect(await missingPreparation(checkpoint, cache, need)).toBe(0)
    expect(seen.at(-1)).toBe(1)
    for (const name of need) expect(await mapped(prepared, name)).toEqual([...(await readTensor(checkpoint, name))])
    const again = await prepareWeights(checkpoint, cache, { need: ['brain'] })
    expect(again).toMatchObject({ folder: prepared.folder, copiedBytes: 0 })
    expect((await readdir(cache)).length).toBe(1)
  })

  test.skipIf(process.platform !== 'linux')('is made of a model on a network drive, but not onto the same', async () => {
    const root = await mixedModel()
    const [near, far] = [await folder(), await folder()]
    const real = await statfs(root)
    vi.mocked(statfs).mockImplementation((path) =>
      Promise.resolve({ ...real, type: String(path).startsWith(near) ? real.type : 0x6969 })
    )
    try {
      const checkpoint = await openCheckpoint(root)
      expect(await missingPreparation(checkpoint, join(near, 'cache'), ['single'])).toBe(4 * 4 * 3000)
      const prepared = await prepareWeights(checkpoint, join(near, 'cache'), { need: ['single'] })
      expect(prepared.folder.startsWith(near)).toBe(true)
      expect(await mapped(prepared, 'single')).toEqual([...values])
      expect(await prepareWeights(checkpoint, join(far, 'cache'), { need: ['single'] })).toMatchObject({
        folder: root,
        copiedBytes: 0
      })
    } finally {
      vi.mocked(statfs).mockReset()
    }
  })

  test('is made for float32 that is not aligned', async () => {
    const root = await folder()
    const header = '{"byte":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"F32","shape":[2],"data_offsets":[1,9]}}'
    const data = Buffer.concat([Uint8Array.of(9), new Uint8Array(Float32Array.of(1.5, -2).buffer)])
    await writeFile(join(root, 'model.safetensors'), fileBytes(header.padEnd(120), data))
    const prepared = await prepareWeights(await openCheckpoint(root), await folder(), { need: ['a'] })
    expect(prepared.copiedBytes).toBe(8)
    expect(await mapped(prepared, 'a')).toEqual([1.5, -2])
  })

  test('is made anew when the source has changed, even with the same size', async () => {
    const root = await mixedModel()
    const cache = await folder()
    const before = await prepareWeights(await openCheckpoint(root), cache, { need })
    const path = join(root, 'model.safetensors')
    const bytes = await readFile(path)
    bytes[bytes.byteLength - 1]! ^= 1
    await writeFile(path, bytes)
    // The time is put ahead by hand: two writes may fall into one tick of the clock.
    await utimes(path, new Date(), new Date(Date.now() + 5000))
    const after = await prepareWeights(await openCheckpoint(root), cache, { need })
    expect(after.folder).not.toBe(before.folder)
    expect(after.copiedBytes).toBeGreaterThan(0)
  })

  test('is made anew when it was damaged', async () => {
    const checkpoint = await openCheckpoint(await mixedModel())
    const cache = await folder()
    const damages: ((place: string) => Promise<void>)[] = [
      (place) => truncate(join(place, 'weights.safetensors'), 100),
      (place) => writeFile(join(place, 'prepared.json'), '{"half":'),
      async (place) => {
        const path = join(place, 'weights.safetensors')
        const bytes = await readFile(path)
        bytes[bytes.byteLength - 1]! ^= 1
        await writeFile(path, bytes)
      }
    ]
    const made = await prepareWeights(checkpoint, cache, { need })
    for (const damage of damages) {
      await damage(made.folder)
      const again = await prepareWeights(checkpoint, cache, { need })
      expect(again).toMatchObject({ folder: made.folder, copiedBytes: made.copiedBytes })
      for (const name of need) expect(await mapped(again, name)).toEqual([...(await readTensor(checkpoint, name))])
    }
  })

  test('a mapped file that is cut is noticed before a session opens', async () => {
    const prepared = await prepareWeights(await openCheckpoint(await mixedModel()), await folder(), { need })
    await prepared.recheck()
    await truncate(join(prepared.folder, 'weights.safetensors'), 100)
    expect((await refusal(prepared.recheck())).code).toBe('weights-changed')
  })

  test('two at once end with one complete copy and no leftovers', async () => {
    const checkpoint = await openCheckpoint(await mixedModel())
    const cache = await folder()
    const both = await Promise.all([prepareWeights(checkpoint, cache, { need }), prepareWeights(checkpoint, cache, { need })])
    expect(both[0].folder).toBe(both[1].folder)
    expect(await mapped(both[0], 'brain')).toEqual([...(await readTensor(checkpoint, 'brain'))])
    expect((await readdir(cache)).length).toBe(1)
  })

  test('stopping leaves nothing, and what a killed process left is swept', async () => {
    const checkpoint = await openCheckpoint(await mixedModel())
    const cache = await folder()
    const dead = spawnSync(process.execPath, ['-e', '']).pid
    await mkdir(join(cache, `.writing-${dead}-0-abc`))
    const stop = new AbortController()
    const options = { need, signal: stop.signal, onProgress: () => stop.abort(new Error('stopped by the test')) }
    await expect(prepareWeights(checkpoint, cache, options)).rejects.toThrow('stopped by the test')
    expect(await readdir(cache)).toEqual([])
  })
})

describe('refusals', () => {
  test('tensors that are absent or not floats are named', async () => {
    const checkpoint = await openCheckpoint(await mixedModel())
    const cache = await folder()
    expect(await refusal(prepareWeights(checkpoint, cache, { need: ['none'] }))).toMatchObject({ where: { tensor: 'none' } })
    const error = await refusal(prepareWeights(checkpoint, cache, { need: ['positions'] }))
    expect(error).toMatchObject({ code: 'dtype-unsupported', where: { tensor: 'positions' } })
  })

  test('a source that changed since it was opened', async () => {
    const root = await mixedModel()
    const checkpoint = await openCheckpoint(root)
    await truncate(join(root, 'model.safetensors'), 100)
    expect((await refusal(prepareWeights(checkpoint, await folder(), { need }))).code).toBe('weights-changed')
  })

  test('a disk without the space is refused before anything is written, with both sizes', async () => {
    const checkpoint = await openCheckpoint(await mixedModel())
    const cache = await folder()
    const real = await statfs(cache)
    vi.mocked(statfs).mockResolvedValue({ ...real, bavail: 1, bsize: 1000 })
    const error = await refusal(prepareWeights(checkpoint, cache, { need }))
    expect(error.code).toBe('disk-full')
    expect(error.message).toContain('takes 48.0 kB')
    expect(error.message).toContain('1.0 kB are free')
    expect(await readdir(cache)).toEqual([])
  })

  test('a cache folder that cannot be one', async () => {
    const checkpoint = await openCheckpoint(await mixedModel())
    const file = join(await folder(), 'file')
    await writeFile(file, '')
    expect((await refusal(prepareWeights(checkpoint, join(file, 'cache'), { need }))).code).toBe('not-a-folder')
  })
})
