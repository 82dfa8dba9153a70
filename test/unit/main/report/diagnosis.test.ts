import { describe, expect, it } from 'vitest'
import { diagnose } from '../../../../src/main/report/diagnosis.ts'
import type { FindingCode } from '../../../../src/main/report/diagnosis.ts'
import type { RunReport, TrainingFacts } from '../../../../src/main/report/run-report.ts'
import { estimate, regression, reportOf, singleLabel } from './reports.ts'

const good = reportOf(singleLabel())

const codes = (report: RunReport): FindingCode[] => diagnose(report).map(({ code }) => code)

const withTraining = (change: Partial<TrainingFacts>, base = good): RunReport => ({
  ...base,
  training: { ...base.training, ...change }
})

const losses = (values: readonly number[], every = 5) => values.map((loss, i) => ({ step: (i + 1) * every, loss }))
const evaluations = (values: readonly Readonly<Record<string, number>>[], every = 30) =>
  values.map((metrics, i) => ({ step: (i + 1) * every, metrics }))

/** Falls from `from` to `to` in 36 points over 180 steps. */
const line = (from: number, to: number) => losses(Array.from({ length: 36 }, (_, i) => from + ((to - from) * i) / 35))

describe('diagnosis', () => {
  it('finds nothing to say about a good run', () => {
    expect(diagnose(good)).toEqual([])
    expect(diagnose(reportOf(regression()))).toEqual([])
  })

  it('sees overfitting: validation loss rises while training loss falls', () => {
    const validation = evaluations([0.9, 0.5, 0.41, 0.45, 0.52, 0.58].map((log_loss) => ({ log_loss, macro_f1: 0.8 })))
    const [finding] = diagnose(withTraining({ curves: { training: line(1.4, 0.05), validation }, bestStep: 90 }))
    expect(finding).toMatchObject({ code: 'overfitting' })
    expect(finding?.evidence).toContain('from 0.410 at step 90 to 0.580')
    expect(finding?.evidence).toContain('The weights of step 90 were kept')
  })

  it('does not call a single worse evaluation, or a flat training loss, overfitting', () => {
    const once = evaluations([0.9, 0.5, 0.41, 0.4, 0.48].map((log_loss) => ({ log_loss })))
    expect(codes(withTraining({ curves: { training: line(1.4, 0.05), validation: once } }))).toEqual([])
    const rising = evaluations([0.9, 0.5, 0.41, 0.5, 0.6].map((log_loss) => ({ log_loss })))
    const flat = [
      ...losses(Array.from({ length: 12 }, (_, i) => 1.4 - i * 0.09)),
      ...losses(Array.from({ length: 24 }, () => 0.4))
    ]
    const training = flat.map(({ loss }, i) => ({ step: (i + 1) * 5, loss }))
    expect(codes(withTraining({ curves: { training, validation: rising } }))).toEqual([])
  })

  it('sees underfitting only where the test shows no gain either', () => {
    const curves = { training: line(1.1, 1.05), validation: [] }
    expect(codes(withTraining({ curves }))).toEqual([])
    const weak = reportOf(singleLabel(undefined, undefined, ['not shown', 'not shown', 'not shown']))
    expect(codes(withTraining({ curves }, weak))).toEqual(['underfitting'])
  })

  it('sees a run that drifted away, and does not also call it underfitted', () => {
    const weak = reportOf(singleLabel(undefined, undefined, ['worse', 'worse', 'worse']))
    expect(codes(withTraining({ curves: { training: line(0.7, 2.4), validation: [] } }, weak))).toEqual(['diverged'])
  })

  it('reports steps that were skipped', () => {
    expect(diagnose(withTraining({ skippedSteps: 2 }))).toMatchObject([{ code: 'unstable', evidence: '2 steps of 180.' }])
  })

  it('advises more epochs where the last two evaluations were each the best so far', () => {
    const validation = evaluations([0.6, 0.7, 0.76, 0.8, 0.83].map((macro_f1) => ({ macro_f1 })))
    const change = { curves: { training: line(1.4, 0.6), validation } }
    expect(diagnose(withTraining(change))).toMatchObject([
      { code: 'train_longer', suggestion: 'More epochs: try num_train_epochs: 5.' }
    ])
    expect(codes(withTraining({ ...change, stoppedEarly: true }))).toEqual([])
    const level = evaluations([0.6, 0.8, 0.829, 0.83].map((macro_f1) => ({ macro_f1 })))
    expect(codes(withTraining({ curves: { training: line(1.4, 0.6), validation: level } }))).toEqual([])
  })

  it('knows that a mean absolute error improves downwards', () => {
    const report = reportOf(regression())
    const validation = evaluations([0.9, 0.7, 0.55, 0.45].map((mae) => ({ mae })))
    expect(codes(withTraining({ curves: { training: line(1, 0.3), validation } }, report))).toEqual(['train_longer'])
    const rising = evaluations([0.45, 0.39, 0.39, 0.39].map((mae) => ({ mae })))
    expect(codes(withTraining({ curves: { training: line(1, 0.3), validation: rising } }, report))).toEqual([])
  })

  it('draws nothing from the curves of a short run', () => {
    const validation = evaluations(
      [0.4, 0.5, 0.6, 0.7].map((log_loss) => ({ log_loss, macro_f1: 0.5 })),
      3
    )
    const curves = { training: losses([0.7, 0.9, 1.2, 1.5, 2, 2.5, 3, 3, 3, 3, 3, 3], 1), validation }
    expect(codes(withTraining({ steps: 12, totalSteps: 12, curves }))).toEqual([])
  })

  it('says when the test came out below what validation promised', () => {
    const bestMetric = { name: 'macro_f1', value: 0.99, greaterIsBetter: true }
    expect(diagnose(withTraining({ bestMetric }))).toMatchObject([
      { code: 'test_below_validation', evidence: 'Macro-F1: 0.990 on validation, 0.90 (0.86–0.95) on test.' }
    ])
    const better = { name: 'log_loss', value: 0.4, greaterIsBetter: false }
    expect(codes(withTraining({ bestMetric: better }))).toEqual([])
  })

  it('says when confidences are off for certain', () => {
    const result = singleLabel()
    const ece = estimate(0.18, 0.12, 0.25)
    expect(codes(reportOf({ ...result, metrics: { ...result.metrics, ece } }))).toEqual(['overconfident'])
  })

  it('suspects labels where texts contradict each other, or sure answers stand out as wrong', () => {
    const { data } = good
    const duplicates = { sets: 3, extraRows: 4, conflictingSets: 2, conflictingRows: 5 }
    expect(diagnose({ ...good, data: { ...data, duplicates } })[0]?.evidence).toBe(
      '2 texts occur with different labels (5 rows).'
    )
    const result = singleLabel()
    const worstErrors = [412, 7, 30].map((row) => ({ row, label: 0, predicted: 1, confidence: 0.98, probabilityOfLabel: 0.01 }))
    const sure = { ...result, worstErrors, confidence: [{ low: 0.95, high: 1, right: 90, wrong: 3 }] }
    expect(diagnose(reportOf(sure))[0]).toMatchObject({ code: 'label_noise' })
    expect(diagnose(reportOf(sure))[0]?.evidence).toMatch(/see rows 412, 7 and 30\.$/)
    const overconfident = { ...sure, confidence: [{ low: 0.95, high: 1, right: 12, wrong: 9 }] }
    expect(codes(reportOf(overconfident))).toEqual([])
  })

  it('names the rarest class, and what has been done about it', () => {
    const { data } = good
    const classCounts = { train: [12, 200, 400], validation: [1, 1, 1], test: [36, 36, 50] }
    const report = { ...good, data: { ...data, classCounts } }
    expect(diagnose(report)[0]).toMatchObject({
      code: 'class_imbalance',
      evidence: "'routine' has 400 training rows, 'urgent' has 12.",
      suggestion: expect.stringContaining('class_weights: balanced') as unknown
    })
    expect(diagnose(withTraining({ settings: { class_weights: 'balanced' } }, report))[0]?.suggestion).toMatch(/already weighted/)
  })

  it('names classes with hardly a row to learn from', () => {
    const classCounts = { train: [4, 30, 38], validation: [1, 1, 1], test: [36, 36, 50] }
    expect(diagnose({ ...good, data: { ...good.data, classCounts } })).toMatchObject([
      { code: 'few_rows', evidence: "Training rows: 'urgent' 4." }
    ])
  })

  it('says when many texts are cut, with how much is lost', () => {
    const data = { ...good.data, truncatedRows: 120, truncatedTokens: 30_000, totalTokens: 120_000 }
    expect(diagnose({ ...good, data })[0]?.evidence.replaceAll('\u00a0', ' ')).toBe(
      '120 texts (14 %) are longer than 256 tokens; 25 % of all tokens were cut off.'
    )
  })
})
