import { describe, expect, test } from 'vitest'
import { endEarlyProblem, poorerThanMedian, type Trial } from '../../../../src/main/runs/pruning.ts'

/** A run of ten epochs, ten steps each, that was looked at after each of its first epochs. */
const trial = (values: readonly number[], change: Partial<Trial> = {}): Trial => ({
  totalSteps: 100,
  looks: values.map((value, i) => ({ step: 10 * (i + 1), value })),
  isFinished: false,
  ...change
})
const finished = (values: readonly number[], change: Partial<Trial> = {}): Trial => trial(values, { isFinished: true, ...change })

const three = [finished([0.2, 0.5, 0.6]), finished([0.3, 0.6, 0.7]), finished([0.4, 0.7, 0.8])]

describe('a run of a sweep', () => {
  test('is poorer once its best is worse than the median of the others at the same point', () => {
    expect(poorerThanMedian(trial([0.1, 0.55]), three, false)).toEqual({ step: 20, value: 0.55, median: 0.6, others: 3 })
    expect(poorerThanMedian(trial([0.1, 0.65]), three, false)).toBeNull()
  })

  test('is measured by the best that it has had, the others by what they had then', () => {
    expect(poorerThanMedian(trial([0.65, 0.1]), three, false)).toBeNull()
    const fallen = three.map(({ looks }) => finished([0.9, ...looks.slice(1).map(({ value }) => value)]))
    expect(poorerThanMedian(trial([0.62, 0.1]), fallen, false)).toBeNull()
  })

  test('that ties with the median goes on', () => {
    expect(poorerThanMedian(trial([0.1, 0.6]), three, false)).toBeNull()
  })

  test('is compared with the middle between the two middle ones of an even number', () => {
    const four = [...three, trial([0.9, 0.9])]
    expect(poorerThanMedian(trial([0.1, 0.64]), four, false)).toMatchObject({ median: expect.closeTo(0.65), others: 4 })
    expect(poorerThanMedian(trial([0.1, 0.66]), four, false)).toBeNull()
  })

  test('is worse with more where less is better', () => {
    expect(poorerThanMedian(trial([0.9, 0.65]), three, true)).toEqual({ step: 20, value: 0.65, median: 0.6, others: 3 })
    expect(poorerThanMedian(trial([0.9, 0.55]), three, true)).toBeNull()
  })

  test('goes on until three have finished, and until it was looked at twice and a fifth of it is done', () => {
    expect(poorerThanMedian(trial([0, 0]), [...three.slice(0, 2), trial([0.4, 0.7, 0.8])], false)).toBeNull()
    expect(poorerThanMedian(trial([0]), three, false)).toBeNull()
    const slow = (one: Trial): Trial => ({ ...one, totalSteps: 101 })
    expect(poorerThanMedian(slow(trial([0, 0])), three.map(slow), false)).toBeNull()
    expect(poorerThanMedian(slow(trial([0, 0, 0])), three.map(slow), false)).toMatchObject({ step: 30 })
  })

  test('goes on where fewer than three have a value at that point: one that stopped by itself has none later', () => {
    expect(poorerThanMedian(trial([0, 0, 0, 0]), three, false)).toBeNull()
  })

  test('is not ended at its end, where nothing is saved', () => {
    const short = (one: Trial): Trial => ({ ...one, totalSteps: 20 })
    expect(poorerThanMedian(short(trial([0, 0])), three.map(short), false)).toBeNull()
  })

  test('of which validation says no number is poorer than any; others of which it says none do not count', () => {
    expect(poorerThanMedian(trial([Number.NaN, Number.NaN]), three, false)).toEqual({ step: 20, value: null, median: 0.6, others: 3 })
    expect(poorerThanMedian(trial([Number.NaN, Number.NaN]), three, true)).toMatchObject({ value: null })
    const broken = finished([Number.NaN, Number.NaN])
    expect(poorerThanMedian(trial([0, 0.55]), [...three, broken], false)).toMatchObject({ median: 0.6, others: 3 })
    expect(poorerThanMedian(trial([0, 0.55]), [broken, ...three.slice(1)], false)).toBeNull()
  })

  test('with other batches is compared at the same share of its training', () => {
    // Twice the rows to a step: half of the steps.
    const large = three.map(({ looks }) => finished([], { totalSteps: 50, looks: looks.map(({ step, value }) => ({ step: step / 2, value })) }))
    expect(poorerThanMedian(trial([0.1, 0.55]), large, false)).toMatchObject({ step: 20, median: 0.6 })
    const between = three.map((one) => ({ ...one, looks: one.looks.map(({ step, value }) => ({ step: step - 3, value })) }))
    expect(poorerThanMedian(trial([0.1, 0.55]), between, false)).toBeNull()
  })
})

describe('a sweep', () => {
  const settings: Readonly<Record<string, string | number | null>> = {
    'training.eval_strategy': 'epoch',
    'training.eval_steps': null,
    'training.num_train_epochs': 4
  }
  const problemOf = (drafts: Parameters<typeof endEarlyProblem>[0]['drafts'], axis = 'training.learning_rate', changed = {}): string | null =>
    endEarlyProblem({ axes: [axis], drafts, settingOf: (path) => ({ ...settings, ...changed })[path] ?? null })
  const rates = [1, 2, 3, 4, 5].map((rate) => ({ 'training.learning_rate': rate }))

  test('of five runs can end poor ones; it says why where it cannot', () => {
    expect(problemOf(rates)).toBeNull()
    expect(problemOf(rates.slice(1))).toContain('Fewer than 5 runs')
    const lengths = rates.map((each, i) => ({ ...each, 'training.num_train_epochs': i + 1 }))
    expect(problemOf(lengths)).toContain('equally long')
    expect(problemOf(rates, 'training.learning_rate', { 'training.eval_strategy': 'no' })).toContain('not looked at')
    expect(problemOf(rates, 'training.learning_rate', { 'training.num_train_epochs': 2 })).toContain('so few epochs')
    expect(problemOf(rates, 'data.split_seed')).toContain('different rows')
  })
})
