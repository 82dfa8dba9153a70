import { describe, expect, test } from 'vitest'
import { safeFileName } from '../../../../src/main/base/file-name.ts'

describe('a name for a file', () => {
  test.each([
    ['report.html', 'report.html'],
    ['Überweisung 2026 – März.xlsx', 'Überweisung 2026 – März.xlsx'],
    ['手紙.csv', '手紙.csv'],
    ['a/b\\c.csv', 'c.csv'],
    ['../../etc/passwd', 'passwd'],
    ['..', 'file'],
    ['', 'file'],
    ['  .  ', 'file'],
    ['a\0b.csv', 'ab.csv'],
    ['a\u202Egpj.exe', 'agpj.exe'],
    ['a\u2066b\u200B\uFEFF.csv', 'ab.csv'],
    ['line\r\nbreak.csv', 'linebreak.csv'],
    ['CON', '_CON'],
    ['nul.txt', '_nul.txt'],
    ['com1.tar.gz', '_com1.tar.gz'],
    ['LPT².csv', '_LPT².csv'],
    ['CONIN$', '_CONIN$'],
    ['console.txt', 'console.txt'],
    ['name. . .', 'name'],
    ['a:b.csv', 'a_b.csv'],
    ['<b>"x"|?*.csv', '_b__x____.csv'],
    ['\uD800.csv', '.csv']
  ])('%j becomes %j', (name, wanted) => {
    expect(safeFileName(name)).toBe(wanted)
  })

  test('is never longer than a system takes, keeps its ending, and cuts between characters', () => {
    const long = safeFileName(`${'é'.repeat(300)}.xlsx`)
    expect(Buffer.byteLength(long)).toBeLessThanOrEqual(200)
    expect(long.endsWith('é.xlsx')).toBe(true)
    expect(safeFileName(`${'a'.repeat(196)}👩‍👩‍👧.csv`)).not.toMatch(
      /[\uD800-\uDFFF](?![\uDC00-\uDFFF])(?<![\uD800-\uDBFF][\uDC00-\uDFFF])/
    )
  })
})
