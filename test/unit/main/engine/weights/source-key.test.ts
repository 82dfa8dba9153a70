import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Checkpoint } from '../../../../../src/main/engine/weights/checkpoint-folder.ts'
import { contentKey, wholeKey } from '../../../../../src/main/engine/weights/source-key.ts'

let folder: string
let cache: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-source-key-'))
  cache = join(folder, 'cache')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const SIZE = 1 << 20
/** Between two of the samples: they are some 16 kB apart and 4 kB long. */
const UNSEEN = 10_000

/** A file of weights, as it is at a time. */
async function write(time: string, change?: number): Promise<Checkpoint> {
  const path = join(folder, 'model.safetensors')
  const bytes = new Uint8Array(SIZE).map((_, i) => i % 251)
  if (change !== undefined) bytes[change] = 255
  await writeFile(path, bytes)
  await utimes(path, new Date(time), new Date(time))
  const { size, mtimeNs } = await stat(path, { bigint: true })
  const file = { file: 'model.safetensors', path, size: Number(size), mtimeNs, headerHash: 'header' }
  return { folder, files: [file], tensors: new Map(), dtypes: new Map(), totalBytes: SIZE }
}

describe('the key of all bytes of a model', () => {
  test('is the same whatever the times of its files, and another where a byte is that no sample sees', async () => {
    const [first, touched] = [await write('2026-01-01'), await write('2026-01-02')]
    const key = await wholeKey(first, cache)
    expect(key).toMatch(/^[0-9a-f]{64}$/)
    expect(await wholeKey(touched, cache)).toBe(key)
    const sampled = await contentKey(touched)
    const changed = await write('2026-01-03', UNSEEN)
    expect(await contentKey(changed)).toBe(sampled)
    expect(await wholeKey(changed, cache)).not.toBe(key)
  })

  test('is kept, and worked out again where what was kept is damaged or cannot be kept', async () => {
    const source = await write('2026-01-01')
    const key = await wholeKey(source, cache)
    const [name] = await readdir(cache)
    const file = join(cache, name ?? '')
    expect(await readdir(cache)).toHaveLength(1)
    await writeFile(file, JSON.stringify({ whole: 'a'.repeat(64) }))
    expect(await wholeKey(source, cache)).toBe('a'.repeat(64))
    for (const damage of ['{"who', '{}', 'null', '{"whole":"short"}']) {
      await writeFile(file, damage)
      expect(await wholeKey(source, cache)).toBe(key)
      expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ whole: key })
    }
    // A file stands where the folder would be.
    expect(await wholeKey(source, join(file, 'below'))).toBe(key)
  })
})
