import { describe, expect, test } from 'vitest'
import { quotable, type NamedClass } from '../../../../src/main/report/quotable.ts'
import { reportOf, regression, singleLabel } from './reports.ts'

const plain = (text: string): string => text.replaceAll('\u00a0', ' ')
const foundBy = [
  { id: 'base', title: 'Base', found: 9 },
  { id: 'tfidf', title: 'Keywords', found: 15 }
]
const named = (name: string): NamedClass => ({ name, noun: 'letters', foundBy })

describe('the sentence that opens a result', () => {
  test('leads with the class that must not be missed, never with accuracy', () => {
    const evaluation = singleLabel()
    const at = evaluation.perClass.findIndex(({ support }) => support >= 30)
    const own = {
      ...evaluation.perClass[at]!,
      name: 'urgent',
      support: 50,
      predicted: 60,
      recall: { value: 0.84, low: 0.71, high: 0.92 }
    }
    const confusion = evaluation.confusion.map((line, row) => (row === at ? line.map((_, c) => (c === at ? 42 : 0)) : line))
    const perClass = evaluation.perClass.map((each, c) => (c === at ? own : each))
    const report = reportOf({ ...evaluation, rows: 122, perClass, confusion })
    const { headline, beside } = quotable(report, named('urgent'))
    expect(plain(headline)).toBe('Found 42 of 50 urgent letters (84 %, 71–92). 42 of 60 alarms right.')
    expect(plain(beside)).toMatch(
      /^The keyword baseline finds 15\. The base model without training finds 9\. 122 unseen letters, 50 urgent(, kept together by \w+)?\./
    )
    const few = { ...own, support: 25, recall: { value: 0.84, low: 0.64, high: 0.95 }, predicted: 30 }
    const small = confusion.map((line, row) => (row === at ? line.map((value) => (value === 42 ? 21 : value)) : line))
    const rare = reportOf({
      ...evaluation,
      rows: 122,
      perClass: perClass.map((each, c) => (c === at ? few : each)),
      confusion: small
    })
    expect(plain(quotable(rare, named('urgent')).headline)).toBe(
      'Finds 64–95 % of urgent letters (95 % interval; 21 of 25 here). 21 of 30 alarms right.'
    )
  })

  test('quotes a class whose name could be misread, and says when it is never answered', () => {
    const evaluation = singleLabel()
    const own = { ...evaluation.perClass[0]!, name: '0', support: 40, predicted: 0, recall: { value: 0, low: 0, high: 0.09 } }
    const confusion = evaluation.confusion.map((line, row) => (row === 0 ? line.map(() => 0) : line))
    const report = reportOf({ ...evaluation, perClass: evaluation.perClass.map((each, c) => (c === 0 ? own : each)), confusion })
    expect(plain(quotable(report, named('0')).headline)).toBe("Found 0 of 40 '0' letters (0 %, 0–9). It never answers '0'.")
  })

  test('says of scores how far off they usually are, beside guessing the average', () => {
    const { headline, beside } = quotable(reportOf(regression()), null)
    expect(plain(headline)).toMatch(/^Usually within [\d.]+ \(mean absolute error, 95 % interval/)
    expect(plain(beside)).toMatch(/guessing the average, [\d.]+/i)
  })

  test('gives the interval before the point on few rows', () => {
    expect(plain(quotable(reportOf(regression(80)), null).headline)).toMatch(
      /^Usually within [\d.]+–[\d.]+ \(mean absolute error/
    )
  })
})
