import { readFileSync, readdirSync } from 'node:fs'
import { copyFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { describe, expect, test } from 'vitest'
import { parquetImporter } from '../../../../../src/main/data/importers/parquet.ts'
import type { Rejected } from '../../../../../src/main/data/documents/rejected.ts'
import { DEFAULT_LIMITS } from '../../../../../src/main/data/limits.ts'
import { gather, refusalOf, testFolder } from '../folder.ts'

const fixtures = join(import.meta.dirname, '../../../../fixtures/parquet')
const { at, put } = testFolder()
const names = readdirSync(fixtures).filter((name) => name.endsWith('.parquet'))

// Made by scripts/reference/parquet.py with pyarrow: every codec that it writes, both versions of pages, pages of 400 bytes.
describe('Parquet as pyarrow writes it', () => {
  const expected = JSON.parse(readFileSync(join(fixtures, 'expected.json'), 'utf8')) as Record<string, string | null>[] // As above.

  test('is there in every codec', () => expect(names).toHaveLength(12))

  test.each(names)('%s has every row and cell as it was written, and tells of the column that is no text', async (name) => {
    const path = join(fixtures, name)
    const { format, columns, sample } = await parquetImporter.probe(path)
    expect(columns).toEqual(Object.keys(expected[0]!))
    expect(sample).toHaveLength(20)
    const rejected: Rejected[] = []
    const rows = await gather(parquetImporter.rows(path, format, undefined, (one) => rejected.push(one)))
    expect(rows.map(({ values }) => ({ ...values }))).toEqual(expected)
    expect(rows.map(({ line }) => line)).toEqual(expected.map((_, i) => i + 1))
    expect(rejected).toEqual([{ file: name, place: 'column nested', reason: expect.stringMatching(/left out/) }])
  })
})

describe('a Parquet file is refused', () => {
  const whole = (): Promise<Buffer> => readFile(join(fixtures, 'zstd-1.parquet'))
  const probe = async (bytes: Uint8Array): Promise<string> => {
    const path = await put('bad.parquet', bytes)
    return refusalOf(async () => gather(parquetImporter.rows(path, (await parquetImporter.probe(path)).format)))
  }

  test('when it is cut off, encrypted, or something else', async () => {
    const bytes = await whole()
    expect(await probe(bytes.subarray(0, 900))).toMatch(/^data_parquet_unreadable: bad\.parquet cannot be read/)
    expect(await probe(Buffer.from('PAR1 and no more'))).toMatch(/^data_parquet_unreadable/)
    expect(await probe(Buffer.concat([bytes.subarray(0, -4), Buffer.from('PARE')]))).toMatch(/^data_parquet_encrypted/)
    expect(await probe(new Uint8Array())).toMatch(/^data_parquet_unreadable/)
  })

  test('whichever byte is damaged: with a sentence, never with a crash', { timeout: 120_000 }, async () => {
    const bytes = await whole()
    for (let at = 4; at < bytes.length; at += 97) {
      const damaged = Buffer.from(bytes)
      damaged[at] = (damaged[at] ?? 0) ^ 0xff
      expect(await probe(damaged)).toMatch(/^(?:data_parquet_unreadable|data_no_rows|no refusal)/)
    }
  })

  test('when it has too many columns, and when its description claims more than there is', async () => {
    const columnData = Array.from({ length: 5000 }, (_, i) => ({ name: `c${i}`, data: ['x'] }))
    const path = await put('wide.parquet', new Uint8Array(parquetWriteBuffer({ columnData })))
    expect(await refusalOf(() => parquetImporter.probe(path))).toMatch(
      /^data_too_many_columns: wide\.parquet has more than 4,096 columns/
    )
    const bytes = await whole()
    bytes.writeUInt32LE(0xfffffff0, bytes.length - 8)
    expect(await probe(bytes)).toMatch(/^data_parquet_unreadable/)
  })

  test('when it has no rows', async () => {
    const path = await put(
      'none.parquet',
      new Uint8Array(parquetWriteBuffer({ columnData: [{ name: 'text', data: [], type: 'STRING' }] }))
    )
    expect(await refusalOf(() => parquetImporter.probe(path))).toBe('data_no_rows: none.parquet has no rows.')
  })
})

test('is read under whatever name it was copied to, and stops where it is told to', async () => {
  await copyFile(join(fixtures, 'snappy-1.parquet'), at('table.parquet'))
  const format = { encoding: 'utf-8', delimiter: null, limits: DEFAULT_LIMITS } as const
  const control = new AbortController()
  control.abort(new Error('no longer'))
  const many = Array.from({ length: 3000 }, (_, i) => `text ${i}`)
  const path = await put('many.parquet', new Uint8Array(parquetWriteBuffer({ columnData: [{ name: 'text', data: many }] })))
  await expect(gather(parquetImporter.rows(path, format, control.signal))).rejects.toThrow('no longer')
  expect((await gather(parquetImporter.rows(path, format))).length).toBe(3000)
})
