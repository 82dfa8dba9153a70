import { describe, expect, it } from 'vitest'
import { headline } from '../../../../src/main/report/sentence.ts'
import type { ReportEvaluation } from '../../../../src/main/report/run-report.ts'
import { estimate, maskedLm, multiLabel, regression, reportOf, singleLabel } from './reports.ts'

const say = (evaluation: ReportEvaluation | null): { text: string; tone: string } => {
  const { text, tone } = headline(reportOf(evaluation))
  return { text: text.replaceAll('\u00a0', ' '), tone }
}

describe('the sentences that open a report', () => {
  it('say how many rows are right, out of how many, how sure that is, and what the baselines get', () => {
    expect(say(singleLabel())).toEqual({
      text: 'Right on 113 of 122 unseen rows (93 %, 95 % interval 88–97). The keyword baseline gets 99. The base model without training gets 68. Always giving the most frequent answer gets 51.',
      tone: 'good'
    })
  })

  it('put the interval first where few rows, or few of a class, were tested', () => {
    const few = singleLabel(
      ['a', 'b'],
      [
        [20, 4],
        [6, 30]
      ]
    )
    expect(say(few).text).toMatch(/^Right on 79–88 % of unseen rows \(95 % interval; 50 of 60 here\)\./)
    const rare = singleLabel(undefined, [
      [60, 0, 0],
      [0, 60, 0],
      [2, 0, 27]
    ])
    expect(say(rare).text).toMatch(/^Right on \d+–\d+ % of unseen rows/)
  })

  it('never lead with accuracy where one class is most of the rows: they say how many of the rare ones are found', () => {
    const { text } = say(
      singleLabel(
        ['urgent', 'routine'],
        [
          [34, 6],
          [9, 351]
        ]
      )
    )
    expect(text).toMatch(
      /^Found 34 of 40 'urgent' rows \(85 %, 95 % interval 79–91\)\. Of its 43 answers 'urgent', 34 are right\./
    )
    expect(text).toContain("Always answering 'routine' would be right on 360 of 400 rows.")
    expect(text).not.toContain('Right on')
  })

  it('work out how many of the rare rows a baseline finds', () => {
    const result = singleLabel(
      ['urgent', 'routine'],
      [
        [34, 6],
        [9, 351]
      ]
    )
    // 10 of 40 and 342 of 360 right: accuracy 352/400, balanced accuracy (0.25 + 0.95)/2.
    const metrics = { ...result.metrics, accuracy: estimate(0.88, 0.8, 0.9), balanced_accuracy: estimate(0.6, 0.5, 0.7) }
    const [keyword] = result.baselines.filter(({ id }) => id === 'tfidf')
    const baselines = keyword ? [{ ...keyword, metrics }] : []
    expect(say({ ...result, baselines }).text).toContain('The keyword baseline finds 10.')
  })

  it('say when the rare class is never answered', () => {
    const { text } = say(
      singleLabel(
        ['urgent', 'routine'],
        [
          [0, 40],
          [0, 360]
        ]
      )
    )
    expect(text).toContain("It never answers 'urgent'.")
  })

  it('lead with macro-F1 where one of several classes is most of the rows', () => {
    const { text } = say(
      singleLabel(undefined, [
        [20, 10, 0],
        [5, 30, 0],
        [0, 10, 390]
      ])
    )
    expect(text).toMatch(/^Macro-F1 0\.90 \(95 % interval 0\.86–0\.95\), the mean over 3 classes however rare\./)
    expect(text).toContain("86 % of the 465 unseen rows are 'routine'.")
  })

  it('say that a test of one class says nothing about the others', () => {
    const { text } = say(
      singleLabel(
        ['a', 'b'],
        [
          [50, 0],
          [0, 0]
        ]
      )
    )
    expect(text).toMatch(/^All 50 test rows are 'a': the test says nothing about the other classes\./)
  })

  it('warn first where a baseline does better', () => {
    const { text, tone } = say(singleLabel(undefined, undefined, ['worse', 'better', 'better']))
    expect(text).toMatch(/^Not worth using: the keyword baseline does better \(Macro-F1 0\.95, this model 0\.90\)\. Right on/)
    expect(tone).toBe('fail')
  })

  it('say what the model cannot be told apart from', () => {
    const { text, tone } = say(singleLabel(undefined, undefined, ['not shown', 'not shown', 'better']))
    expect(text).toMatch(
      /This model cannot be told apart from the keyword baseline and the base model without training on these rows\.$/
    )
    expect(tone).toBe('look')
  })

  it('say of a gap that few rows cannot show how many would', () => {
    const result = singleLabel(undefined, undefined, ['not shown', 'not shown', 'not shown'])
    const [keywords, base, majority] = ['tfidf', 'base', 'majority'].map((id) => result.baselines.find((each) => each.id === id))
    if (!keywords || !base || !majority) throw new Error('There are three baselines.')
    const withP = (baseline: typeof keywords, p: number, gap: number): typeof keywords => ({
      ...baseline,
      differences: { ...baseline.differences, macro_f1: { value: gap, low: gap - 0.4, high: gap + 0.4 } },
      tests: [{ metric: 'macro_f1', method: 'randomisation', p, adjustedP: 3 * p }]
    })
    const baselines = [withP(keywords, 0.0390625, -0.39), withP(base, 0.05, 0.3), withP(majority, 0.9, 0.01)]
    const { text, tone } = say({ ...result, rows: 18, baselines })
    // 18 · (3.2356/2.0637)² = 44.2 and 18 · (3.2356/1.9600)² = 49.1, up to the next five.
    expect(text).toContain(
      '18 test rows are too few to be sure: the keyword baseline is ahead of this model here (roughly 45 rows would tell, if the gap stays as it is) ' +
        'and this model is ahead of the base model without training here (roughly 50 rows). ' +
        'This model cannot be told apart from always giving the most frequent answer on these rows.'
    )
    expect(tone).toBe('look')
  })

  it('count labels where a text may have several', () => {
    expect(say(multiLabel()).text).toMatch(
      /^Found 160 of 200 labels on 140 unseen rows \(80 %, 95 % interval 74–86\)\. Of the 190 labels it gives, 160 are right\. F1 over all labels: 0\.82; the keyword baseline, 0\.80; always giving the usual labels, 0\.16\./
    )
  })

  it('say how far off a score usually is', () => {
    expect(say(regression()).text).toBe(
      'Usually within 0.38 (mean absolute error, 95 % interval 0.34–0.42, 180 unseen rows). The keyword baseline, 0.57; guessing the average, 1.1.'
    )
    expect(say(regression(40)).text).toMatch(
      /^Usually within 0\.34–0\.42 \(mean absolute error, 95 % interval; 0\.38 on 40 unseen rows here\)\./
    )
  })

  it('explain perplexity, and say when the base model was better', () => {
    expect(say(maskedLm()).text).toBe(
      'Perplexity 8.21 on 300 unseen rows: it guesses a hidden word as if choosing among 8.2 equally likely ones. The base model before training: 14.1.'
    )
    const worse: ReportEvaluation = {
      kind: 'masked-lm',
      rows: 10,
      loss: 3,
      perplexity: 20.1,
      base: { loss: 2, perplexity: 7.39 }
    }
    expect(say(worse)).toMatchObject({ tone: 'fail', text: expect.stringMatching(/^Not worth using: the base model/) as unknown })
  })

  it('admit that nothing was tested', () => {
    expect(say(null).text).toMatch(/^Not tested/)
  })

  it('quote names of classes harmlessly', () => {
    const { text } = say(
      singleLabel(
        [`\u001b[31m${'x'.repeat(90)}`, 'routine'],
        [
          [34, 6],
          [9, 351]
        ]
      )
    )
    expect(text).toContain(`'\ufffd[31m${'x'.repeat(34)}…'`)
  })
})
