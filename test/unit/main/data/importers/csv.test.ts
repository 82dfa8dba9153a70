import { open } from 'node:fs/promises'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InputError } from '../../../../../src/main/base/errors.ts'
import { csvImporter } from '../../../../../src/main/data/importers/csv.ts'
import type { ImportOptions } from '../../../../../src/main/data/importers/define-importer.ts'
import { DEFAULT_LIMITS } from '../../../../../src/main/data/limits.ts'
import { CsvScanner } from '../../../../../src/main/data/source/csv-scanner.ts'
import { csvCell, writeCsv } from '../../../../../src/main/data/write-csv.ts'
import { gather, refusalOf, testFolder } from '../folder.ts'

const { at, put } = testFolder()

async function read(path: string, options: ImportOptions = {}) {
  const { format, columns } = await csvImporter.probe(path, options)
  const rows = await gather(csvImporter.rows(path, format))
  return {
    format,
    columns,
    lines: rows.map(({ line }) => line),
    cells: rows.map(({ values }) => columns.map((name) => values[name]))
  }
}

describe('a CSV file', () => {
  it('is read with the line on which every row starts', async () => {
    const path = await put('lines.csv', 'text,label\r\n"two\r\nlines",a\r\n\r\n"a ""quoted"" word",b\r\nlast,c')
    const { columns, lines, cells } = await read(path)
    expect(columns).toEqual(['text', 'label'])
    expect(lines).toEqual([2, 5, 6])
    expect(cells).toEqual([
      ['two\r\nlines', 'a'],
      ['a "quoted" word', 'b'],
      ['last', 'c']
    ])
  })

  it.each([
    [',', 'text,label\n"a;b|c",x\nd,y\n'],
    [';', 'text;label\na, b, c;x\n"d;e";y\n'],
    ['\t', 'text\tlabel\na, b; c|d\tx\ne\ty\n'],
    ['|', 'text|label\na, b|x\nc, d|y\n']
  ])('has its delimiter %j detected', async (delimiter, content) => {
    const { format, columns } = await read(await put('delimiter.csv', content))
    expect(format.delimiter).toBe(delimiter)
    expect(columns).toEqual(['text', 'label'])
  })

  it('may name its delimiter in a sep= line, or be told', async () => {
    expect((await read(await put('sep.csv', 'sep=;\ntext;label\na,b;c\n'))).cells).toEqual([['a,b', 'c']])
    expect((await read(await put('told.csv', 'a;b,c\n1;2,3\n'), { delimiter: 'comma' })).columns).toEqual(['a;b', 'c'])
  })

  it('of tabs is read by its extension even when commas agree', async () => {
    expect((await read(await put('table.tsv', 'a,b\tc,d\n1,2\t3,4\n'))).columns).toEqual(['a,b', 'c,d'])
  })

  it('may have one column only', async () => {
    expect((await read(await put('one.csv', 'text\nhello\nworld\n'))).cells).toEqual([['hello'], ['world']])
  })

  it('keeps a column named __proto__ as a column and pollutes nothing', async () => {
    const path = await put('proto.csv', '__proto__,constructor\npolluted,yes\n')
    const { sample } = await csvImporter.probe(path)
    expect(Object.keys(sample[0]?.values ?? {})).toEqual(['__proto__', 'constructor'])
    expect(sample[0]?.values['__proto__']).toBe('polluted')
    expect(sample[0]?.values['toString']).toBeUndefined()
    expect(Object.getPrototypeOf({})).toBe(Object.prototype)
  })

  it('may end its lines with CR alone and have a nameless first column', async () => {
    const { columns, lines } = await read(await put('mac.csv', ',text,label\r0,a,x\r1,b,y\r'))
    expect(columns).toEqual(['column 1', 'text', 'label'])
    expect(lines).toEqual([2, 3])
  })

  it('stops reading when asked to', async () => {
    const path = await put('abort.csv', 'a,b\n1,2\n')
    const { format } = await csvImporter.probe(path)
    await expect(gather(csvImporter.rows(path, format, AbortSignal.abort()))).rejects.toThrow('aborted')
  })
})

describe('a faulty CSV file is refused', () => {
  const advice = 'Put text that holds the delimiter or a line break in double quotes.'
  const quoteAdvice = 'Put the whole cell in double quotes and double the quotes inside it.'
  const cases: readonly (readonly [string, string, string])[] = [
    [
      'a row with too many cells',
      'text,label\na,b\nc,d,e\n',
      `data_row_ragged: The row at line 3 of bad.csv has 3 cells, but the header names 2 columns. ${advice}`
    ],
    [
      'a row with too few cells',
      'text,label\n"a\nb",x\nc\n',
      `data_row_ragged: The row at line 4 of bad.csv has 1 cell, but the header names 2 columns. ${advice}`
    ],
    [
      'an unclosed quote, named by the line that opens it',
      'text,label\na,b\n"c,d\ne,f\ng,h\n',
      'data_quote_unclosed: Line 3 of bad.csv opens a cell with a double quote that is never closed. Close it, or double the quotes inside the text.'
    ],
    [
      'text after a closing quote',
      'text,label\n"Hello" she said,b\n',
      `data_quote_misplaced: Line 2 of bad.csv has a cell with a double quote, and text follows its closing quote at line 2. ${quoteAdvice}`
    ],
    [
      'a stray quote that swallows lines, named by the line that opens it',
      'text,label\n"a,b\nc,"d"\n',
      `data_quote_misplaced: Line 2 of bad.csv has a cell with a double quote, and text follows its closing quote at line 3. ${quoteAdvice}`
    ],
    [
      'a space before a quote',
      'text,label\na, "b, c"\n',
      `data_quote_misplaced: Line 2 of bad.csv has a cell with a double quote, and a space stands before the quote. ${quoteAdvice}`
    ],
    [
      'a column name given twice',
      'text,label,text\na,b,c\n',
      "data_header_duplicate: The header of bad.csv names the column 'text' twice. Give every column its own name."
    ],
    [
      'a header without names',
      ' , \na,b\n',
      'data_header_missing: Line 1 of bad.csv has no column names. The first line must name the columns.'
    ],
    ['an empty file', '', 'data_file_empty: bad.csv is empty. It needs a line of column names and rows below it.'],
    ['a file of blank lines', '\n\r\n\n', 'data_file_empty: bad.csv is empty. It needs a line of column names and rows below it.']
  ]
  it.each(cases)('for %s', async (_, content, expected) => {
    expect(await refusalOf(() => put('bad.csv', content).then((path) => read(path)))).toBe(expected)
  })

  it('for more columns than the limit', async () => {
    const path = await put('wide.csv', `${Array.from({ length: 10_000 }, (_, i) => `c${i}`).join(',')}\n`)
    expect(await refusalOf(() => read(path))).toBe(
      'data_too_many_columns: Line 1 of wide.csv has more than 4096 columns. Check the delimiter.'
    )
  })

  it('for an unknown delimiter', async () => {
    const path = await put('x.csv', 'a,b\n1,2\n')
    expect(await refusalOf(() => read(path, { delimiter: '::' }))).toBe(
      "data_delimiter: The delimiter '::' is not known. Use a comma, a semicolon, a tab or a vertical bar, or leave it out."
    )
  })
})

describe('a file without an end', () => {
  const longest = DEFAULT_LIMITS.rowLength

  /** Peak of the memory that the process holds while `action` runs, above what it held before, in bytes. */
  async function growthDuring(action: () => Promise<unknown>): Promise<number> {
    const before = process.memoryUsage.rss()
    let peak = before
    const timer = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 5)
    await action()
    clearInterval(timer)
    return Math.max(peak, process.memoryUsage.rss()) - before
  }

  it('made of 2 GB of NUL bytes is refused without reading it', async () => {
    const path = at('sparse.csv')
    const handle = await open(path, 'w')
    await handle.truncate(2 ** 31)
    await handle.close()
    const growth = await growthDuring(async () => {
      expect(await refusalOf(() => read(path))).toBe(
        'data_nul_byte: sparse.csv holds a NUL byte at line 1, so it is not a text table. If it is UTF-16 text, save it as UTF-8; if it is a workbook, save it as CSV.'
      )
    })
    expect(growth).toBeLessThan(64 * 2 ** 20)
  })

  it('made of one line of 64 MB is refused by its line, in bounded memory', async () => {
    const path = at('long.csv')
    const handle = await open(path, 'w')
    await handle.writeFile('text,label\nshort,a\n')
    for (let i = 0; i < 64; i++) await handle.writeFile(Buffer.alloc(2 ** 20, 'a'))
    await handle.close()
    const growth = await growthDuring(async () => {
      expect(await refusalOf(() => read(path))).toBe(
        'data_line_too_long: Line 3 of long.csv is longer than 16 MiB. Split the text into several rows, or check that the file is a table.'
      )
    })
    expect(growth).toBeLessThan(48 * 2 ** 20)
  })

  it('made of short lines inside one quote is refused by the line of the quote', async () => {
    const path = await put('quote.csv', `text,label\na,b\nc,"${'line\n'.repeat(1000)}`)
    expect(await refusalOf(() => read(path, { limits: { ...DEFAULT_LIMITS, rowLength: 2048 } }))).toBe(
      'data_line_too_long: The cell in double quotes that opens at line 3 of quote.csv is longer than 2 KiB. Its closing quote is probably missing.'
    )
  })

  it('is bounded when the bytes are UTF-16, where only the decoded row is measured', async () => {
    const path = await put('wide.csv', Buffer.from(`\ufefftext,label\n${'a'.repeat(longest + 1)}`, 'utf16le'))
    expect(await refusalOf(() => read(path))).toBe(
      'data_line_too_long: Line 2 of wide.csv is longer than 16 MiB. Split the text into several rows, or check that the file is a table.'
    )
  })
})

const cell = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.string({ unit: fc.constantFrom('"', ',', ';', '\t', '|', '\n', '\r', ' ', 'a', '0', '=', '-', "'", '\ufeff'), maxLength: 8 })
)
const header = fc.uniqueArray(
  fc
    .string({ unit: fc.constantFrom('a', 'b', ' ', ',', '"', '_', 'é', '字', '😀'), minLength: 1, maxLength: 6 })
    .filter((name) => name.trim() === name),
  { minLength: 1, maxLength: 5 }
)
const anyTable = header.chain((columns) =>
  fc.record({
    columns: fc.constant(columns),
    rows: fc.array(fc.array(cell, { minLength: columns.length, maxLength: columns.length }), { maxLength: 8 }),
    delimiter: fc.constantFrom(',', ';', '\t', '|')
  })
)

describe('random tables', () => {
  it('are read back as they were written, whatever quotes, line breaks and delimiters they hold', () => {
    fc.assert(
      fc.property(anyTable, ({ columns, rows, delimiter }) => {
        const lines = [columns, ...rows].map(
          (cells) => cells.map((one) => csvCell(one, delimiter, false)).join(delimiter) || '""'
        )
        const scanner = new CsvScanner('t.csv', delimiter, DEFAULT_LIMITS)
        const records = [...scanner.push(lines.join('\n')), ...scanner.end()]
        expect(records.map(({ cells }) => cells)).toEqual([columns, ...rows])
      }),
      { numRuns: 500 }
    )
  })

  it('are read back from a file as they were written', async () => {
    await fc.assert(
      fc.asyncProperty(anyTable, async ({ columns, rows, delimiter }) => {
        const path = at('random.csv')
        await writeCsv(path, columns, rows, { delimiter, escapeFormulas: false })
        const found = await read(path, { delimiter })
        expect(found.columns).toEqual(columns)
        expect(found.cells).toEqual(rows)
      }),
      { numRuns: 5 }
    )
  })

  it('are read in the same way however the text is cut into pieces, and as csv-parse reads them', () => {
    const text = fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r\n', 'a', 'b ', '"x"', '""'), maxLength: 24 })
    const readAll = (pieces: readonly string[]) => {
      const scanner = new CsvScanner('t.csv', ',', DEFAULT_LIMITS)
      try {
        return [...pieces.flatMap((piece) => scanner.push(piece)), ...scanner.end()]
      } catch (error) {
        if (error instanceof InputError) return error.message
        throw error
      }
    }
    let accepted = 0
    fc.assert(
      fc.property(text, fc.nat(24), (content, cut) => {
        const whole = readAll([content])
        expect(readAll([content.slice(0, cut), content.slice(cut)])).toEqual(whole)
        expect(readAll(Array.from(content))).toEqual(whole)
        if (typeof whole === 'string') return
        accepted++
        const options = { relax_column_count: true, skip_empty_lines: true, relax_quotes: true, record_delimiter: ['\r\n', '\n'] }
        expect(whole.map(({ cells }) => cells)).toEqual(parse(content, options))
      }),
      { numRuns: 1500 }
    )
    expect(accepted).toBeGreaterThan(300)
  })
})

describe('random bytes', () => {
  it('are read or refused, and never crash the reader', async () => {
    const near = fc.array(
      fc.constantFrom(0x22, 0x2c, 0x0a, 0x0d, 0x61, 0xc3, 0xa9, 0xff, 0xfe, 0xef, 0xbb, 0xbf, 0x81, 0xe2, 0x82, 0xac),
      { maxLength: 40 }
    )
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      near.map((list) => Uint8Array.from(list))
    )
    await fc.assert(
      fc.asyncProperty(bytes, async (content) => {
        const path = await put('bytes.csv', content)
        try {
          await read(path)
        } catch (error) {
          expect(error).toBeInstanceOf(InputError)
        }
      }),
      { numRuns: 150 }
    )
  })
})

describe('a CSV file with rows that cannot be read', () => {
  it('is read without them where that is asked for, and each is told with its line', async () => {
    const path = await put('broken.csv', `text,label\n"left "open",a\nfine,b\nragged\n${'x'.repeat(2 ** 20)},c\nlast,d\n`)
    const limits = { ...DEFAULT_LIMITS, rowLength: 2 ** 19 }
    expect(await refusalOf(() => csvImporter.probe(path, { limits }))).toMatch(/^data_/)
    const { format, columns } = await csvImporter.probe(path, { leaveOut: true, limits })
    const told: string[] = []
    const rows = await gather(csvImporter.rows(path, format, undefined, ({ place, reason }) => told.push(`${place}: ${reason}`)))
    expect(columns).toEqual(['text', 'label'])
    expect(rows.map(({ line, values }) => [line, values['text']])).toEqual([
      [3, 'fine'],
      [6, 'last']
    ])
    expect(told).toEqual([
      expect.stringMatching(/^line 2: .*double quote/),
      expect.stringMatching(/^line 4: .*1 cell/),
      expect.stringMatching(/^line 5: .*longer than/)
    ])
  })
})
