import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DatasetReport, DatasetSummary, ReadAs, ReadPreview, Roles } from '../../../src/preload/contract/data.ts'
import type { Caller } from '../../../src/main/ipc/define.ts'
import { writeXlsx } from '../../../src/main/data/write-xlsx.ts'
import { openServices, type Services } from '../../../src/main/services/services.ts'
import { wayOf } from '../../../src/renderer/src/lib/failures.ts'
import { trainerProgram } from '../../helpers/attune.ts'

let folder: string
let services: Services
const files = new Map<string, { path: string; name: string }>()
const caller: Caller = {
  fileOf: (handle) => {
    const file = files.get(handle)
    if (!file) throw new Error('no such file')
    return file
  }
}
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-bad-files-'))
  services = await openServices({
    dataFolder: join(folder, 'data'),
    resources: join(folder, 'resources'),
    // Workbooks are read in a process of their own.
    trainer: trainerProgram,
    version: '0.0.0',
    shell: 'loopback',
    log: () => undefined
  })
})
afterAll(async () => {
  await services.dispose()
  await rm(folder, { recursive: true, force: true })
})

type Content = string | Uint8Array | { readonly folder: true } | (() => Promise<Uint8Array>)

/** Lays a file down as a page's upload is: under a name of Attune's own. */
async function bring(name: string, content: Content): Promise<string> {
  const id = String(files.size + 1).padStart(16, '0')
  const path = join(services.quarantine, id + extname(name).toLowerCase())
  if (typeof content === 'object' && 'folder' in content) await mkdir(path)
  else await writeFile(path, typeof content === 'function' ? await content() : content)
  files.set(`f-${id}`, { path, name })
  return `f-${id}`
}

interface Said {
  readonly code: string
  readonly message: string
}

const ask = (channel: string, argument: unknown) => services.dispatch(channel, argument, caller)

async function call<T>(channel: string, argument: unknown): Promise<T> {
  const reply = await ask(channel, argument)
  if (reply.ok) return reply.value as T // Made by our own routes.
  throw new Error(`${reply.error.code}: ${reply.error.message}`)
}

/** What a person reads when they bring the file. */
async function refusal(name: string, content: Content): Promise<Said> {
  const reply = await ask('data:open', await bring(name, content))
  if (reply.ok) throw new Error(`${name} was opened`)
  return { code: reply.error.code, message: reply.error.message }
}

/** What no sentence on a screen has: folders, Attune's own names for files, settings of run.yaml, switches of the command line. */
const FOREIGN =
  /[\\/]tmp|quarantine|\b0{8}|table\.(?:csv|jsonl|xlsx)|reread\.jsonl|run\.yaml|data\.[a-z]+ |'(?:encoding|label|label_separator|split)'|(?:^|\s)--\w|undefined|\[object/

const latin = (text: string): Buffer => Buffer.from(text, 'latin1')
/** A workbook as it would be right. */
async function workbook(): Promise<Buffer> {
  const path = join(folder, 'right.xlsx')
  await writeXlsx(path, [{ name: 'Letters', columns: ['text', 'label'], rows: [['words', 'a']] }])
  return readFile(path)
}

/** One whose table of contents says that it unpacks to 600 MiB. */
async function bomb(): Promise<Buffer> {
  const bytes = await workbook()
  bytes.writeUInt32LE(600 * 2 ** 20, bytes.indexOf('PK\x01\x02', undefined, 'latin1') + 24)
  return bytes
}

/** An archive with the same files in another folder. */
const archive = async (): Promise<Buffer> => latin((await workbook()).toString('latin1').replaceAll('xl/', 'yl/'))

const wide = Array.from({ length: 10_000 }, (_, n) => `c${n}`).join(',')

/** What people bring by mistake, and what they read then: the code, the way out that its button offers, the sentence. */
const CASES: readonly (readonly [what: string, name: string, content: Content, code: string, way: string, message: string])[] = [
  [
    'an empty file',
    'notes.csv',
    '',
    'data_file_empty',
    'choose-file',
    'notes.csv is empty. It needs a line of column names and rows below it.'
  ],
  [
    'only blank lines',
    'notes.csv',
    '\n\n\n',
    'data_file_empty',
    'choose-file',
    'notes.csv is empty. It needs a line of column names and rows below it.'
  ],
  [
    'a header alone',
    'notes.csv',
    'text,label\n',
    'data_no_rows',
    'choose-file',
    'notes.csv has column names but no rows below them. Is it the right file?'
  ],
  [
    'a header of nothing',
    'notes.csv',
    ',,\na,b,c\n',
    'data_header_missing',
    'read',
    'Line 1 of notes.csv has no column names. Write them there, or choose the line that has them.'
  ],
  [
    'a column named twice',
    'notes.csv',
    'text,text\na,b\n',
    'data_header_duplicate',
    'read',
    "notes.csv has two columns of the name 'text'. Give each its own name in the file, or choose another line for the names."
  ],
  [
    'mixed encodings',
    'notes.csv',
    Buffer.concat([Buffer.from('text,label\ncafé,a\n'), latin('café,b\n')]),
    'data_encoding_mixed',
    'read',
    'notes.csv mixes encodings: line 2 is UTF-8 and line 3 is not. Save the file again as UTF-8, or choose how its characters are to be read.'
  ],
  [
    'an encoding that nobody knows',
    'notes.csv',
    latin('text,label\ncaf\x81\xe9,a\n'),
    'data_encoding',
    'read',
    'notes.csv is neither UTF-8 (line 2) nor Windows-1252 text (line 2). Save the file again as UTF-8, or choose how its characters are to be read.'
  ],
  [
    'UTF-16 that is cut off',
    'notes.csv',
    Buffer.concat([Buffer.from('\ufefftext,label\nab,c\n', 'utf16le'), Buffer.from([0x00, 0xd8, 0x41])]),
    'data_encoding',
    'read',
    'notes.csv is not valid UTF-16 LE text near line 3. Save the file again as UTF-8, or choose another way to read its characters.'
  ],
  [
    'UTF-16 without its mark',
    'notes.csv',
    Buffer.from('text,label\nab,c\n', 'utf16le'),
    'data_nul_byte',
    'read',
    'notes.csv holds a NUL byte at line 1. If it is UTF-16 text, choose that; else save it again as a table in UTF-8.'
  ],
  [
    'a NUL byte',
    'notes.csv',
    'text,label\na\0b,c\n',
    'data_nul_byte',
    'read',
    'notes.csv holds a NUL byte at line 2. If it is UTF-16 text, choose that; else save it again as a table in UTF-8.'
  ],
  [
    'a quote that is not closed',
    'notes.csv',
    'text,label\n"a,b\nc,d\n',
    'data_quote_unclosed',
    'choose-file',
    'Line 2 of notes.csv opens a cell with a double quote that is never closed. Close it, or double the quotes inside the text.'
  ],
  [
    'a quote in the wrong place',
    'notes.csv',
    'text,label\n"a" b,c\n',
    'data_quote_misplaced',
    'choose-file',
    'Line 2 of notes.csv has a cell with a double quote, and text follows its closing quote at line 2. Put the whole cell in double quotes and double the quotes inside it.'
  ],
  [
    'a row that is too long',
    'notes.csv',
    'text,label\na, b,c\n',
    'data_row_ragged',
    'read',
    'Line 2 of notes.csv has 3 cells for 2 column names. Put text that holds the character between cells, or a line break, in double quotes; or choose another character between cells.'
  ],
  [
    'a row that is too short',
    'notes.csv',
    'text,label\na\n',
    'data_row_ragged',
    'read',
    'Line 2 of notes.csv has 1 cell for 2 column names. Put text that holds the character between cells, or a line break, in double quotes; or choose another character between cells.'
  ],
  [
    'ten thousand columns',
    'notes.csv',
    `${wide}\n`,
    'data_too_many_columns',
    'read',
    'Line 1 of notes.csv has more than 4,096 columns. Choose what divides its cells, or leave columns out.'
  ],
  [
    'a line of 17 MiB',
    'notes.csv',
    `text,label\n${'a'.repeat(17 * 2 ** 20)},b\n`,
    'data_line_too_long',
    'choose-file',
    'Line 2 of notes.csv is longer than 16 MiB. Split the text into several rows, or check that the file is a table.'
  ],
  [
    'a renamed ZIP archive',
    'notes.csv',
    archive,
    'data_not_text',
    'choose-file',
    'notes.csv is not a text table. It is a ZIP archive, perhaps an XLSX or ODS workbook. Open it there and save it as CSV (UTF-8).'
  ],
  [
    'a renamed PDF',
    'notes.csv',
    '%PDF-1.7\n%\xe2\xe3',
    'data_not_text',
    'choose-file',
    'notes.csv is not a text table. It is a PDF document: give its name the ending .pdf and bring the folder in which it lies.'
  ],
  [
    'a renamed old workbook',
    'notes.csv',
    Buffer.from('d0cf11e0a1b11ae1', 'hex'),
    'data_not_text',
    'choose-file',
    'notes.csv is not a text table. It is an old Office file (XLS or DOC). Open it there and save it as CSV (UTF-8).'
  ],
  [
    'a picture',
    'notes.tsv',
    Buffer.from('89504e470d0a1a0a', 'hex'),
    'data_not_text',
    'choose-file',
    'notes.tsv is not a text table. It is a picture. Choose a table.'
  ],
  [
    'a folder',
    'notes.csv',
    { folder: true },
    'data_file_unreadable',
    'choose-file',
    'notes.csv is a folder. Choose the table itself: a CSV, TSV, JSON Lines or XLSX file.'
  ],
  [
    'a PDF',
    'letter.pdf',
    '%PDF-1.7',
    'data_file_type',
    'choose-file',
    "A file of type '.pdf' cannot be read as a table (letter.pdf). It is a document: bring the folder in which it lies with others; each becomes a row."
  ],
  [
    'a Word document',
    'letter.docx',
    'PK',
    'data_file_type',
    'choose-file',
    "A file of type '.docx' cannot be read as a table (letter.docx). It is a document: bring the folder in which it lies with others; each becomes a row."
  ],
  [
    'an old workbook',
    'notes.xls',
    Buffer.from('d0cf11e0a1b11ae1', 'hex'),
    'data_file_type',
    'choose-file',
    "A file of type '.xls' cannot be read as a table (notes.xls). Open the workbook and save it as XLSX, or the sheet as CSV (UTF-8)."
  ],
  [
    'an empty JSON list',
    'notes.json',
    '[]',
    'data_file_empty',
    'choose-file',
    'notes.json is empty. It needs a list of JSON objects: [{"text": "…", "label": "…"}].'
  ],
  [
    'a file of no type',
    'notes',
    'text,label\n',
    'data_file_type',
    'choose-file',
    'A file without an extension cannot be read as a table (notes). Known types are .csv, .tsv, .tab, .jsonl, .ndjson, .json, .parquet, .arrow, .feather, .xlsx.'
  ],
  [
    'a file of an unknown type',
    'notes.pkl',
    'text,label\n',
    'data_file_type',
    'choose-file',
    "A file of type '.pkl' cannot be read as a table (notes.pkl). Known types are .csv, .tsv, .tab, .jsonl, .ndjson, .json, .parquet, .arrow, .feather, .xlsx."
  ],
  [
    'a broken line of JSON',
    'notes.jsonl',
    '{"text":"a","label":"x"}\n{"text":"b",\n',
    'data_json_invalid',
    'choose-file',
    'Line 2 of notes.jsonl is not valid JSON. Each line must be one JSON object: correct it, or save the table as CSV (UTF-8).'
  ],
  [
    'a line of JSON that is no object',
    'notes.jsonl',
    '["a"]\n',
    'data_json_not_object',
    'choose-file',
    'Line 1 of notes.jsonl is not a JSON object. Each line must look like {"text": "…", "label": "…"}.'
  ],
  [
    'a list in a cell',
    'notes.jsonl',
    '{"text":"a","answer":["x","y"]}\n',
    'data_json_nested',
    'choose-file',
    "Line 1 of notes.jsonl: 'answer' holds a list, but a column can only hold text or a number. Write several labels as one text with a separator."
  ],
  [
    'JSON Lines without a line',
    'notes.ndjson',
    '\n',
    'data_file_empty',
    'choose-file',
    'notes.ndjson is empty. It needs one JSON object per line.'
  ],
  [
    'a whole JSON document under the name of lines',
    'notes.jsonl',
    '[\n{"text":"a"}\n]\n',
    'data_json_invalid',
    'choose-file',
    'Line 1 of notes.jsonl is not valid JSON. Each line must be one JSON object: correct it, or save the table as CSV (UTF-8).'
  ],
  [
    'an archive that is no workbook',
    'notes.xlsx',
    archive,
    'data_workbook_unreadable',
    'choose-file',
    'notes.xlsx cannot be read as a workbook. It may be damaged: open it in Excel and save the sheet as CSV (UTF-8).'
  ],
  [
    'a workbook that is cut off',
    'notes.xlsx',
    'PK\x03\x04',
    'data_workbook_unreadable',
    'choose-file',
    'notes.xlsx cannot be read as a workbook. It may be damaged: open it in Excel and save the sheet as CSV (UTF-8).'
  ],
  [
    'text under the name of a workbook',
    'notes.xlsx',
    'text,label\na,b\n',
    'data_workbook_unreadable',
    'choose-file',
    'notes.xlsx cannot be read as a workbook. It may be damaged: open it in Excel and save the sheet as CSV (UTF-8).'
  ],
  [
    'a workbook that would fill the memory',
    'notes.xlsx',
    bomb,
    'data_workbook_too_large',
    'choose-file',
    'notes.xlsx is too large to be read as a workbook (more than 512 MiB unpacked). Save the sheet as CSV (UTF-8).'
  ],
  [
    'an empty workbook file',
    'notes.xlsx',
    '',
    'data_workbook_unreadable',
    'choose-file',
    'notes.xlsx cannot be read as a workbook. It may be damaged: open it in Excel and save the sheet as CSV (UTF-8).'
  ]
]

describe('a file that cannot be opened', () => {
  test.each(CASES)('%s is told in a sentence, with a way out', async (_what, name, content, code, way, message) => {
    expect(await refusal(name, content)).toEqual({ code, message })
    expect(wayOf(code)).toBe(way)
    expect(message).not.toMatch(FOREIGN)
    expect(await call('data:list', null)).toEqual([])
  })

  test('that is gone says so by its name', async () => {
    const file = await bring('notes.csv', 'text,label\na,b\n')
    await rm(files.get(file)?.path ?? '')
    const reply = await ask('data:open', file)
    const message = 'notes.csv is no longer where it was. Choose the file again.'
    expect(reply).toMatchObject({ ok: false, error: { code: 'data_file_missing', message } })
  })
})

describe('a file that is read as the person says', () => {
  const asked = async (
    name: string,
    content: Content,
    read: ReadAs
  ): Promise<{ preview: ReadPreview; opened: DatasetSummary }> => {
    const file = await bring(name, content)
    expect((await ask('data:open', file)).ok).toBe(false)
    const preview = await call<ReadPreview>('data:previewFile', { file, read })
    return { preview, opened: await call('data:openAs', { file, read }) }
  }
  const rowsOf = async ({ id }: DatasetSummary): Promise<readonly (readonly string[])[]> =>
    (await call<{ rows: readonly (readonly string[])[] }>('data:rows', { id, from: 0, count: 10 })).rows

  test('opens though it mixes encodings, and can be read in yet another way afterwards', async () => {
    const mixed = Buffer.concat([Buffer.from('text;label\ncafé;a\n'), latin('café;b\n')])
    const { preview, opened } = await asked('mixed.csv', mixed, { encoding: 'windows-1252' })
    expect(preview).toMatchObject({ columns: ['text', 'label'], encoding: 'windows-1252', delimiter: ';', kind: 'delimited' })
    expect(opened).toMatchObject({ name: 'mixed.csv', version: 1, readAs: { encoding: 'Windows-1252', delimiter: ';' } })
    expect(await rowsOf(opened)).toEqual([
      ['cafÃ©', 'a'],
      ['café', 'b']
    ])
    const again = await call<DatasetSummary>('data:reread', { id: opened.id, read: { encoding: 'windows-1252', header: 0 } })
    expect(again).toMatchObject({
      version: 2,
      rows: 3,
      note: 'Read as Windows-1252, cells divided by semicolon, no line of names'
    })
  })

  test('opens as UTF-16 that has no mark', async () => {
    const { opened } = await asked('plain.csv', Buffer.from('text,label\nälter,b\n', 'utf16le'), { encoding: 'utf-16le' })
    expect(await rowsOf(opened)).toEqual([['älter', 'b']])
  })

  test('opens with another line for the names, and with other characters between cells', async () => {
    const report = await asked('export.csv', 'Export of 2026,Export of 2026\ntext,label\na,b\n', { header: 2 })
    expect(await rowsOf(report.opened)).toEqual([['a', 'b']])
    const bars = await asked('bars.csv', 'text|label\na, b and c|x\n,d|y,z\n', { delimiter: '|' }).catch(() => null)
    // The bar is recognised by itself.
    expect(bars).toBeNull()
  })

  test('opens with other columns of a workbook, which has no encoding to speak of', async () => {
    const opened = await call<DatasetSummary>('data:open', await bring('right.xlsx', workbook))
    expect(opened).toMatchObject({ rows: 1, readAs: { encoding: 'an Excel workbook', delimiter: null } })
    const again = await call<DatasetSummary>('data:reread', { id: opened.id, read: { header: 0 } })
    expect(again).toMatchObject({ rows: 2, note: 'Read from sheet 1, no line of names' })
  })

  test('says what is wrong with that way, in the name of the file', async () => {
    const file = await bring('notes.csv', latin('text,label\ncafé,a\n'))
    const reply = await ask('data:previewFile', { file, read: { encoding: 'utf-8' } })
    const message =
      'Line 2 of notes.csv is not valid UTF-8. Save the file again as UTF-8, or choose another way to read its characters.'
    expect(reply).toMatchObject({ ok: false, error: { code: 'data_encoding', message } })
  })
})

describe('data that cannot be trained on', () => {
  const PLAIN: Roles = {
    task: 'text-classification',
    text: 'text',
    textPair: null,
    answer: 'answer',
    separator: null,
    group: null,
    belonging: 'no'
  }
  const rows = (count: number, label: (row: number) => string): string =>
    `text,answer\n${Array.from({ length: count }, (_, row) => `words ${row},${label(row)}`).join('\n')}\n`

  test.each<[string, string, Partial<Roles>, string]>([
    [
      'one class only',
      rows(30, () => 'good'),
      {},
      "The column 'answer' of table-1.csv has one class only, 'good'. A classifier needs examples of at least two classes."
    ],
    [
      'numbers',
      rows(60, (row) => String(row * 1.37)),
      {},
      "The column 'answer' of table-2.csv looks like numbers (60 different values in 60 rows), not classes. Predict it as a number, or choose another column."
    ],
    [
      'words where numbers should be',
      rows(31, () => 'good'),
      { task: 'regression' },
      "Line 2 of table-3.csv has text in the column 'answer', where a plain number is needed. Correct the cell, or predict a class."
    ],
    [
      'one number',
      rows(30, () => '1.5'),
      { task: 'regression' },
      "Every row of table-4.csv has the same value in the column 'answer'. There is nothing to learn from it: choose another column."
    ],
    [
      'free text',
      rows(60, (row) => `words_${row}`),
      {},
      "The column 'answer' of table-5.csv has 60 different values in 60 rows, so it does not look like classes. Choose the column that holds the answer."
    ],
    [
      'one row that belongs together',
      rows(30, (row) => (row % 2 === 0 ? 'a' : 'b')).replaceAll(/words \d+/g, 'words'),
      {},
      'Rows that belong together, or have the same text, stay in one part: only 1 such group is there, too few for 3 parts. No rows would be left to choose by. Add rows, or give that part 0 %.'
    ]
  ])('%s: says so in the name of the file', async (_what, content, roles, message) => {
    const name = /table-\d\.csv/.exec(message)?.[0] ?? 'table-6.csv'
    const { id } = await call<DatasetSummary>('data:open', await bring(name, content))
    const { blocked } = await call<DatasetReport>('data:setRoles', { id, roles: { ...PLAIN, ...roles } })
    expect(blocked).toBe(message)
    expect(blocked).not.toMatch(FOREIGN)
  })
})
