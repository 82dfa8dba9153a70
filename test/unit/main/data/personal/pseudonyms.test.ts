import { describe, expect, it } from 'vitest'
import { ibanRemainder, isLuhn, nhsDigit } from '../../../../../src/main/data/personal/checksums.ts'
import { findPersonal } from '../../../../../src/main/data/personal/find.ts'
import { mappingText, pseudonymsFrom } from '../../../../../src/main/data/personal/surrogates/mapping.ts'
import { Pseudonyms } from '../../../../../src/main/data/personal/surrogates/pseudonyms.ts'

const secret = (byte: number): Uint8Array => new Uint8Array(32).fill(byte)
const context = { group: 'one', order: 'day-first' } as const
const all = (kind: string, values: readonly string[], from = new Pseudonyms(secret(1))): readonly string[] =>
  values.map((value) => from.surrogateFor(kind, value, context))

describe('surrogates', () => {
  it('are the same for the same value however it is written, and differ between secrets', () => {
    const [first, again, , other] = all('PHONE', ['030 23125 478', '030/23125478', '030 23125 479', '+49 30 23125 478'])
    expect(again).toBe(first)
    expect(other).not.toBe(first)
    const names = [1, 2, 3, 4, 5].map((byte) => all('NAME', ['Anna Weber'], new Pseudonyms(secret(byte)))[0])
    expect(new Set(names).size).toBeGreaterThan(3)
    expect(all('NAME', ['Anna Weber'])).toEqual(all('NAME', ['Anna Weber']))
  })

  it('name one person alike in every form of the name', () => {
    const [full = '', surname = '', given = '', loud = '', double = ''] = all('NAME', [
      'Anna Weber',
      'Weber',
      'Anna',
      'WEBER',
      'Anna Weber-Kern'
    ])
    expect(full).toBe(`${given} ${surname}`)
    expect(loud).toBe(surname.toUpperCase())
    expect(double.startsWith(`${full}-`)).toBe(true)
    expect(full).not.toMatch(/Anna|Weber/)
  })

  it('never stand for two values', () => {
    const values = Array.from(
      { length: 2400 },
      (_, i) =>
        `Q${String.fromCharCode(97 + (i % 26))}${i.toString(36).replace(/\d/g, 'x')}${'z'.repeat(i % 7)}ov${'q'.repeat(Math.floor(i / 26) % 11)}`
    )
    const distinct = new Set(values.map((value) => value.toLowerCase()))
    expect(new Set(all('NAME', values)).size).toBe(distinct.size)
    const phones = Array.from({ length: 5200 }, (_, i) => `030 ${1_000_000 + i}`)
    expect(new Set(all('PHONE', phones)).size).toBe(phones.length)
  })

  it('are valid and never assigned', () => {
    const [iban = ''] = all('IBAN', ['DE89 3704 0044 0532 0130 00'])
    expect(ibanRemainder(iban.replaceAll(' ', ''))).toBe(1)
    expect(iban).toMatch(/^DE\d\d 0000 0000 \d{4} \d{4} \d\d$/)
    const [card = ''] = all('CARD', ['4111 1111 1111 1111'])
    expect(isLuhn(card.replaceAll(' ', ''))).toBe(true)
    expect(card).toMatch(/^0/)
    const [nhs = ''] = all('NHS', ['943 476 5919'])
    expect(nhs).toMatch(/^999 \d{3} \d{4}$/)
    expect(nhsDigit(nhs.replaceAll(' ', '').slice(0, 9))).toBe(Number(nhs.at(-1)))
    expect(all('SSN', ['536-22-1234'])[0]).toMatch(/^666-\d\d-\d{4}$/)
    expect(all('TAX_ID', ['86 095 742 719'])[0]).toMatch(/^0\d \d{3} \d{3} \d{3}$/)
    expect(all('SOCIAL_INSURANCE', ['15 070649 C 103'])[0]).toMatch(/^00 \d{6} [A-Z] \d{3}$/)
    expect(all('EMAIL', ['anna@weber.de'])[0]).toMatch(/@example\.org$/)
    expect(all('IP', ['10.1.2.3'])[0]).toMatch(/^(?:192\.0\.2|198\.51\.100|203\.0\.113)\.\d+$/)
    expect(all('ADDRESS', ['Lindenstraße 12a, 10115 Berlin'])[0]).toMatch(/, 00\d{3} \p{Lu}/u)
    expect(all('ADDRESS', ['12 High Street, Norwich, NR2 4AB'])[0]).toMatch(/ZZ\d+ \d[A-Z]{2}$/)
  })

  it('of national numbers are found by no rule again as a number of somebody', () => {
    const kinds = { SSN: 'SSN 536-22-1234', CARD: 'card 4111 1111 1111 1111', TAX_ID: 'Steuer-ID: 86 095 742 719' }
    for (const [kind, text] of Object.entries(kinds)) {
      const [span] = findPersonal(text).filter(({ label }) => label === kind)
      const next = text.slice(0, span?.start) + (all(kind, [text.slice(span?.start, span?.end)])[0] ?? '')
      expect(findPersonal(next).filter(({ label }) => label === kind)).toEqual([])
    }
  })

  it('move all dates of one group by the same whole weeks', () => {
    const pseudonyms = new Pseudonyms(secret(7))
    const day = (text: string): number => Date.parse(text) / 86_400_000
    const [a = '', b = ''] = all('DATE', ['2024-03-05', '2024-03-19'], pseudonyms)
    expect(day(b) - day(a)).toBe(14)
    expect(Math.abs(day(a) - day('2024-03-05')) % 7).toBe(0)
    expect(a).not.toBe('2024-03-05')
    const groups = Array.from({ length: 20 }, (_, i) => pseudonyms.daysOf(`person ${i}`))
    expect(new Set(groups).size).toBeGreaterThan(10)
    expect(groups).not.toContain(0)
  })
})

describe('a mapping', () => {
  const values = ['Anna Weber', 'Boris Quist', 'Anna Quist']
  it('goes on where an earlier job ended, whatever comes first', () => {
    const first = new Pseudonyms()
    const names = all('NAME', values, first)
    const [date] = all('DATE', ['4 May 2024'], first)
    const drugs = all('DRUG', ['metformin', 'lithium'], first)
    const next = pseudonymsFrom(mappingText(first), 'map.age')
    const [drug] = all('DRUG', ['aspirin'], next)
    expect(drugs).not.toContain(drug)
    expect(all('DRUG', ['lithium', 'metformin'], next)).toEqual(drugs.toReversed())
    expect(all('NAME', values.toReversed(), next)).toEqual(names.toReversed())
    expect(all('DATE', ['4 May 2024'], next)).toEqual([date])
    expect(next.mapping).toEqual([...first.mapping, expect.objectContaining({ kind: 'DRUG', value: 'aspirin' })])
  })

  it('never gives a new value what stands for another one already, however few names there are', () => {
    const name = (i: number): string =>
      `Qz${String.fromCharCode(97 + (i % 26), 97 + (Math.floor(i / 26) % 26), 97 + Math.floor(i / 676))}`
    const first = new Pseudonyms(secret(3))
    const before = all(
      'NAME',
      Array.from({ length: 900 }, (_, i) => name(i)),
      first
    )
    const next = pseudonymsFrom(mappingText(first), 'map.age')
    const after = all(
      'NAME',
      Array.from({ length: 900 }, (_, i) => name(900 + i)),
      next
    )
    expect(new Set([...before, ...after]).size).toBe(1800)
  })

  it('is refused where Attune did not write it, or before it could be gone on from', () => {
    for (const text of ['', '[]', '{"attune_mapping":3}', '{"attune_mapping":2,"secret":"QQ==","replaced":[]}'])
      expect(() => pseudonymsFrom(text, '/tmp/map.age')).toThrow('"map.age" is no mapping that Attune wrote')
    expect(() => pseudonymsFrom('{"attune_mapping":1,"replaced":[]}', '/tmp/map.age')).toThrow(/earlier Attune/)
  })
})
