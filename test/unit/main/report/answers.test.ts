import { describe, expect, it } from 'vitest'
import { evaluateAnswers, scoreAnswer, type JudgedAnswer } from '../../../../src/main/engine/evaluation/index.ts'
import { checkRunReport } from '../../../../src/main/report/check-report.ts'
import { renderHtml } from '../../../../src/main/report/html.ts'
import { publishedReport } from '../../../../src/main/report/published-report.ts'
import { runResult } from '../../../../src/main/report/run-result.ts'
import type { RunReport } from '../../../../src/main/report/run-report.ts'
import { headline } from '../../../../src/main/report/sentence.ts'
import { renderReport } from '../../../../src/main/report/terminal.ts'
import { reportOf } from './reports.ts'

const place = { start: 3, end: 9 }

/** Two questions about each of `documents` texts: the first has an answer, which the first `right` texts get; the second has none, and is told so. */
function judged(documents: number, right: number, byNearest: number): RunReport {
  const answer = (isRight: boolean, score: number): JudgedAnswer => ({
    ...scoreAnswer(['Norway'], isRight ? 'Norway' : 'Kenya'),
    ...{ truth: [place], said: isRight ? place : { start: 20, end: 25 }, score }
  })
  const none: JudgedAnswer = { ...scoreAnswer([], ''), truth: [], said: null, score: 0.6 }
  const rows = (count: number): JudgedAnswer[] =>
    Array.from({ length: documents }, (_, i) => [answer(i < count, 0.9), none]).flat()
  const kinds = Int32Array.from({ length: 2 * documents }, (_, i) => i % 2)
  const evaluation = evaluateAnswers(
    { judged: rows(right), kinds, kindCount: 2, kindNames: ['LAW', 'FEE'], threshold: 1.5 },
    {
      seed: 1,
      resamples: 300,
      groups: kinds.map((_, i) => Math.floor(i / 2)),
      documents,
      baselines: [{ id: 'nearest', title: 'Nearest', scores: rows(byNearest) }]
    }
  )
  return reportOf(evaluation)
}

describe('the report of a run that finds answers', () => {
  it('opens with what was answered, where there is none, and what needs no model', () => {
    const { text: written, tone } = headline(judged(100, 80, 20))
    const text = written.replaceAll('\u00a0', ' ')
    expect(text).toMatch(
      /^Answered 180 of 200 questions exactly right on 100 unseen documents \(90 %, 95 % interval \d\d–\d\d\)\. /
    )
    expect(text).toContain('Of the 100 questions whose document has an answer, it gets 80.')
    expect(text).toContain('Of the 100 questions without an answer, it says so for 100.')
    expect(text).toContain('F1 over all questions: 0.90; the sentence nearest to the question, 0.60.')
    expect(tone).toBe('good')
  })

  it('says plainly where a baseline does better, and where nothing can be told', () => {
    expect(headline(judged(100, 20, 90))).toMatchObject({
      tone: 'fail',
      text: expect.stringMatching(/^Not worth using: the sentence nearest/)
    })
    expect(headline(judged(100, 50, 50))).toMatchObject({ tone: 'look' })
    expect(headline(judged(20, 15, 0)).text).toMatch(/^Answers \d\d–\d\d % of questions exactly right/)
  })

  it('is read back as it was written, and leaves without its errors', () => {
    const report = judged(40, 30, 20)
    expect(checkRunReport(JSON.parse(JSON.stringify(report)))).toEqual(report)
    expect(report.evaluation).toMatchObject({ kind: 'answers', errors: { wrong: 10, invented: 0 } })
    expect(publishedReport(report, false).evaluation).toMatchObject({ worstErrors: [] })
    expect(() => checkRunReport({ ...report, evaluation: { ...report.evaluation, perQuestion: [] } })).toThrow(/perQuestion/)
  })

  it('has a page and lines for a terminal', () => {
    const report = judged(40, 30, 20)
    const lines = renderReport(report, { width: 100, color: false })
    for (const part of ['Each question', 'LAW', 'Missed: 0. Invented: 0. Partly right: 0. Wrong: 10.', '20–25'])
      expect(lines).toContain(part)
    expect(renderHtml(report)).toContain('is above 1.50 (logits)')
  })

  it('says on the screen what was measured, beside the baselines, and that documents are few', () => {
    const { metrics, baselines, classes, calibration, warnings, testRows } = runResult(judged(40, 30, 20), null)
    expect(metrics.map(({ id }) => id)).toEqual([
      'answer_f1',
      'exact_match',
      'has_answer_f1',
      'has_answer_exact',
      'no_answer_exact'
    ])
    expect(metrics[1]).toMatchObject({ model: { value: 0.875 }, baselines: [{ value: 0.75 }] })
    expect(baselines).toMatchObject([{ id: 'nearest', difference: expect.stringMatching(/ in F1 of answers$/) }])
    expect({ classes, calibration, testRows }).toEqual({ classes: null, calibration: null, testRows: 80 })
    expect(warnings[0]).toBe('The test has only 40 documents: look at the intervals before the numbers.')
  })
})
