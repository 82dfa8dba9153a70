import { open, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sha256OfFile } from '../../../../../src/main/base/files.ts'
import { InputError } from '../../../../../src/main/base/errors.ts'
import { openSafetensors } from '../../../../../src/main/engine/weights/checkpoint-folder.ts'
import { elementBytes, elementCount, isElementType } from '../../../../../src/main/engine/weights/elements.ts'
import type { ElementType } from '../../../../../src/main/engine/weights/elements.ts'
import { readTensor, readTensorBytes } from '../../../../../src/main/engine/weights/read-tensor.ts'
import { parseSafetensorsHeader } from '../../../../../src/main/engine/weights/safetensors-header.ts'
import { readSafetensorsHeader, writeSafetensors } from '../../../../../src/main/engine/weights/safetensors.ts'
import { sourceOfArray, sourceOfCheckpoint, sourceOfReader } from '../../../../../src/main/engine/weights/tensor-source.ts'
import { fileBytes, readReference, referencePath, refusal, temporaryFolders, writeFloats } from './files.ts'

const folder = temporaryFolders()
const allTypes = Object.keys(elementBytes).filter(isElementType)

async function allBytes(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const copies: Uint8Array[] = []
  for await (const chunk of chunks) copies.push(chunk.slice())
  return Buffer.concat(copies)
}

describe('with the reference library', () => {
  test('reads its file: types, shapes, bytes and upcast values are those it wrote', async () => {
    const checkpoint = await openSafetensors(referencePath)
    const { tensors } = readReference()
    expect([...checkpoint.tensors.keys()].sort()).toEqual(Object.keys(tensors).sort())
    for (const [name, expected] of Object.entries(tensors)) {
      const entry = checkpoint.tensors.get(name)
      expect({ name, dtype: entry?.dtype, shape: entry?.shape }).toEqual({ name, dtype: expected.dtype, shape: expected.shape })
      expect((await allBytes(readTensorBytes(checkpoint, name))).toString('hex')).toBe(expected.bytes)
      expect([...new Uint32Array((await readTensor(checkpoint, name)).buffer)]).toEqual(expected.float32)
    }
    expect((await readSafetensorsHeader(referencePath)).metadata).toEqual(new Map([['format', 'pt']]))
  })

  test('writes the same tensors as the very same bytes, in whatever order they come', async () => {
    const checkpoint = await openSafetensors(referencePath)
    const entries = [...checkpoint.tensors.keys()].sort().map((name) => sourceOfCheckpoint(checkpoint, name))
    const path = join(await folder(), 'ours.safetensors')
    const written = await writeSafetensors(path, entries, { metadata: { format: 'pt' } })
    expect((await readFile(path)).equals(await readFile(referencePath))).toBe(true)
    expect(written).toEqual({ bytes: (await stat(path)).size, sha256: await sha256OfFile(path) })
  })
})

describe('writeSafetensors', () => {
  test('what is written is read back, for every type and shape, in chunks of any size', async () => {
    const path = join(await folder(), 'a.safetensors')
    const entry = fc.record({
      name: fc.string({ unit: 'grapheme', minLength: 1 }).filter((name) => name !== '__metadata__'),
      dtype: fc.constantFrom(...allTypes),
      shape: fc.array(fc.nat(4), { maxLength: 4 }),
      seed: fc.nat(255)
    })
    const bytesOf = (one: { dtype: ElementType; shape: readonly number[]; seed: number }) =>
      Uint8Array.from({ length: elementBytes[one.dtype] * elementCount(one.shape) }, (_, i) => one.seed + 7 * i)
    const lists = fc.uniqueArray(entry, { selector: (one) => one.name, maxLength: 6 })
    const property = fc.asyncProperty(lists, fc.integer({ min: 8, max: 40 }), async (entries, chunkBytes) => {
      await writeSafetensors(
        path,
        entries.map((one) => ({ ...one, chunks: () => [bytesOf(one).subarray(0, 3), bytesOf(one).subarray(3)] }))
      )
      const checkpoint = await openSafetensors(path)
      expect(checkpoint.tensors.size).toBe(entries.length)
      for (const one of entries) {
        const found = checkpoint.tensors.get(one.name)
        expect({ dtype: found?.dtype, shape: found?.shape }).toEqual({ dtype: one.dtype, shape: one.shape })
        expect((found?.offset ?? 1) % elementBytes[one.dtype]).toBe(0)
        expect([...(await allBytes(readTensorBytes(checkpoint, one.name, { chunkBytes })))]).toEqual([...bytesOf(one)])
      }
    })
    await fc.assert(property, { numRuns: 40 })
  }, 60_000)

  test('reports progress and reads a tensor part by part', async () => {
    const path = join(await folder(), 'a.safetensors')
    const parts: [number, number][] = []
    const read = async (offset: number, length: number) => {
      parts.push([offset, length])
      return Float32Array.from({ length }, (_, i) => offset + i)
    }
    const seen: number[] = []
    await writeSafetensors(path, [sourceOfReader({ name: 'x', dtype: 'F32', shape: [10], read }, 4)], {
      onProgress: (done, total) => seen.push(done / total)
    })
    expect(parts).toEqual([
      [0, 4],
      [4, 4],
      [8, 2]
    ])
    expect(seen).toEqual([0.4, 0.8, 1])
    expect([...(await readTensor(await openSafetensors(path), 'x'))]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  })

  test('stopping or failing half-way keeps the old file and leaves nothing else', async () => {
    const root = await folder()
    const path = join(root, 'a.safetensors')
    await writeFloats(path, { old: [2] })
    const before = await readFile(path)
    const stop = new AbortController()
    const read = async (_: number, length: number) => {
      stop.abort(new Error('stopped by the test'))
      return new Float32Array(length)
    }
    const endless = sourceOfReader({ name: 'x', dtype: 'F32', shape: [10], read }, 4)
    await expect(writeSafetensors(path, [endless], { signal: stop.signal })).rejects.toThrow('stopped by the test')
    const short = { name: 'x', dtype: 'F32', shape: [10], chunks: () => [new Uint8Array(8)] } as const
    await expect(writeSafetensors(path, [short])).rejects.toThrow('32 bytes too few')
    const long = { name: 'x', dtype: 'F32', shape: [1], chunks: () => [new Uint8Array(8)] } as const
    await expect(writeSafetensors(path, [long])).rejects.toThrow('more than its 4 bytes')
    expect(await readdir(root)).toEqual(['a.safetensors'])
    expect((await readFile(path)).equals(before)).toBe(true)
  })

  test('two tensors of one name, and an array of another width, are our bug', async () => {
    const path = join(await folder(), 'a.safetensors')
    const one = sourceOfArray({ name: 'x', dtype: 'F32', shape: [1] }, new Float32Array(1))
    await expect(writeSafetensors(path, [one, one])).rejects.toThrow('two tensors named x')
    expect(() => sourceOfArray({ name: 'x', dtype: 'BF16', shape: [1] }, new Float32Array(1))).toThrow('x is BF16')
  })

  test('a folder that does not exist is named', async () => {
    const error = await refusal(writeSafetensors(join(await folder(), 'no', 'a.safetensors'), []))
    expect(error.code).toBe('not-found')
    expect(error.message).toContain('a.safetensors')
  })
})

const entry = (dtype: unknown, shape: unknown, offsets: unknown) => ({ dtype, shape, data_offsets: offsets })
const lawful = { a: entry('F32', [2], [0, 8]), b: entry('F32', [1], [8, 12]) }

describe('damaged files are refused with the file and the tensor named', () => {
  test.each<{ name: string; header: unknown; data?: number; says: string; tensor?: string }>([
    {
      name: 'unknown type',
      header: { a: entry('F31', [2], [0, 8]) },
      says: 'the tensor "a" in the unknown element type "F31"',
      tensor: 'a'
    },
    { name: 'type from the prototype', header: { a: entry('toString', [2], [0, 8]) }, says: 'unknown element type', tensor: 'a' },
    { name: 'no type', header: { a: { shape: [2], data_offsets: [0, 8] } }, says: 'unknown element type', tensor: 'a' },
    { name: 'negative size', header: { a: entry('F32', [-2], [0, 8]) }, says: 'a shape that is not', tensor: 'a' },
    { name: 'fractional size', header: { a: entry('F32', [1.5], [0, 6]) }, says: 'a shape that is not', tensor: 'a' },
    { name: 'unsafe size', header: { a: entry('F32', [2 ** 60], [0, 8]) }, says: 'a shape that is not', tensor: 'a' },
    {
      name: 'size beyond numbers',
      header: { a: entry('F32', [2 ** 40, 2 ** 40], [0, 8]) },
      says: 'the impossible size',
      tensor: 'a'
    },
    { name: 'shape of text', header: { a: entry('F32', 'x', [0, 8]) }, says: 'a shape that is not', tensor: 'a' },
    { name: 'one offset', header: { a: entry('F32', [2], [0]) }, says: 'offsets that are not two', tensor: 'a' },
    { name: 'offsets swapped', header: { a: entry('F32', [2], [8, 0]) }, says: 'before it begins', tensor: 'a' },
    {
      name: 'size against offsets',
      header: { a: entry('F32', [3], [0, 8]) },
      says: 'holds 8 bytes for the tensor "a", but F32 [3] takes 12',
      tensor: 'a'
    },
    {
      name: 'past the end',
      header: { a: entry('F32', [4], [0, 16]) },
      data: 12,
      says: 'is cut off or wrong: the tensor "a"',
      tensor: 'a'
    },
    {
      name: 'far past the end',
      header: { a: entry('F32', [1], [2 ** 50, 2 ** 50 + 4]) },
      data: 4,
      says: 'is cut off or wrong',
      tensor: 'a'
    },
    {
      name: 'overlap',
      header: { a: entry('F32', [2], [0, 8]), b: entry('F32', [2], [4, 12]) },
      data: 12,
      says: 'the tensors "b" and "a" overlap',
      tensor: 'b'
    },
    {
      name: 'same place',
      header: { a: entry('F32', [2], [0, 8]), b: entry('F32', [2], [0, 8]) },
      data: 8,
      says: 'overlap',
      tensor: 'b'
    },
    {
      name: 'gap',
      header: { a: entry('F32', [1], [0, 4]), b: entry('F32', [1], [8, 12]) },
      data: 12,
      says: '4 bytes before the tensor "b"',
      tensor: 'b'
    },
    {
      name: 'gap before the first',
      header: { a: entry('F32', [1], [4, 8]) },
      data: 8,
      says: '4 bytes before the tensor "a"',
      tensor: 'a'
    },
    { name: 'bytes left over', header: lawful, data: 20, says: '8 bytes at its end' },
    { name: 'entry that is a list', header: { a: [] }, says: 'not a JSON object', tensor: 'a' },
    { name: 'header that is a list', header: [], says: 'not a JSON object' },
    { name: 'header that is null', header: null, says: 'not a JSON object' },
    { name: 'metadata that are a list', header: { __metadata__: [] }, says: 'metadata that are not' },
    { name: 'metadata that are numbers', header: { __metadata__: { a: 1 } }, says: 'metadata "a" that are not text' }
  ])('$name', async ({ header, data = 8, says, tensor }) => {
    const path = join(await folder(), 'model.safetensors')
    await writeFile(path, fileBytes(JSON.stringify(header), new Uint8Array(data)))
    const error = await refusal(readSafetensorsHeader(path))
    expect(error.message).toContain('model.safetensors')
    expect(error.message).toContain(says)
    expect(error.where.file).toBe(path)
    expect(error.where.tensor).toBe(tensor)
  })

  const text = JSON.stringify(lawful)
  test.each([
    { name: 'empty file', bytes: new Uint8Array(0), says: 'has only 0 bytes' },
    { name: 'seven bytes', bytes: new Uint8Array(7), says: 'has only 7 bytes' },
    { name: 'empty header', bytes: fileBytes(''), says: 'not valid JSON' },
    {
      name: 'huge header',
      bytes: fileBytes(text, new Uint8Array(12), 2n ** 63n),
      says: 'its header would have 9223372036854775808 bytes'
    },
    {
      name: 'header just over the limit',
      bytes: fileBytes(text, new Uint8Array(12), 100_000_001n),
      says: 'its header would have 100000001'
    },
    {
      name: 'header longer than the file',
      bytes: fileBytes(text, new Uint8Array(12), 5000n),
      says: 'its header alone has 5000 bytes'
    },
    { name: 'not UTF-8', bytes: fileBytes(Uint8Array.of(0x7b, 0xff, 0x7d)), says: 'is not text' },
    { name: 'not JSON', bytes: fileBytes('{"a":'), says: 'not valid JSON' },
    {
      name: 'the same tensor twice',
      bytes: fileBytes(`${text.slice(0, -1)},"a":{}}`, new Uint8Array(12)),
      says: 'describes "a" twice'
    },
    { name: 'deep nesting', bytes: fileBytes('['.repeat(1e6)), says: 'nested too deeply' },
    {
      name: 'LFS pointer',
      bytes: Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:0\n'),
      says: 'git lfs pull'
    },
    {
      name: 'zip of a pickle',
      bytes: Buffer.from('PK\x03\x04\0\0\x08\x08\0\0archive/data.pkl', 'latin1'),
      says: 'are a program, not data'
    },
    {
      name: 'bare pickle',
      bytes: Buffer.from('\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P', 'latin1'),
      says: 'are a program, not data'
    }
  ])('$name', async ({ bytes, says }) => {
    const path = join(await folder(), 'model.safetensors')
    await writeFile(path, bytes)
    const error = await refusal(readSafetensorsHeader(path))
    expect(error.message).toContain('model.safetensors')
    expect(error.message).toContain(says)
  })

  test('a header of 640 bytes is not taken for a pickle, whose first bytes are the same', async () => {
    const path = join(await folder(), 'model.safetensors')
    await writeFile(path, fileBytes(text.padEnd(640), new Uint8Array(12)))
    expect((await readSafetensorsHeader(path)).tensors.size).toBe(2)
  })

  test('a file cut anywhere is refused', async () => {
    const path = join(await folder(), 'model.safetensors')
    const whole = fileBytes(text, new Uint8Array(12))
    for (let length = whole.byteLength - 1; length >= 0; length -= 3) {
      await writeFile(path, whole.subarray(0, length))
      await refusal(readSafetensorsHeader(path))
    }
  })

  test('a sparse file with a tensor beyond 4 GiB is read where it says', async () => {
    const path = join(await folder(), 'big.safetensors')
    const big = 5 * 2 ** 30
    const header = JSON.stringify({ big: entry('U8', [big], [0, big]), last: entry('F32', [1], [big, big + 4]) }).padEnd(192)
    await writeFile(path, fileBytes(header))
    const handle = await open(path, 'r+')
    await handle.write(Float32Array.of(1.5), 0, 4, 8 + 192 + big)
    await handle.close()
    const checkpoint = await openSafetensors(path)
    expect(checkpoint.totalBytes).toBe(big + 4)
    expect([...(await readTensor(checkpoint, 'last'))]).toEqual([1.5])
  })
})

describe('what is not a plain file is refused', () => {
  test('folders, links, missing files', async () => {
    const root = await folder()
    await writeFloats(join(root, 'real.safetensors'), { a: [1] })
    await symlink(join(root, 'real.safetensors'), join(root, 'link.safetensors'))
    expect((await refusal(readSafetensorsHeader(root))).code).toBe('not-a-file')
    expect((await refusal(readSafetensorsHeader(join(root, 'none')))).code).toBe('not-found')
    if (process.platform !== 'win32')
      expect((await refusal(readSafetensorsHeader(join(root, 'link.safetensors')))).code).toBe('link')
  })

  test.skipIf(process.platform === 'win32')('devices, and pipes without waiting for a writer', async () => {
    const pipe = join(await folder(), 'model.safetensors')
    execFileSync('mkfifo', [pipe])
    expect((await refusal(readSafetensorsHeader(pipe))).message).toContain('device or pipe')
    expect((await refusal(readSafetensorsHeader('/dev/zero'))).message).toContain('device or pipe')
  })
})

describe('fuzz: a header is either lawful or refused by an InputError', () => {
  /** Parses and, where that succeeds, checks what a caller relies on. */
  function parseOrRefuse(bytes: Uint8Array): 'parsed' | 'refused' {
    const length = bytes.byteLength < 8 ? 0 : Number(Buffer.from(bytes).readBigUInt64LE())
    if (length > bytes.byteLength - 8) return 'refused'
    try {
      const { tensors } = parseSafetensorsHeader(bytes.subarray(8, 8 + length), bytes.byteLength, 'x')
      let end = 8 + length
      for (const { dtype, shape, begin, end: last } of tensors.values()) {
        expect(begin).toBe(end)
        expect(last - begin).toBe(elementBytes[dtype] * elementCount(shape))
        end = last
      }
      expect(end).toBe(bytes.byteLength)
      return 'parsed'
    } catch (error) {
      if (error instanceof InputError) return 'refused'
      throw error
    }
  }

  test('random changes to the bytes of a lawful file', () => {
    const whole = fileBytes(JSON.stringify(lawful), new Uint8Array(12))
    const change = fc.record({
      at: fc.nat(whole.byteLength - 1),
      byte: fc.nat(255),
      cut: fc.nat(2),
      extra: fc.uint8Array({ maxLength: 3 })
    })
    const outcomes = new Set<string>()
    const property = fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
      let bytes = Buffer.from(whole)
      for (const { at, byte, cut, extra } of changes) {
        bytes = Buffer.concat([bytes.subarray(0, at), extra, bytes.subarray(at + cut)])
        if (at < bytes.byteLength) bytes[at] = byte
      }
      outcomes.add(parseOrRefuse(bytes))
    })
    fc.assert(property, { numRuns: 2000 })
    expect([...outcomes].sort()).toEqual(['parsed', 'refused'])
  })

  test('headers of the right form with wild types, shapes and offsets', () => {
    const number = fc.oneof(fc.nat(16), fc.integer(), fc.double(), fc.constantFrom(2 ** 31, 2 ** 53, -0, 4, 8))
    const odd = fc.jsonValue({ maxDepth: 1 })
    const wild = fc.record({
      dtype: fc.oneof(fc.constantFrom(...allTypes), fc.string(), odd),
      shape: fc.oneof(fc.array(number, { maxLength: 3 }), odd),
      data_offsets: fc.oneof(fc.tuple(number, number), fc.array(number, { maxLength: 3 }), odd)
    })
    const headers = fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('__proto__', '__metadata__', '0')), fc.oneof(wild, odd))
    fc.assert(
      fc.property(headers, fc.nat(64), (header, data) => {
        parseOrRefuse(fileBytes(JSON.stringify(header), new Uint8Array(data)))
      }),
      { numRuns: 500 }
    )
  }, 60_000)

  test('a tensor named __proto__ is a tensor like any other', () => {
    const header = '{"__proto__":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}'
    const { tensors } = parseSafetensorsHeader(Buffer.from(header), 8 + header.length + 1, 'x')
    expect([...tensors.keys()]).toEqual(['__proto__'])
  })
})
