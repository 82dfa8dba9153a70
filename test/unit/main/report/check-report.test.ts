import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InputError } from '../../../../src/main/base/errors.ts'
import { checkRunReport, parseRunReport } from '../../../../src/main/report/check-report.ts'
import { renderHtml } from '../../../../src/main/report/html.ts'
import { renderReport } from '../../../../src/main/report/terminal.ts'
import { anyReport } from './any-report.ts'
import { multiLabel, reportOf, singleLabel } from './reports.ts'

describe('reading report.json back', () => {
  it('gives the report that was written', () => {
    fc.assert(
      fc.property(anyReport, (report) => {
        // JSON knows no negative zero, and undefined fields are not there.
        const json = JSON.stringify(report)
        expect(JSON.stringify(parseRunReport(json))).toBe(json)
      }),
      { numRuns: 50 }
    )
  })

  it.each([
    ['another version', { version: 2 }, '.version must be one of 1'],
    ['a number as text', { testLooks: '3' }, '.testLooks must be a whole number, 0 or more'],
    ['a missing part', { data: undefined }, '.data must be an object'],
    ['an unknown kind', { evaluation: { ...singleLabel(), kind: 'ranking' } }, '.evaluation.kind must be one of'],
    ['a ragged matrix', { evaluation: { ...singleLabel(), confusion: [[1]] } }, '.evaluation.confusion must have 3 entries'],
    [
      'an interval without an end',
      { evaluation: { ...multiLabel(), metrics: { macro_f1: { value: 1, low: 0 } } } },
      '.evaluation.metrics.macro_f1.high must be a number'
    ]
  ])('refuses %s by the name of the field', (_, change, expected) => {
    const read = (): unknown => checkRunReport({ ...reportOf(singleLabel()), ...change }, 'old/report.json')
    expect(read).toThrow(InputError)
    expect(read).toThrow(`old/report.json: ${expected}`)
  })

  it.each(['null', '[]', '7', '"x"'])('refuses %s, which is no report at all', (json) => {
    expect(() => parseRunReport(json)).toThrow('report.json must be an object')
  })

  it('refuses what is not JSON', () => {
    expect(() => parseRunReport('{')).toThrow(InputError)
  })

  /** Every place in a JSON value, as a path. */
  function paths(value: unknown, at: readonly string[] = []): (readonly string[])[] {
    if (typeof value !== 'object' || value === null) return [at]
    return [at, ...Object.entries(value).flatMap(([key, each]) => paths(each, [...at, key]))]
  }

  it('accepts nothing that could not be rendered, whatever part of it is replaced', () => {
    const places = paths(reportOf(singleLabel())).filter((path) => path.length > 0)
    const junk = fc.constantFrom<unknown>(null, 'x', -1, 0.5, true, [], {}, [[]], '<b>')
    fc.assert(
      fc.property(fc.constantFrom(...places), junk, (path, value) => {
        const changed: unknown = JSON.parse(JSON.stringify(reportOf(singleLabel())))
        let place = changed as Record<string, unknown> // A JSON object, walked along one of its own paths.
        for (const key of path.slice(0, -1)) place = place[key] as Record<string, unknown>
        place[path.at(-1) ?? ''] = value
        try {
          checkRunReport(changed)
        } catch (error) {
          expect(error).toBeInstanceOf(InputError)
          return
        }
        const report = checkRunReport(changed)
        renderReport(report, { width: 80, color: true })
        renderHtml(report)
      }),
      { numRuns: 250 }
    )
  })
})
