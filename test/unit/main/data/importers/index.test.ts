import { execFile } from 'node:child_process'
import { chmod, mkdir } from 'node:fs/promises'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { importerFor, importers } from '../../../../../src/main/data/importers/index.ts'
import { refusalOf, testFolder } from '../folder.ts'

const { at, put } = testFolder()
const probe = (path: string) => importerFor(path).probe(path)

describe('the importer of a file', () => {
  it('is chosen by its extension, whatever the case', () => {
    expect(['a.csv', 'a.TSV', 'a.tab', 'a.jsonl', 'a.ndjson'].map((name) => importerFor(name).id)).toEqual([
      'csv',
      'csv',
      'csv',
      'jsonl',
      'jsonl'
    ])
    const extensions = importers.flatMap((importer) => importer.extensions)
    expect(new Set(extensions).size).toBe(extensions.length)
  })

  it.each([
    [
      'notes.xls',
      "data_file_type: A file of type '.xls' cannot be read as a table (notes.xls). Open the workbook and save it as XLSX, or the sheet as CSV (UTF-8)."
    ],
    [
      'notes.docx',
      "data_file_type: A file of type '.docx' cannot be read as a table (notes.docx). It is a document: bring the folder in which it lies with others; each becomes a row."
    ],
    [
      'notes.pkl',
      "data_file_type: A file of type '.pkl' cannot be read as a table (notes.pkl). Known types are .csv, .tsv, .tab, .jsonl, .ndjson, .json, .parquet, .arrow, .feather, .xlsx."
    ],
    [
      'notes',
      'data_file_type: A file without an extension cannot be read as a table (notes). Known types are .csv, .tsv, .tab, .jsonl, .ndjson, .json, .parquet, .arrow, .feather, .xlsx.'
    ]
  ])('does not exist for %s', async (name, expected) => {
    expect(await refusalOf(() => probe(name))).toBe(expected)
  })
})

describe('a file is refused', () => {
  it('when it is missing', async () => {
    expect(await refusalOf(() => probe(at('none.csv')))).toBe(
      `data_file_missing: The data file ${at('none.csv')} does not exist. Check its name and folder.`
    )
  })

  it('when it is a folder', async () => {
    await mkdir(at('folder.csv'))
    expect(await refusalOf(() => probe(at('folder.csv')))).toBe(
      'data_file_unreadable: folder.csv is a folder. Name the CSV or JSON Lines file itself.'
    )
  })

  it.skipIf(process.platform === 'win32')('when it is a pipe, without waiting for a writer', async () => {
    await promisify(execFile)('mkfifo', [at('pipe.csv')])
    expect(await refusalOf(() => probe(at('pipe.csv')))).toBe(
      'data_file_unreadable: pipe.csv is not an ordinary file. Name the CSV or JSON Lines file itself.'
    )
  })

  // The administrator may read every file.
  it.skipIf(process.platform === 'win32' || process.getuid?.() === 0)('when it may not be read', async () => {
    await chmod(await put('secret.csv', 'a,b\n'), 0)
    expect(await refusalOf(() => probe(at('secret.csv')))).toBe(
      'data_file_unreadable: The data file secret.csv cannot be read: you have no permission to read it.'
    )
  })

  it.each([
    [
      'a workbook',
      'PK\x03\x04rest',
      'It is a ZIP archive, perhaps an XLSX or ODS workbook. Open it there and save it as CSV (UTF-8).'
    ],
    [
      'an old workbook',
      '\xd0\xcf\x11\xe0\xa1\xb1',
      'It is an old Office file (XLS or DOC). Open it there and save it as CSV (UTF-8).'
    ],
    ['a PDF', '%PDF-1.7', 'It is a PDF document: give its name the ending .pdf and bring the folder in which it lies.'],
    ['a Parquet file', 'PAR1', 'It is a Parquet file: give its name the ending .parquet.'],
    ['a gzip file', '\x1f\x8b\x08', 'It is compressed with gzip. Unpack it first.']
  ])('when it is %s under another name', async (_, content, advice) => {
    const path = await put('disguised.csv', Buffer.from(content, 'latin1'))
    expect(await refusalOf(() => probe(path))).toBe(`data_not_text: disguised.csv is not a text table. ${advice}`)
  })
})
