import { chmod, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { outputFormat } from '../../../../src/main/data/output-file.ts'
import { csvCell, writeCsv, writeJsonl } from '../../../../src/main/data/write-csv.ts'
import { refusalOf, testFolder } from './folder.ts'

const folder = testFolder()

describe('a CSV cell', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['+cmd', "'+cmd"],
    ['-2+3', "'-2+3"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\tx', "'\tx"],
    ['\r=1', '"\'\r=1"'],
    ['=HYPERLINK("x")', '"\'=HYPERLINK(""x"")"'],
    ['-0.5', '-0.5'],
    ['+1e3', '+1e3'],
    ['a=b', 'a=b'],
    [-0.5, '-0.5'],
    [1e-7, '1e-7'],
    [true, 'true'],
    [null, ''],
    ['a,b', '"a,b"'],
    ['say "x"', '"say ""x"""']
  ])('%j is written as %s', (cell, expected) => {
    expect(csvCell(cell)).toBe(expected)
  })

  it('never begins like a formula, unless it is a number', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('=', '+', '-', '@', '\t', '\r', '"', '1', '.', 'e', 'a', ','), maxLength: 6 }),
        (text) => {
          const written = csvCell(text)
          const content = written.startsWith('"') ? written.slice(1) : written
          expect(/^[=+\-@\t\r]/.test(content) && !Number.isFinite(Number(content))).toBe(false)
        }
      ),
      { numRuns: 1000 }
    )
  })
})

describe('a written table', () => {
  it('is CSV or JSON Lines, from rows that may arrive one by one', async () => {
    async function* rows() {
      yield ['a', 0.5, null]
      yield ['=b', -1, true]
    }
    await writeCsv(folder.at('out.csv'), ['text', 'score', 'flag'], rows())
    expect(await readFile(folder.at('out.csv'), 'utf8')).toBe("text,score,flag\na,0.5,\n'=b,-1,true\n")
    await writeJsonl(folder.at('out.jsonl'), [{ label: 'x', probabilities: [0.25, 0.75], logits: { a: -1 } }])
    expect(await readFile(folder.at('out.jsonl'), 'utf8')).toBe('{"label":"x","probabilities":[0.25,0.75],"logits":{"a":-1}}\n')
  })

  it('leaves the old file whole, and nothing else, when its rows fail', async () => {
    await mkdir(folder.at('kept'))
    await writeFile(folder.at('kept/out.csv'), 'old')
    const rows = function* () {
      yield ['a']
      throw new Error('no more rows')
    }
    await expect(writeCsv(folder.at('kept/out.csv'), ['text'], rows())).rejects.toThrow('no more rows')
    expect(await readFile(folder.at('kept/out.csv'), 'utf8')).toBe('old')
    expect(await readdir(folder.at('kept'))).toEqual(['out.csv'])
  })

  it('is refused where it cannot be written', async () => {
    expect(await refusalOf(() => writeCsv(folder.at('none/out.csv'), ['a'], []))).toBe(
      'output_folder_missing: out.csv cannot be written: its folder does not exist.'
    )
    await mkdir(folder.at('taken.csv'))
    expect(await refusalOf(() => writeCsv(folder.at('taken.csv'), ['a'], []))).toBe(
      'output_is_folder: taken.csv cannot be written: it is a folder.'
    )
  })

  // A full disk that every Linux has: writing to it always fails with ENOSPC. The file beside it is a link to it.
  it.skipIf(process.platform !== 'linux')('is refused when the disk is full', async () => {
    await symlink('/dev/full', folder.at(`full.csv.${process.pid}.tmp`))
    expect(await refusalOf(() => writeCsv(folder.at('full.csv'), ['a'], [['b']]))).toBe(
      'disk_full: The disk is full, so full.csv was not written. Free some space and try again.'
    )
    expect(await readdir(folder.at('.'))).not.toContain('full.csv')
  })

  // The administrator may write everywhere.
  it.skipIf(process.platform === 'win32' || process.getuid?.() === 0)('is refused in a read-only folder', async () => {
    await mkdir(folder.at('locked'))
    await chmod(folder.at('locked'), 0o500)
    expect(await refusalOf(() => writeCsv(folder.at('locked/out.csv'), ['a'], []))).toBe(
      'output_read_only: out.csv cannot be written: its folder is read-only. Choose another folder.'
    )
    await chmod(folder.at('locked'), 0o700)
  })

  it('has a format by its extension', async () => {
    expect([outputFormat('a.CSV'), outputFormat('a.jsonl')]).toEqual(['csv', 'jsonl'])
    expect(await refusalOf(() => outputFormat('a.xlsx'))).toBe(
      "output_type: a.xlsx has the extension '.xlsx'. Predictions are written to .csv or .jsonl."
    )
    expect(await refusalOf(() => outputFormat('a'))).toBe(
      'output_type: a has no extension. Predictions are written to .csv or .jsonl.'
    )
  })
})
