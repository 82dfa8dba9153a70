import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { unpackLz4Frame } from '../../../../../src/main/data/arrow/lz4-frame.ts'
import type { Rejected } from '../../../../../src/main/data/documents/rejected.ts'
import { arrowImporter } from '../../../../../src/main/data/importers/arrow.ts'
import { gather, refusalOf, testFolder } from '../folder.ts'

const fixtures = join(import.meta.dirname, '../../../../fixtures/arrow')
const { put } = testFolder()
const FILES = ['uncompressed.feather', 'lz4.feather', 'zstd.feather', 'stream.arrow']

type Value = string | number | boolean | null | readonly string[]
const cellOf = (value: Value): string | null => (value === null ? null : Array.isArray(value) ? value.join('; ') : String(value))

// Made by scripts/reference/arrow.py with pyarrow: batches of 25 rows.
describe('Arrow as pyarrow writes it', () => {
  const { rows: written } = JSON.parse(readFileSync(join(fixtures, 'expected.json'), 'utf8')) as {
    readonly rows: readonly Readonly<Record<string, Value>>[] // As above.
  }
  const expected = written.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, cellOf(value)])))

  test.each(FILES)('%s has every row and cell as it was written, and tells of the column that is no text', async (name) => {
    const path = join(fixtures, name)
    const { format, columns, sample } = await arrowImporter.probe(path)
    expect(columns).toEqual(Object.keys(expected[0]!))
    expect(sample).toHaveLength(20)
    const rejected: Rejected[] = []
    const rows = await gather(arrowImporter.rows(path, format, undefined, (one) => rejected.push(one)))
    expect(rows.map(({ values }) => ({ ...values }))).toEqual(expected)
    expect(rows.map(({ line }) => line)).toEqual(expected.map((_, i) => i + 1))
    expect(rejected).toEqual([{ file: name, place: 'column where', reason: expect.stringMatching(/left out/) }])
  })
})

describe('an Arrow file is refused', () => {
  const probe = async (bytes: Uint8Array): Promise<string> => {
    const path = await put('bad.arrow', bytes)
    return refusalOf(async () => gather(arrowImporter.rows(path, (await arrowImporter.probe(path)).format)))
  }

  test('when it is cut off, empty, or something else', async () => {
    const bytes = await readFile(join(fixtures, 'zstd.feather'))
    expect(await probe(bytes.subarray(0, 4000))).toMatch(
      /^data_arrow_unreadable: bad\.arrow cannot be read as Arrow\. .*not written to its end/
    )
    expect(await probe(Buffer.from('FEA1 and no more'))).toMatch(/^data_arrow_unreadable/)
    expect(await probe(new Uint8Array())).toMatch(/^data_/)
    const stream = await readFile(join(fixtures, 'stream.arrow'))
    expect(await probe(stream.subarray(0, 9000))).toMatch(/^data_arrow_unreadable/)
  })

  test('where a batch says that it unpacks to more than memory should hold', async () => {
    const bytes = await readFile(join(fixtures, 'lz4.feather'))
    const frame = bytes.indexOf(Buffer.from([4, 0x22, 0x4d, 0x18]))
    bytes.writeBigInt64LE(2n ** 40n, frame - 8)
    expect(await probe(bytes)).toMatch(/^data_arrow_unreadable: .*more than 256 MiB/)
  })

  test('whichever byte is damaged: with a sentence or other cells, never with a crash', { timeout: 120_000 }, async () => {
    for (const name of ['lz4.feather', 'stream.arrow']) {
      const bytes = await readFile(join(fixtures, name))
      const { format } = await arrowImporter.probe(join(fixtures, name))
      for (let at = 0; at < bytes.length; at += 173) {
        const damaged = Buffer.from(bytes)
        damaged[at] = (damaged[at] ?? 0) ^ 0xff
        const path = await put('bad.arrow', damaged)
        let rows = 0
        try {
          for await (const row of arrowImporter.rows(path, format)) if ((rows += row.line > 0 ? 1 : 0) > 1_000_000) break
        } catch (error) {
          expect(error).toMatchObject({ code: expect.stringMatching(/^data_/) })
        }
        expect(rows).toBeLessThan(1_000_000)
      }
    }
  })
})

test('an LZ4 frame whose blocks repeat each other, and one that lies about its length', () => {
  // "abcd" as a block of literals, then a match over eight bytes four back, and a literal to end with.
  const frame = [
    0x04, 0x22, 0x4d, 0x18, 0x40, 0x40, 0, 5, 0, 0, 0, 0x40, 0x61, 0x62, 0x63, 0x64, 5, 0, 0, 0, 0x04, 4, 0, 0x10, 0x21, 0, 0, 0,
    0
  ]
  expect(Buffer.from(unpackLz4Frame(Uint8Array.from(frame), 100)).toString()).toBe('abcdabcdabcd!')
  expect(() => unpackLz4Frame(Uint8Array.from(frame), 8)).toThrow(RangeError)
  for (let length = 0; length < frame.length; length++)
    expect(() => unpackLz4Frame(Uint8Array.from(frame.slice(0, length)), 100)).toThrow(RangeError)
})
