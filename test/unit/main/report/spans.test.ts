import { describe, expect, it } from 'vitest'
import { evaluateEntities, type FoundMark } from '../../../../src/main/engine/evaluation/index.ts'
import { checkRunReport } from '../../../../src/main/report/check-report.ts'
import { diagnose } from '../../../../src/main/report/diagnosis.ts'
import { renderHtml } from '../../../../src/main/report/html.ts'
import { publishedReport } from '../../../../src/main/report/published-report.ts'
import { runResult } from '../../../../src/main/report/run-result.ts'
import type { RunReport } from '../../../../src/main/report/run-report.ts'
import { headline } from '../../../../src/main/report/sentence.ts'
import { renderReport } from '../../../../src/main/report/terminal.ts'
import { reportOf } from './reports.ts'

const mark = (start: number, end: number, label: string, confidence = 0.9): FoundMark => ({ start, end, label, confidence })

/** `documents` with a name in each, of which the first `found` are found exactly; one more is invented. */
function judged(documents: number, found: number, byDictionary: number): RunReport {
  const truth = Array.from({ length: documents }, () => [mark(0, 4, 'NAME')])
  const answers = (right: number): FoundMark[][] => truth.map((marks, i) => (i < right ? marks : []))
  const said = answers(found).map((marks, i) => (i === documents - 1 ? [...marks, mark(8, 9, 'NAME', 0.7)] : marks))
  const baselines = [{ id: 'dictionary', title: 'Dictionary', said: answers(byDictionary) }]
  const evaluation = evaluateEntities({ types: ['NAME'], truth, said }, { seed: 1, resamples: 300, baselines })
  return reportOf(evaluation)
}

describe('the report of a run that marks passages', () => {
  it('opens with what was found, what is right, and what a dictionary does', () => {
    const { text: written, tone } = headline(judged(150, 120, 60))
    const text = written.replaceAll('\u00a0', ' ')
    expect(text).toMatch(/^Found 120 of 150 'NAME' passages in 150 unseen documents \(80 %, 95 % interval \d\d–\d\d\)\. /)
    expect(text).toContain(
      'Of the 121 passages it marks, 120 are exactly right. F1 over all passages: 0.89 (0.84–0.92); a dictionary of the marked passages, 0.57.'
    )
    expect(tone).toBe('good')
  })

  it('says plainly where a dictionary does better, and where nothing can be told', () => {
    expect(headline(judged(150, 60, 140))).toMatchObject({
      tone: 'fail',
      text: expect.stringMatching(/^Not worth using: a dictionary/)
    })
    expect(headline(judged(150, 100, 100))).toMatchObject({
      tone: 'look',
      text: expect.stringMatching(/cannot be told apart from a dictionary/)
    })
    expect(headline(judged(20, 15, 0)).text).toMatch(/^Finds \d\d–\d\d % of 'NAME' passages/)
  })

  it('speaks of kinds and documents where there is little to learn from', () => {
    const report = judged(40, 30, 20)
    const diagnosed = (train: number[]) =>
      diagnose({
        ...report,
        data: { ...report.data, classNames: ['NAME', 'DATE'], classCounts: { train, validation: [], test: [] } }
      })
    expect(diagnosed([400, 4])).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ code: 'few_rows', evidence: "Training documents with them: 'DATE' 4." }),
        expect.objectContaining({
          code: 'class_imbalance',
          evidence: "'NAME' occurs in 400 training documents, 'DATE' in 4."
        })
      ])
    )
    for (const { sentence, evidence, suggestion } of diagnosed([400, 4]))
      expect(`${sentence} ${evidence} ${suggestion}`).not.toMatch(/class|row/)
  })

  it('is read back as it was written, and leaves without its errors', () => {
    const report = judged(40, 30, 20)
    expect(checkRunReport(JSON.parse(JSON.stringify(report)))).toEqual(report)
    expect(report.evaluation).toMatchObject({ kind: 'spans', errors: { missed: 10, invented: 1 } })
    expect(publishedReport(report, false).evaluation).toMatchObject({ worstErrors: [] })
    expect(() => checkRunReport({ ...report, evaluation: { ...report.evaluation, perType: [] } })).toThrow(/perType/)
  })

  it('has a page, lines for a terminal, and numbers for the screen', () => {
    const report = judged(40, 30, 20)
    const lines = renderReport(report, { width: 100, color: false })
    for (const part of ['Each type', 'When nearly right counts', 'Missed: 10. Invented: 1.', 'NAME 8–9'])
      expect(lines).toContain(part)
    expect(renderHtml(report)).toContain('When nearly right counts')
    const result = runResult(report, null)
    expect(result.warnings[0]).toBe('The test has only 40 documents: look at the intervals before the numbers.')
    expect(result).toMatchObject({
      testRows: 40,
      headline: expect.stringMatching(/^Finds/),
      baselines: [{ id: 'dictionary', title: 'Dictionary' }],
      classes: [{ name: 'NAME', rows: 40 }],
      confusion: null,
      calibration: null
    })
    expect(result.metrics.slice(0, 3).map(({ id }) => id)).toEqual(['micro_f1', 'micro_precision', 'micro_recall'])
    expect(result.metrics[0]?.model).toEqual({ value: expect.any(Number), low: expect.any(Number), high: expect.any(Number) })
  })
})
