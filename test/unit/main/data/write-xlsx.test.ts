import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { xlsxImporter } from '../../../../src/main/data/importers/xlsx.ts'
import type { Row } from '../../../../src/main/data/importers/define-importer.ts'
import { writeXlsx, type Sheet } from '../../../../src/main/data/write-xlsx.ts'
import type { Cell } from '../../../../src/main/data/write-csv.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-xlsx-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function roundTrip(columns: readonly string[], rows: readonly (readonly Cell[])[]): Promise<Row['values'][]> {
  const path = join(folder, 'table.xlsx')
  const sheets: Sheet[] = [
    { name: 'Answers', columns, rows },
    { name: 'About', columns: ['What', 'Value'], rows: [['Run', 'r']] }
  ]
  await writeXlsx(path, sheets)
  const { format } = await xlsxImporter.probe(path)
  const read: Row['values'][] = []
  for await (const row of xlsxImporter.rows(path, format)) read.push(row.values)
  return read
}

describe('a workbook that Attune writes', () => {
  test('is read again by its own importer, texts and numbers as they were', async () => {
    const read = await roundTrip(
      ['text', 'sure'],
      [
        ['Über den Wölkchen, "quoted"\nsecond line', 0.25],
        [' spaces stay ', -1.5]
      ]
    )
    expect(read.map((row) => ({ ...row }))).toEqual([
      { text: 'Über den Wölkchen, "quoted"\nsecond line', sure: '0.25' },
      { text: ' spaces stay ', sure: '-1.5' }
    ])
  })

  test.each(['=SUM(A1)', '+49 30 1234', '-cmd', '@home', '\tTAB', '\rCR'])(
    'holds %j as text that no spreadsheet runs',
    async (text) => {
      const [row] = await roundTrip(['text', 'other'], [[text, 'x']])
      // XML may turn a lone carriage return into a line feed; what matters is the quote before it.
      expect(row?.['text']?.startsWith("'")).toBe(true)
      expect(row?.['text']?.slice(1).replaceAll('\r', '\n')).toBe(text.replaceAll('\r', '\n'))
    }
  )

  test('leaves out what XML cannot hold and cuts what a cell cannot', async () => {
    const [row] = await roundTrip(['text', 'other'], [['a\u0000b\u0001c\ud800d', 'x'.repeat(40_000)]])
    expect(row?.['text']).toBe('abcd')
    expect(row?.['other']).toHaveLength(32_767)
  })
})
