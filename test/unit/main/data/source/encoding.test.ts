import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DEFAULT_LIMITS } from '../../../../../src/main/data/limits.ts'
import { detectEncoding, encodingNamed } from '../../../../../src/main/data/source/encoding.ts'
import { textOf } from '../../../../../src/main/data/source/text.ts'
import { Utf8Scanner } from '../../../../../src/main/data/source/utf8-scan.ts'
import { gather, refusalOf, testFolder } from '../folder.ts'

const { put } = testFolder()

async function decode(path: string, asked?: string) {
  const encoding = await detectEncoding(path, asked === undefined ? undefined : encodingNamed(asked), DEFAULT_LIMITS)
  return { encoding, text: (await gather(textOf(path, encoding))).join('') }
}

/** Bytes of `text` in UTF-16 BE. */
const bigEndian = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16()
const bytes = (...parts: readonly (string | readonly number[])[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'utf8') : Buffer.from(part))))

describe('the encoding of a file', () => {
  const text = 'text\ncafé 字 😀 – “x”\n'
  it.each([
    ['UTF-8', 'utf-8', Buffer.from(text)],
    ['UTF-8 with its mark', 'utf-8', Buffer.from(`\ufeff${text}`)],
    ['UTF-16 LE', 'utf-16le', Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF-16 BE', 'utf-16be', bigEndian(`\ufeff${text}`)]
  ])('is recognised: %s', async (_, encoding, content) => {
    expect(await decode(await put('text.csv', content))).toEqual({ encoding, text })
  })

  it('falls back to Windows-1252 when no line is UTF-8', async () => {
    const path = await put('text.csv', bytes('caf', [0xe9], ' ', [0x80, 0x93, 0x9c, 0xff], '\n'))
    expect(await decode(path)).toEqual({ encoding: 'windows-1252', text: 'café €“œÿ\n' })
  })

  it('is what the person says where the bytes allow it', async () => {
    const path = await put('text.csv', Buffer.from('é'))
    expect((await decode(path, 'Latin1')).text).toBe('Ã©')
    expect((await decode(path, 'UTF8')).text).toBe('é')
  })

  it('is UTF-8 when a long file has its only accent at the very end, across chunks', async () => {
    const content = `${'a'.repeat(2 ** 18 - 1)}é`
    expect((await decode(await put('text.csv', content))).text).toBe(content)
  })

  it('agrees with a strict decoder on what is UTF-8', () => {
    const piece = fc.constantFrom(
      0x61,
      0x80,
      0xbf,
      0xc1,
      0xc2,
      0xdf,
      0xe0,
      0xa0,
      0x9f,
      0xed,
      0xef,
      0xf0,
      0x90,
      0x8f,
      0xf4,
      0xf5,
      0xff
    )
    const strict = new TextDecoder('utf-8', { fatal: true })
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.nat(12), (list, cut) => {
        const scanner = new Utf8Scanner('t', 1000)
        scanner.push(Uint8Array.from(list.slice(0, cut)))
        scanner.push(Uint8Array.from(list.slice(cut)))
        scanner.end()
        let isValid = true
        try {
          strict.decode(Uint8Array.from(list))
        } catch {
          isValid = false
        }
        expect(scanner.evidence.invalid === 0).toBe(isValid)
      }),
      { numRuns: 2000 }
    )
  })
})

describe('a file is refused', () => {
  const cases: readonly (readonly [string, Buffer, string | undefined, string])[] = [
    [
      'for mixed encodings, naming both lines',
      bytes('text,label\nna', [0xc3, 0xaf], 've,a\nb,c\r\ncaf', [0xe9], ',d\n'),
      undefined,
      "data_encoding_mixed: bad.csv mixes encodings: line 2 is UTF-8 and line 4 is not. Save the file again as UTF-8, or name its encoding with 'encoding'."
    ],
    [
      'for bytes of no known encoding',
      bytes('text\n', [0xe9], '\n', [0x81], '\n'),
      undefined,
      'data_encoding: bad.csv is neither UTF-8 (line 2) nor Windows-1252 text (line 3). Save the file again as UTF-8.'
    ],
    [
      'for broken UTF-8 where UTF-8 is declared',
      bytes([0xef, 0xbb, 0xbf], 'text\n', [0xe9], '\n'),
      undefined,
      "data_encoding: Line 2 of bad.csv is not valid UTF-8. Save the file again as UTF-8, or name another encoding with 'encoding'."
    ],
    [
      'for broken UTF-8 where UTF-8 is asked for',
      bytes('text\na\n', [0xe9]),
      'utf-8',
      "data_encoding: Line 3 of bad.csv is not valid UTF-8. Save the file again as UTF-8, or name another encoding with 'encoding'."
    ],
    [
      'for a mark that contradicts the setting',
      Buffer.from('\ufefftext', 'utf16le'),
      'windows-1252',
      "data_encoding: bad.csv starts with the mark of UTF-16 LE, but 'encoding' says Windows-1252. Leave 'encoding' out."
    ],
    [
      'for half a UTF-16 character',
      bytes([...Buffer.from('\ufefftext\n', 'utf16le')], [0x61]),
      undefined,
      'data_encoding: bad.csv is not valid utf-16le text near line 2. Save the file again as UTF-8.'
    ],
    [
      'for NUL bytes',
      bytes('text\na', [0], 'b'),
      undefined,
      'data_nul_byte: bad.csv holds a NUL byte at line 2, so it is not a text table. If it is UTF-16 text, save it as UTF-8; if it is a workbook, save it as CSV.'
    ],
    [
      'for NUL characters in UTF-16',
      Buffer.from('\ufefftext\na\n\0b', 'utf16le'),
      undefined,
      'data_nul_byte: bad.csv holds a NUL byte at line 3, so it is not a text table. If it is UTF-16 text, save it as UTF-8; if it is a workbook, save it as CSV.'
    ],
    [
      'for an encoding that nobody knows',
      Buffer.from('text'),
      'ebcdic',
      "data_encoding_unknown: data.encoding is 'ebcdic', which is not known. Use one of utf-8, utf-16le, utf-16be, windows-1252, or leave it out."
    ]
  ]
  it.each(cases)('%s', async (_, content, asked, expected) => {
    expect(await refusalOf(() => put('bad.csv', content).then((path) => decode(path, asked)))).toBe(expected)
  })
})
