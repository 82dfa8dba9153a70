import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  bytes,
  compact,
  decimal,
  duration,
  NO_BREAK,
  percent,
  point,
  pointAndRange,
  quantity,
  significant,
  signed
} from '../../../../src/main/report/numbers.ts'
import { displayWidth, wrap } from '../../../../src/main/report/text-layout.ts'
import { thinLosses } from '../../../../src/main/report/run-report.ts'
import { estimate } from './reports.ts'

const plain = (text: string): string => text.replaceAll(NO_BREAK, ' ')

describe('numbers in a report', () => {
  it.each([
    [0.9262, '93 %'],
    [0, '0 %'],
    [1, '100 %'],
    [0.996, '99.6 %'],
    [0.99999, '>99.9 %'],
    [0.0065, '0.7 %'],
    [0.0001, '<0.1 %'],
    [0.0095, '1 %']
  ])('write the share %d as %s', (share, text) => {
    expect(plain(percent(share))).toBe(text)
  })

  it.each([
    [0.3811, 2, '0.38'],
    [1.1049, 2, '1.1'],
    [0.9996, 2, '1.0'],
    [12_345, 2, '12,345'],
    [0.000423, 2, '0.00042'],
    [4.2e-9, 2, '4.2e-9'],
    [-0.05, 3, '-0.0500'],
    [0, 3, '0']
  ])('write %d with %d significant digits as %s', (value, digits, text) => {
    expect(significant(value, digits)).toBe(text)
  })

  it('have no zeros at the end where they are compact', () => {
    expect([3, 2.5, 100, 0.333333].map((value) => compact(value))).toEqual(['3', '2.5', '100', '0.333'])
  })

  it.each([
    [0.0004, '0 ms'],
    [0.9, '900 ms'],
    [8.44, '8.4 s'],
    [59.7, '1 min'],
    [200, '3 min 20 s'],
    [7500, '2 h 05 min']
  ])('write %d seconds as %s', (seconds, text) => {
    expect(plain(duration(seconds))).toBe(text)
  })

  it.each([
    [812_000_000, '812 MB'],
    [1_940_000_000, '1.9 GB'],
    [999, '999 B'],
    [999_999, '1.0 MB']
  ])('write %d bytes as %s', (count, text) => {
    expect(plain(bytes(count))).toBe(text)
  })

  it.each([
    [22_713_216, '22.7 million'],
    [147_843, '147,843'],
    [1_100_000_000, '1.10 billion']
  ])('write the quantity %d as %s', (count, text) => {
    expect(plain(quantity(count))).toBe(text)
  })

  it('are rounded by how wide their interval is', () => {
    expect(pointAndRange(estimate(0.81234, 0.75111, 0.86999))).toBe('0.81 (0.75–0.87)')
    expect(pointAndRange(estimate(0.81234, 0.81001, 0.81499))).toBe('0.812 (0.810–0.815)')
    expect(pointAndRange(estimate(24_512.4, 21_000, 28_000))).toBe('24,512 (21,000–28,000)')
    expect([0.5, 0, 1 / 3, 12_345.6].map((value) => point(estimate(value, value, value)))).toEqual([
      '0.500',
      '0.00',
      '0.333',
      '12,346'
    ])
  })

  it('carry a sign only where there is something to sign', () => {
    expect([0.05, -0.05, 0.0001, -0.0001].map((value) => signed(value, 2))).toEqual(['+0.05', '-0.05', '0.00', '0.00'])
  })

  it('keep their value to the digits that are shown', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e9, max: 1e9, noNaN: true }), fc.integer({ min: 0, max: 6 }), (value, decimals) => {
        const read = Number(decimal(value, decimals).replaceAll(',', ''))
        expect(Math.abs(read - value)).toBeLessThanOrEqual(0.5000001 * 10 ** -decimals)
      })
    )
  })
})

describe('lines of text', () => {
  it('are wrapped at spaces without losing a word', () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-zé診]{1,12}$/), { maxLength: 30 }),
        fc.integer({ min: 24, max: 60 }),
        (all, width) => {
          const lines = wrap(all.join(' '), width)
          expect(lines.join(' ')).toBe(all.join(' '))
          for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width)
        }
      )
    )
  })

  it('break a word that is longer than a line', () => {
    expect(wrap('a abcdefgh', 4)).toEqual(['a', 'abcd', 'efgh'])
    expect(wrap('診断書', 4)).toEqual(['診断', '書'])
  })

  it('count wide and joining characters as terminals do', () => {
    expect(['abc', '診断', 'e\u0301', 'é', '한'].map(displayWidth)).toEqual([3, 4, 1, 1, 2])
  })
})

describe('a thinned loss curve', () => {
  it('keeps the mean and the last step of each stretch', () => {
    const points = Array.from({ length: 10 }, (_, i) => ({ step: i + 1, loss: i }))
    expect(thinLosses(points, 5)).toEqual([1, 3, 5, 7, 9].map((last) => ({ step: last + 1, loss: last - 0.5 })))
    expect(thinLosses(points, 10)).toEqual(points)
    expect(thinLosses([], 10)).toEqual([])
  })
})
