import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ZipFile } from 'yazl'
import { addCudaPack } from '../../../../src/main/devices/add-pack.ts'
import { officialHashes } from '../../../../src/main/devices/pack-hashes.ts'
import { cudaPackLayout } from '../../../../src/main/engine/runtime/index.ts'

const layout = { library: 'libort.so', providers: ['libshared.so', 'libcuda.so'], needs: ['libcudart.so.13'] }
const contents = new Map([
  ['libort.so', 'the library'],
  ['libshared.so', 'shared'],
  ['libcuda.so', 'provider']
])
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
const hashes = Object.fromEntries([...contents].map(([name, text]) => [name, [sha256('another build'), sha256(text)]]))
const options = { layout, hashes }

let home: string
let place: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'attune-pack-'))
  place = join(home, 'devices', 'cuda')
})
afterEach(() => rm(home, { recursive: true, force: true }))

async function wheel(files: ReadonlyMap<string, string>): Promise<string> {
  const zip = new ZipFile()
  for (const [name, text] of files) zip.addBuffer(Buffer.from(text), name)
  zip.end()
  const path = join(home, 'onnxruntime_gpu-1.30.0.whl')
  writeFileSync(path, await buffer(zip.outputStream))
  return path
}

const inWheel = (files: ReadonlyMap<string, string>): Map<string, string> =>
  new Map([...files].map(([name, text]) => [`onnxruntime/capi/${name}`, text]))

function folderOf(files: ReadonlyMap<string, string>): string {
  const folder = join(home, 'capi')
  mkdirSync(folder)
  for (const [name, text] of files) writeFileSync(join(folder, name), text)
  return folder
}

test('takes the three files out of a wheel, and nothing else', async () => {
  const source = await wheel(new Map([...inWheel(contents), ['onnxruntime/capi/other.so', 'x'], ['libort.so', 'elsewhere']]))
  expect(await addCudaPack(source, place, options)).toEqual({ folder: place, files: [...contents.keys()], nvidia: [] })
  expect(readdirSync(place).toSorted()).toEqual([...contents.keys()].toSorted())
  expect(readFileSync(join(place, 'libort.so'), 'utf8')).toBe('the library')
  expect(readdirSync(join(home, 'devices'))).toEqual(['cuda'])
})

test('takes a folder with NVIDIA libraries beside them, in place of an older pack', async () => {
  mkdirSync(place, { recursive: true })
  writeFileSync(join(place, 'old'), '')
  const source = folderOf(new Map([...contents, ['libcudart.so.13', 'runtime'], ['notes.txt', 'x']]))
  expect((await addCudaPack(source, place, options)).nvidia).toEqual(['libcudart.so.13'])
  expect(readdirSync(place).toSorted()).toEqual([...contents.keys(), 'libcudart.so.13'].toSorted())
})

test.each([
  [
    'a file that is not the official one',
    new Map([...contents, ['libcuda.so', 'changed']]),
    "'libcuda.so' in 'capi' is not the file"
  ],
  ['a file that is missing', new Map([['libort.so', 'the library']]), "'capi' lacks 'libshared.so'"]
])('refuses a folder with %s, and leaves the pack that is there', async (_what, files, sentence) => {
  mkdirSync(place, { recursive: true })
  writeFileSync(join(place, 'old'), '')
  await expect(addCudaPack(folderOf(files), place, options)).rejects.toThrow(sentence)
  expect(readdirSync(join(home, 'devices'))).toEqual(['cuda'])
  expect(readdirSync(place)).toEqual(['old'])
})

test('refuses what is no wheel, is not there, or is for another system', async () => {
  const text = join(home, 'text.whl')
  writeFileSync(text, 'not a zip at all')
  await expect(addCudaPack(text, place, options)).rejects.toThrow("'text.whl' cannot be read as a wheel")
  await expect(addCudaPack(join(home, 'gone.whl'), place, options)).rejects.toThrow('There is no file or folder')
  await expect(addCudaPack(text, place, { ...options, layout: null })).rejects.toThrow('no CUDA pack for this system')
})

test('knows the official files of each system that has them', () => {
  for (const platform of ['linux', 'win32'] as const) {
    const { library, providers } = cudaPackLayout(platform, 'x64')!
    for (const name of [library, ...providers])
      expect(officialHashes[name]!.every((hash) => /^[0-9a-f]{64}$/.test(hash))).toBe(true)
  }
  expect(cudaPackLayout('darwin', 'arm64')).toBeNull()
  expect(Object.keys(officialHashes)).toHaveLength(6)
})

test('takes the wheel that lies in a folder, and says how far it is', async () => {
  await wheel(inWheel(contents))
  const seen: string[] = []
  await addCudaPack(home, place, { ...options, onFile: (done, total) => seen.push(`${done} of ${total}`) })
  expect(readdirSync(place).toSorted()).toEqual([...contents.keys()].toSorted())
  expect(seen).toEqual(['0 of 3', '1 of 3', '2 of 3'])
})
