import { mkdir, rename, symlink, truncate, utimes, writeFile } from 'node:fs/promises'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { InputError } from '../../../../../src/main/base/errors.ts'
import { openCheckpoint, openSafetensors } from '../../../../../src/main/engine/weights/checkpoint-folder.ts'
import { readTensor, readTensorBytes, recheckFiles } from '../../../../../src/main/engine/weights/read-tensor.ts'
import { fileBytes, refusal, temporaryFolders, writeFloats } from './files.ts'

const folder = temporaryFolders()
const first = 'model-00001-of-00002.safetensors'
const second = 'model-00002-of-00002.safetensors'

async function writeIndex(root: string, map: unknown): Promise<void> {
  await writeFile(join(root, 'model.safetensors.index.json'), JSON.stringify({ metadata: { total_size: 1 }, weight_map: map }))
}

/** A folder with two shards: `a` and `b` in the first, `c` in the second. */
async function shardedFolder(): Promise<string> {
  const root = await folder()
  await writeFloats(join(root, first), { a: [2], b: [1] })
  await writeFloats(join(root, second), { c: [2, 2] }, 10)
  await writeIndex(root, { a: first, b: first, c: second })
  return root
}

describe('openCheckpoint', () => {
  test('reads one file: tensors with their place, sums by type', async () => {
    const root = await folder()
    await writeFloats(join(root, 'model.safetensors'), { a: [2, 3], b: [] })
    const checkpoint = await openCheckpoint(root)
    const entry = checkpoint.tensors.get('b')
    expect(entry).toMatchObject({ file: 'model.safetensors', dtype: 'F32', shape: [], length: 4 })
    expect(checkpoint.totalBytes).toBe(28)
    expect(Object.fromEntries(checkpoint.dtypes)).toEqual({ F32: { tensors: 2, parameters: 7, bytes: 28 } })
    expect([...(await readTensor(checkpoint, 'b'))]).toEqual([6])
  })

  test('reads shards through their index', async () => {
    const checkpoint = await openCheckpoint(await shardedFolder())
    expect([...checkpoint.tensors].map(([name, { file }]) => [name, file])).toEqual([
      ['a', first],
      ['b', first],
      ['c', second]
    ])
    expect([...(await readTensor(checkpoint, 'c'))]).toEqual([10, 11, 12, 13])
  })

  test('a single file wins over an index beside it, as in transformers', async () => {
    const root = await shardedFolder()
    await writeFloats(join(root, 'model.safetensors'), { whole: [1] })
    expect([...(await openCheckpoint(root)).tensors.keys()]).toEqual(['whole'])
  })

  test('a missing shard is named with a tensor it should hold', async () => {
    const root = await shardedFolder()
    await rename(join(root, second), join(root, 'elsewhere'))
    const error = await refusal(openCheckpoint(root))
    expect(error.code).toBe('shard-missing')
    expect(error.message).toContain(`"${second}" is missing`)
    expect(error.message).toContain('"c"')
  })

  test('a tensor that the index puts where it is not is named', async () => {
    const root = await shardedFolder()
    await writeIndex(root, { a: first, b: second, c: second })
    const error = await refusal(openCheckpoint(root))
    expect(error).toMatchObject({ code: 'tensor-missing', where: { tensor: 'b' } })
    await writeIndex(root, { a: first, b: first, c: second, d: second })
    expect(await refusal(openCheckpoint(root))).toMatchObject({ code: 'tensor-missing', where: { tensor: 'd' } })
  })

  test('a tensor in two shards is named with both', async () => {
    const root = await shardedFolder()
    await writeFloats(join(root, second), { c: [1], a: [1] })
    const error = await refusal(openCheckpoint(root))
    expect(error).toMatchObject({ code: 'tensor-twice', where: { tensor: 'a' } })
    expect(error.message).toContain(first)
    expect(error.message).toContain(second)
  })

  test.each([
    { name: 'a path upwards', map: { a: '../model.safetensors' } },
    { name: 'an absolute path', map: { a: '/tmp/model.safetensors' } },
    { name: 'a Windows path', map: { a: 'C:\\model.safetensors' } },
    { name: 'an alternate stream', map: { a: 'model:x.safetensors' } },
    { name: 'a pickle', map: { a: 'pytorch_model.bin' } },
    { name: 'a zero byte', map: { a: 'a\0.safetensors' } },
    { name: 'a number', map: { a: 1 } }
  ])('an index that names $name is refused', async ({ map }) => {
    const root = await folder()
    await writeIndex(root, map)
    expect(await refusal(openCheckpoint(root))).toMatchObject({ code: 'index-damaged', where: { key: 'a' } })
  })

  test.each([
    '',
    '{',
    '[]',
    'null',
    '{"weight_map":[]}',
    '{"weight_map":{}}',
    '{"weight_map":{"a":"x.safetensors","a":"y.safetensors"}}'
  ])('the index %j is refused', async (text) => {
    const root = await folder()
    await writeFile(join(root, 'model.safetensors.index.json'), text)
    expect((await refusal(openCheckpoint(root))).code).toBe('index-damaged')
  })

  test('an index with random changes is read or refused, nothing else', async () => {
    const root = await shardedFolder()
    const path = join(root, 'model.safetensors.index.json')
    const text = Buffer.from(JSON.stringify({ weight_map: { a: first, b: first, c: second } }))
    const outcomes = new Set<string>()
    const property = fc.asyncProperty(
      fc.nat(text.byteLength - 1),
      fc.uint8Array({ maxLength: 2 }),
      fc.nat(2),
      async (at, add, cut) => {
        await writeFile(path, Buffer.concat([text.subarray(0, at), add, text.subarray(at + cut)]))
        const outcome = await openCheckpoint(root).catch((error: unknown) => error)
        if (outcome instanceof Error && !(outcome instanceof InputError)) throw outcome
        outcomes.add(outcome instanceof InputError ? 'refused' : 'read')
      }
    )
    await fc.assert(property, { numRuns: 150, examples: [[0, new Uint8Array(0), 0]] })
    expect([...outcomes].sort()).toEqual(['read', 'refused'])
  }, 60_000)
})

describe('folders without usable weights', () => {
  test.each(['pytorch_model.bin', 'model.pt', 'weights.pth', 'last.ckpt', 'model.pkl'])(
    '%s is called a program',
    async (name) => {
      const root = await folder()
      await writeFile(join(root, name), 'anything')
      const error = await refusal(openCheckpoint(root))
      expect(error.code).toBe('weights-pickle')
      expect(error.message).toMatch(/^The weights in ".*" are a program, not data, so .*; ask for the model as safetensors\.$/)
      expect(error.message).toContain(name)
    }
  )

  test('an empty folder, a file, a path that leads nowhere', async () => {
    const root = await folder()
    expect((await refusal(openCheckpoint(root))).code).toBe('weights-missing')
    await writeFile(join(root, 'file'), '')
    expect((await refusal(openCheckpoint(join(root, 'file')))).code).toBe('not-a-folder')
    expect((await refusal(openCheckpoint(join(root, 'none')))).code).toBe('not-found')
    expect((await refusal(openSafetensors(join(root, 'none')))).code).toBe('not-found')
  })

  test('shards without their index are mentioned', async () => {
    const root = await folder()
    await writeFloats(join(root, first), { a: [1] })
    expect((await refusal(openCheckpoint(root))).message).toContain(first)
  })
})

describe.skipIf(process.platform === 'win32')('links', () => {
  /** A Hugging Face cache with one model whose snapshot links into its blobs; gives the repository and the snapshot. */
  async function cachedModel(): Promise<{ repository: string; snapshot: string }> {
    const repository = join(await folder(), 'models--owner--name')
    const snapshot = join(repository, 'snapshots', 'abc123')
    await mkdir(join(repository, 'blobs'), { recursive: true })
    await mkdir(snapshot, { recursive: true })
    await writeFloats(join(repository, 'blobs', 'd0d0'), { a: [2] })
    await symlink('../../blobs/d0d0', join(snapshot, 'model.safetensors'))
    return { repository, snapshot }
  }

  test('a cache snapshot is read through its links', async () => {
    const { repository, snapshot } = await cachedModel()
    const checkpoint = await openCheckpoint(snapshot)
    expect([...(await readTensor(checkpoint, 'a'))]).toEqual([0, 1])
    expect(checkpoint.files[0]?.path).toBe(join(repository, 'blobs', 'd0d0'))
  })

  test('a snapshot that links out of its own repository is refused, into a sibling repository too', async () => {
    const { repository, snapshot } = await cachedModel()
    const sibling = `${repository}-private`
    await mkdir(sibling)
    await writeFloats(join(sibling, 'secret'), { a: [2] })
    await rename(join(snapshot, 'model.safetensors'), join(snapshot, 'old'))
    await symlink(join(sibling, 'secret'), join(snapshot, 'model.safetensors'))
    const error = await refusal(openCheckpoint(snapshot))
    expect(error.code).toBe('link-outside')
    expect(error.message).toContain('model.safetensors')
    expect(error.message).toContain('secret')
  })

  test('an ordinary folder may not link out, directly, through a folder, or to a device', async () => {
    const outside = await folder()
    await writeFloats(join(outside, 'model.safetensors'), { a: [1] })
    const root = await folder()
    await symlink(join(outside, 'model.safetensors'), join(root, 'model.safetensors'))
    expect((await refusal(openCheckpoint(root))).code).toBe('link-outside')
    const device = await folder()
    await symlink('/dev/zero', join(device, 'model.safetensors'))
    expect((await refusal(openCheckpoint(device))).code).toBe('link-outside')
    const shards = await shardedFolder()
    await rename(join(shards, second), join(outside, second))
    await symlink(join(outside, second), join(shards, second))
    expect((await refusal(openCheckpoint(shards))).code).toBe('link-outside')
    const index = await folder()
    await symlink(join(outside, 'index'), join(index, 'model.safetensors.index.json'))
    await writeFile(join(outside, 'index'), '{}')
    expect((await refusal(openCheckpoint(index))).code).toBe('link-outside')
  })

  test('a folder that only looks like a snapshot is its own root', async () => {
    const base = await folder()
    const snapshot = join(base, 'mymodel', 'snapshots', 'abc')
    await mkdir(snapshot, { recursive: true })
    await writeFloats(join(base, 'mymodel', 'blob'), { a: [1] })
    await symlink('../../blob', join(snapshot, 'model.safetensors'))
    expect((await refusal(openCheckpoint(snapshot))).code).toBe('link-outside')
  })

  test('a link inside the folder is followed, a broken one and a loop are named, the folder itself may be a link', async () => {
    const root = await folder()
    await writeFloats(join(root, 'real.safetensors'), { a: [1] })
    await symlink('real.safetensors', join(root, 'model.safetensors'))
    await symlink(root, `${root}-link`)
    expect((await openCheckpoint(`${root}-link`)).folder).toBe(root)
    await rename(join(root, 'real.safetensors'), join(root, 'gone'))
    expect((await refusal(openCheckpoint(root))).code).toBe('link-broken')
    await symlink('model.safetensors', join(root, 'real.safetensors'))
    expect((await refusal(openCheckpoint(root))).code).toBe('link')
    execFileSync('rm', [`${root}-link`])
  })

  test('a pipe in place of the weights is refused without waiting', async () => {
    const root = await folder()
    execFileSync('mkfifo', [join(root, 'model.safetensors')])
    expect((await refusal(openCheckpoint(root))).code).toBe('not-a-file')
  })
})

describe('reading tensors', () => {
  test('an absent tensor is named', async () => {
    const root = await shardedFolder()
    const error = await refusal(readTensor(await openCheckpoint(root), 'none'))
    expect(error).toMatchObject({ code: 'tensor-missing', where: { tensor: 'none' } })
  })

  test('8-bit floats are refused by name', async () => {
    const root = await folder()
    const header = '{"q":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[0,1]}}'
    await writeFile(join(root, 'model.safetensors'), fileBytes(header, new Uint8Array(1)))
    const error = await refusal(readTensor(await openCheckpoint(root), 'q'))
    expect(error).toMatchObject({ code: 'dtype-unsupported', where: { tensor: 'q' } })
  })

  test('a file that was cut or touched since it was opened is refused', async () => {
    const root = await shardedFolder()
    const checkpoint = await openCheckpoint(root)
    await recheckFiles(checkpoint)
    await utimes(join(root, second), 1, 1)
    expect((await refusal(recheckFiles(checkpoint))).message).toContain(second)
    expect((await refusal(readTensor(checkpoint, 'c'))).code).toBe('weights-changed')
    await truncate(join(root, first), 20)
    expect((await refusal(readTensor(checkpoint, 'a'))).code).toBe('weights-changed')
  })

  test('reading stops when asked', async () => {
    const checkpoint = await openCheckpoint(await shardedFolder())
    const chunks = readTensorBytes(checkpoint, 'c', {
      signal: AbortSignal.abort(new Error('stopped by the test')),
      chunkBytes: 8
    })
    await expect(chunks.next()).rejects.toThrow('stopped by the test')
  })
})
