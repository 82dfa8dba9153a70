import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  ibanRemainder,
  isLuhn,
  luhnDigit,
  mod11Digit,
  nhsDigit,
  pensionDigit
} from '../../../../../src/main/data/personal/checksums.ts'
import { readDate, shifted } from '../../../../../src/main/data/personal/dates.ts'
import { findPersonal } from '../../../../../src/main/data/personal/find.ts'
import { jsonTokens } from '../../../../../src/main/data/personal/files/json-tokens.ts'
import { decoded, encoded, xmlPieces } from '../../../../../src/main/data/personal/files/docx/xml.ts'
import { edited, moved, type TextEdit } from '../../../../../src/main/data/personal/rewrite.ts'

const digits = (length: number) => fc.stringMatching(new RegExp(`^[0-9]{${length}}$`))

/** Texts in which rules have something to find. */
const pieces = [
  ...[
    'Dr. Anna Weber',
    'Frau Schmidt',
    '12 March 2024',
    '05.03.2024',
    '030 23125 478',
    'a@b.example',
    '943 476 5919',
    '12 High Street'
  ],
  ...[
    '\n',
    ' ',
    ', ',
    '. ',
    'ß',
    '😀',
    '\u0301',
    'é',
    '(',
    ')',
    '"',
    '0',
    '7',
    'A',
    'http://x.example/',
    'MRN ',
    'DE89 3704 0044 0532 0130 00'
  ]
]
const texts = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 200 }),
  fc.array(fc.constantFrom(...pieces), { maxLength: 30 }).map((all) => all.join(''))
)

describe('what is found', () => {
  it('lies in the text, in order, without overlaps and never between the halves of a character', () => {
    fc.assert(
      fc.property(texts, (text) => {
        let last = 0
        for (const { start, end } of findPersonal(text)) {
          expect(start).toBeGreaterThanOrEqual(last)
          expect(end).toBeGreaterThan(start)
          expect(text.slice(start, end).isWellFormed() || !text.isWellFormed()).toBe(true)
          last = end
        }
        expect(last).toBeLessThanOrEqual(text.length)
      }),
      { numRuns: 400 }
    )
  })

  it('takes time with the length of a text, whatever is in it', () => {
    const parts = [
      'a',
      '1',
      'A',
      ' ',
      'Aa ',
      '1 ',
      '1.',
      'a@',
      'a.',
      '1-',
      'Dr. ',
      'A. ',
      ':',
      'A-',
      'Mr A',
      '12 A',
      '(0',
      'ab12',
      'Re: Aa ',
      'a1.',
      '\n',
      'von ',
      '1:',
      'DE12 '
    ]
    for (const part of parts) {
      const start = performance.now()
      findPersonal(part.repeat(Math.ceil(40_000 / part.length)))
      expect(performance.now() - start, part).toBeLessThan(2500)
    }
  })
})

describe('checksums', () => {
  it('refuse a single digit that is wrong', () => {
    fc.assert(
      fc.property(digits(15), fc.nat(14), fc.integer({ min: 1, max: 9 }), (front, at, by) => {
        const wrong = front.slice(0, at) + String((Number(front[at]) + by) % 10) + front.slice(at + 1)
        expect(isLuhn(front + String(luhnDigit(front)))).toBe(true)
        expect(luhnDigit(wrong)).not.toBe(luhnDigit(front))
        expect(mod11Digit(wrong)).not.toBe(mod11Digit(front))
        const [nine, other] = [nhsDigit(front.slice(0, 9)), nhsDigit(wrong.slice(0, 9))]
        if (at < 9 && nine !== null && other !== null) expect(other).not.toBe(nine)
        const account = `DE00${front}123`
        expect(ibanRemainder(account)).not.toBe(ibanRemainder(`DE00${wrong}123`))
      })
    )
  })

  it('agree with numbers that are known', () => {
    expect(ibanRemainder('GB29NWBK60161331926819')).toBe(1)
    expect(isLuhn('4111111111111111')).toBe(true)
    expect(nhsDigit('943476591')).toBe(9)
    expect(mod11Digit('8609574271')).toBe(9)
    expect(pensionDigit('15070649C10')).toBe(3)
  })
})

describe('dates', () => {
  const writings = [
    '2024-03-05',
    '05.03.2024',
    '5.3.24',
    '03/05/2024',
    '5 March 2024',
    'March 5th, 2024',
    '5. März 2024',
    '05-Mar-2024',
    '20240305',
    '5th of March 2024'
  ]

  it('are written as they were, so many days later', () => {
    fc.assert(
      fc.property(fc.constantFrom(...writings), fc.integer({ min: -4000, max: 2000 }), (text, days) => {
        const date = readDate(text)
        const next = date && readDate(shifted(date, days))
        const day = (one: typeof date): number => Date.UTC(one?.year ?? 0, (one?.month ?? 0) - 1, one?.day ?? 0) / 86_400_000
        expect(day(next) - day(date)).toBe(days)
        expect(date && shifted(date, 0).toLowerCase()).toBe(text.toLowerCase())
      })
    )
  })

  it.each(['2024-02-30', '31.04.2024', '00.01.2024', '5.3.24.1', 'March 2024 5', '1/1/1', '29 February 2023'])(
    'refuse %s',
    (text) => {
      expect(readDate(text)).toBeNull()
    }
  )
})

describe('edits', () => {
  it('carry marks along: what a mark held and no edit touched, it still holds', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(9), fc.nat(9), fc.string({ maxLength: 6 })), { maxLength: 5 }),
        fc.nat(60),
        fc.nat(20),
        (raw, from, length) => {
          const text = 'abcdefghijklmnopqrstuvwxyz'.repeat(5)
          let at = 0
          const edits = raw.map(([gap, size, put]): TextEdit => {
            const start = at + gap
            at = start + size + 1
            return { start, end: at, kind: 'NAME', text: put }
          })
          const mark = { start: from, end: from + length + 1, label: 'X' }
          const [now] = moved([mark], edits)
          const isTouched = edits.some(({ start, end }) => start < mark.end && mark.start < end)
          if (!isTouched) expect(edited(text, edits).slice(now?.start, now?.end)).toBe(text.slice(mark.start, mark.end))
          if (now) expect(now.end).toBeLessThanOrEqual(edited(text, edits).length)
        }
      )
    )
  })
})

describe('tokens of JSON', () => {
  it('are its strings and numbers where they stand, without keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })), (value) => {
        const line = JSON.stringify(value)
        const seen: string[] = []
        JSON.parse(line, (_key, inner: unknown, context?: { readonly source?: string }) => {
          if (typeof inner === 'string') seen.push(inner)
          if (typeof inner === 'number') seen.push(context?.source ?? '')
          return inner
        })
        const tokens = jsonTokens(line)
        expect(tokens.map(({ text }) => text).sort()).toEqual(seen.sort())
        for (const { start, end, text } of tokens) expect([text, JSON.stringify(text)]).toContain(line.slice(start, end))
      })
    )
  })

  it('know the outermost key that they stand below', () => {
    const keys = jsonTokens('{"a":{"b":[1,"x"]},"c":"y"}').map(({ key, text }) => `${key}=${text}`)
    expect(keys).toEqual(['a=1', 'a=x', 'c=y'])
  })
})

describe('pieces of XML', () => {
  it('are the document, and text comes back as it was', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (all) => {
        const clean = all.map((text) => decoded(encoded(text)))
        const xml = `<?xml version="1.0"?><w:p a="1">${clean.map((text) => `<w:t>${encoded(text)}</w:t><!-- > -->`).join('')}</w:p>`
        const found = xmlPieces(xml)
        expect(found?.map(({ source }) => source).join('')).toBe(xml)
        expect(found?.filter(({ kind }) => kind === 'text').map(({ source }) => decoded(source))).toEqual(
          clean.filter((text) => text !== '')
        )
      })
    )
  })

  it.each(['<a b=c>x</a>', '<a', '<a "x">', 'x < y', '<!DOCTYPE a>'])('are none for %s', (xml) => {
    expect(xmlPieces(xml)).toBeNull()
  })
})
