import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { renderReport } from '../../../../src/main/report/terminal.ts'
import { displayWidth } from '../../../../src/main/report/text-layout.ts'
import { anyReport } from './any-report.ts'
import { maskedLm, multiLabel, regression, reportOf, singleLabel } from './reports.ts'

const plain = { width: 80, color: false }
const withoutColours = (text: string): string =>
  text
    .split('\u001b')
    .map((part, i) => (i === 0 ? part : part.replace(/^\[\d+m/, '')))
    .join('')

describe('the report in a terminal', () => {
  it.each([
    ['single-label', singleLabel()],
    ['multi-label', multiLabel()],
    ['regression', regression()],
    ['masked-lm', maskedLm()]
  ])('shows a %s run as it was looked at and approved', async (kind, evaluation) => {
    await expect(renderReport(reportOf(evaluation), plain)).toMatchFileSnapshot(`golden/${kind}.txt`)
  })

  it('shows a run that is worse than a baseline, in ASCII, on a narrow terminal', async () => {
    const report = reportOf(singleLabel(undefined, undefined, ['worse', 'not shown', 'better']))
    const text = renderReport(report, { width: 72, color: false, unicode: false })
    await expect(text).toMatchFileSnapshot('golden/worse-ascii.txt')
    expect(text).toMatch(/^[\n -~]*$/)
  })

  it('never throws, and no line is wider than the terminal', () => {
    fc.assert(
      fc.property(anyReport, fc.integer({ min: 72, max: 160 }), fc.boolean(), (report, width, unicode) => {
        const lines = renderReport(report, { width, color: false, unicode }).split('\n')
        for (const line of lines) expect(displayWidth(line), line).toBeLessThanOrEqual(width)
      }),
      { numRuns: 80 }
    )
  })

  it('says the same with colour as without, and lets no control character through but its own colours', () => {
    fc.assert(
      fc.property(anyReport, (report) => {
        const coloured = renderReport(report, { width: 90, color: true })
        const shown = withoutColours(coloured)
        const trimmed = shown.replace(/ +$/gm, '')
        expect(trimmed).toBe(renderReport(report, { width: 90, color: false }))
        expect(shown.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u)
      }),
      { numRuns: 40 }
    )
  })

  it('lists the confusions where the matrix is wider than the terminal', () => {
    const names = Array.from({ length: 40 }, (_, c) => `class ${c}`)
    const confusion = names.map((_, row) => names.map((_, column) => (row === column ? 30 : row === 3 && column === 7 ? 12 : 0)))
    const text = renderReport(reportOf(singleLabel(names, confusion)), plain)
    expect(text).toContain('The most frequent confusions:')
    expect(text).toMatch(/^ +12 {2}class 3 +class 7$/m)
    expect(text).toContain('10 more in report.html')
  })

  it('does not give a share of nothing', () => {
    const confusion = [
      [60, 0, 0],
      [50, 0, 0],
      [0, 0, 0]
    ]
    const text = renderReport(reportOf(singleLabel(undefined, confusion)), plain)
    expect(text).toMatch(/^soon +50 +0 % \(0–6\) +never said/m)
    expect(text).toMatch(/^routine +0 +no rows +never said/m)
    expect(text).toContain("No test row of 'routine': nothing is known about it.")
  })

  it('says so where no rows were set aside for a test', () => {
    expect(renderReport(reportOf(null), plain)).toContain('Not tested: no rows were set aside')
  })

  it('shows mean and deviation of several seeds', () => {
    const seeds = { seeds: [1, 2, 3], metrics: { macro_f1: { values: [0.8, 0.9, null], mean: 0.85, deviation: 0.0707 } } }
    const text = renderReport({ ...reportOf(singleLabel()), seeds }, plain)
    expect(text).toMatch(/^Macro-F1 +0\.850 +± 0\.071 +0\.800, 0\.900, –$/m)
  })
})
