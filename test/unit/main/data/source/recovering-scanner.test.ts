import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { InputError } from '../../../../../src/main/base/errors.ts'
import { CsvScanner } from '../../../../../src/main/data/source/csv-scanner.ts'
import { DEFAULT_LIMITS } from '../../../../../src/main/data/limits.ts'
import { isBroken, RecoveringScanner, type Recovered } from '../../../../../src/main/data/source/recovering-scanner.ts'
import { csvCell } from '../../../../../src/main/data/write-csv.ts'

/** Rows by their line, and the lines that are broken; the text comes in pieces of `piece` characters. */
function read(
  text: string,
  piece = 7,
  rowLength = DEFAULT_LIMITS.rowLength
): { rows: Record<number, readonly string[]>; broken: number[] } {
  const scanner = new RecoveringScanner('t.csv', ',', { ...DEFAULT_LIMITS, rowLength })
  const [rows, broken]: [Record<number, readonly string[]>, number[]] = [{}, []]
  const take = (all: Iterable<Recovered>): void => {
    for (const one of all) {
      if (isBroken(one)) broken.push(one.line)
      else {
        if (scanner.columns === 0) scanner.columns = one.cells.length
        rows[one.line] = one.cells
      }
    }
  }
  for (let at = 0; at < text.length; at += piece) take(scanner.push(text.slice(at, at + piece)))
  take(scanner.end())
  return { rows, broken }
}

describe('rows that cannot be read', () => {
  test('end with their line where the fault shows in it', () => {
    const text = 'text,label\n"he said "hi" to me",a\nfine,b\n "spaced",c\n"also fine, really",d\n'
    for (const piece of [1, 3, 1000])
      expect(read(text, piece)).toEqual({
        rows: { 1: ['text', 'label'], 3: ['fine', 'b'], 5: ['also fine, really', 'd'] },
        broken: [2, 4]
      })
  })

  test('end with their line where a quote was left open and all lines after it are rows', () => {
    const open = 'text,label\r\n"left open,a\r\nfine,b\r\n"quoted",c\r\nlast,d\r\n'
    const expected = { rows: { 1: ['text', 'label'], 3: ['fine', 'b'], 4: ['quoted', 'c'], 5: ['last', 'd'] }, broken: [2] }
    for (const piece of [1, 2, 5, 1000]) expect(read(open, piece)).toEqual(expected)
    const toTheEnd = 'text,label\n"left open,a\nfine,b\nlast,d'
    expect(read(toTheEnd)).toEqual({ rows: { 1: ['text', 'label'], 3: ['fine', 'b'], 4: ['last', 'd'] }, broken: [2] })
    const twice = 'text,label\n"open,a\nfine,b\n"quoted",d\n"also "x,c\nlast,d\n'
    for (const piece of [1, 1000])
      expect(read(twice, piece)).toMatchObject({ broken: [2, 5], rows: { 3: ['fine', 'b'], 6: ['last', 'd'] } })
    expect(read('text,label\nfine,b\n"left open,a')).toEqual({ rows: { 1: ['text', 'label'], 2: ['fine', 'b'] }, broken: [3] })
  })

  test('end with their line where it is longer than a row may be', () => {
    const text = `text,label\n${'x'.repeat(500)},a\nfine,b\n"${'y'.repeat(500)}",c\nlast,d\n`
    for (const piece of [1, 64, 5000])
      expect(read(text, piece, 100)).toEqual({
        rows: { 1: ['text', 'label'], 3: ['fine', 'b'], 5: ['last', 'd'] },
        broken: [2, 4]
      })
  })

  test('are refused by their line where one can read on in several ways', () => {
    const refusal = (text: string, rowLength?: number): unknown => {
      try {
        return read(text, 7, rowLength)
      } catch (error) {
        return error instanceof InputError ? [error.code, error.where.line] : error
      }
    }
    // The lines between might be the rest of a letter.
    expect(refusal('text,label\n"Dear all,\nthank you very much,\nbye" x,soon\nfine,b\n')).toEqual(['data_quote_misplaced', 2])
    expect(refusal('text,label\n"Dear all,\nthanks" x,soon\n')).toEqual(['data_quote_misplaced', 2])
    // Every line is a row of one cell.
    expect(refusal('text\n"left open\nfine\n')).toEqual(['data_quote_unclosed', 2])
    expect(refusal(`text,label\n"left open,a\n${'words\n'.repeat(60)}`, 100)).toEqual(['data_line_too_long', 2])
    // Names of columns are nothing to be left out.
    expect(refusal('"text,label\nfine,b\n')).toEqual(['data_quote_unclosed', 1])
  })
})

test('whole tables are read as the strict scanner reads them, in whatever pieces', () => {
  const cell = fc.stringMatching(/^[ab,"\r\n ]{0,6}$/)
  const table = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(table, fc.constantFrom('\n', '\r\n'), fc.integer({ min: 1, max: 9 }), (rows, lineBreak, piece) => {
      const text = [['x', 'y'], ...rows].map((row) => row.map((one) => csvCell(one, ',', false)).join(',')).join(lineBreak)
      const strict = new CsvScanner('t.csv', ',', DEFAULT_LIMITS)
      const all = [...strict.push(text), ...strict.end()]
      expect(read(text, piece)).toEqual({ rows: Object.fromEntries(all.map(({ line, cells }) => [line, cells])), broken: [] })
    })
  )
})
