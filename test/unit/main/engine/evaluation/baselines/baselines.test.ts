import { describe, expect, test } from 'vitest'
import { atOnce } from '../../../../../../src/main/base/turns.ts'
import {
  chooseMultiLabel,
  chooseRidge,
  chooseSingleLabel,
  probeDesigns,
  tfIdfDesigns
} from '../../../../../../src/main/engine/evaluation/baselines/choose.ts'
import {
  balancedWeights,
  fitMultiLabel,
  fitSingleLabel,
  type Classifier
} from '../../../../../../src/main/engine/evaluation/baselines/classifiers.ts'
import {
  classPrior,
  labelPrior,
  mean,
  median,
  repeatRow
} from '../../../../../../src/main/engine/evaluation/baselines/constant.ts'
import { fitScaling, standardisedDesign } from '../../../../../../src/main/engine/evaluation/baselines/dense-design.ts'
import { sparseDesign } from '../../../../../../src/main/engine/evaluation/baselines/design.ts'
import { fitRidge, ridgePredictions } from '../../../../../../src/main/engine/evaluation/baselines/ridge.ts'
import { fitTfIdf, transformTfIdf, wordsOf } from '../../../../../../src/main/engine/evaluation/baselines/tf-idf.ts'
import type { SparseMatrix } from '../../../../../../src/main/engine/evaluation/baselines/design.ts'
import fixture from '../../../../../fixtures/metrics/baselines.json' with { type: 'json' }
import { largestGap } from '../fixtures.ts'

const singleLabel = (...given: Parameters<typeof fitSingleLabel>): Classifier => atOnce(fitSingleLabel(...given))
const multiLabel = (...given: Parameters<typeof fitMultiLabel>): Classifier => atOnce(fitMultiLabel(...given))

const tight = { tolerance: 1e-11, maxIterations: 5000 }
const labels = Int32Array.from(fixture.labels)
const { model: vectoriser, matrix } = fitTfIdf(fixture.train)
const train = sparseDesign(matrix)
const testMatrix = transformTfIdf(vectoriser, fixture.test)
const held = sparseDesign(testMatrix)

function rowValues({ starts, values }: SparseMatrix, row: number): number[] {
  return [...values.subarray(starts[row], starts[row + 1])].sort((a, b) => a - b)
}

describe('TF-IDF', () => {
  test('finds the words of any script', () => {
    expect([...fixture.train.slice(0, 3), ...fixture.test.slice(-3)].map(wordsOf)).toEqual(fixture.words)
    expect(wordsOf("Größe: Cafe\u0301, don't x 東京 👍")).toEqual(['größe', 'café', 'don', '東', '京', '👍'])
  })

  test('weighs terms as scikit-learn does', () => {
    expect(matrix.columns).toBe(fixture.features)
    const reference = (row: (string | number)[][]): number[] => row.map((entry) => Number(entry[1])).sort((a, b) => a - b)
    expect(largestGap(rowValues(matrix, 0), reference(fixture.first_row))).toBeLessThan(1e-12)
    expect(largestGap(rowValues(testMatrix, testMatrix.rows - 1), reference(fixture.test_row))).toBeLessThan(1e-12)
  })

  test('leaves empty rows and unknown words empty', () => {
    expect(rowValues(testMatrix, testMatrix.rows - 3)).toEqual([])
    expect(rowValues(testMatrix, testMatrix.rows - 2)).toEqual([])
  })

  test('keeps the most frequent terms under a cap', () => {
    const { model, matrix: capped } = fitTfIdf(['aa bb aa', 'aa cc', 'bb dd'], { maxFeatures: 2 })
    expect(capped.columns).toBe(2)
    expect([...model.words].filter(([, number]) => model.columns.has(number)).map(([word]) => word)).toEqual(['aa', 'bb'])
    expect(transformTfIdf(model, ['cc dd']).values).toHaveLength(0)
  })
})

describe('logistic regression', () => {
  test.each(fixture.logistic)(
    'has the probabilities of scikit-learn: C $C, balanced $balanced',
    ({ C, balanced, probabilities }) => {
      const classWeights = balanced ? balancedWeights(labels, 3) : undefined
      const fitted = singleLabel(train, labels, 3, { C, classWeights, ...tight })
      expect(largestGap(fitted.probabilities(held), probabilities.flat())).toBeLessThan(1e-6)
    }
  )

  test('is close at its usual tolerance too', () => {
    const [{ C, probabilities } = { C: 1, probabilities: [] }] = fixture.logistic
    expect(largestGap(singleLabel(train, labels, 3, { C }).probabilities(held), probabilities.flat())).toBeLessThan(1e-3)
  })

  test('of two classes equals the binary one of scikit-learn, whichever places the classes have', () => {
    const two = labels.map((label) => (label === 1 ? 1 : 0))
    expect(largestGap(singleLabel(train, two, 2, { C: 10, ...tight }).probabilities(held), fixture.binary.flat())).toBeLessThan(
      1e-6
    )
    const apart = singleLabel(
      train,
      two.map((label) => 1 + 2 * label),
      4,
      { C: 10, ...tight }
    ).probabilities(held)
    const spread = fixture.binary.flatMap(([no = 0, yes = 0]) => [0, no, 0, yes])
    expect(largestGap(apart, spread)).toBeLessThan(1e-6)
  })

  test('gives a class alone in training probability one', () => {
    const fitted = singleLabel(train, new Int32Array(labels.length).fill(1), 3, { C: 1 })
    expect(fitted.probabilities(held).subarray(0, 3)).toEqual(Float64Array.of(0, 1, 0))
  })

  test('one-versus-rest equals scikit-learn, a label that all rows carry included', () => {
    const targets = Uint8Array.from(fixture.multi_label.labels.flat())
    const fitted = multiLabel(train, targets, 3, { C: 10, ...tight })
    expect(largestGap(fitted.probabilities(held), fixture.multi_label.probabilities.flat())).toBeLessThan(1e-6)
    const constant = multiLabel(train, new Uint8Array(train.rows), 1, { C: 10 })
    expect(constant.probabilities(held)).toEqual(new Float64Array(held.rows))
  })
})

describe('ridge regression', () => {
  test.each(fixture.ridge)('has the predictions of scikit-learn: alpha $alpha', ({ alpha, predictions }) => {
    const fitted = fitRidge(train, Float64Array.from(fixture.targets), { alpha, tolerance: 1e-13 })
    expect(largestGap(ridgePredictions(fitted, held), predictions)).toBeLessThan(1e-8)
  })
})

describe('the linear probe', () => {
  const { probe } = fixture
  const features = Float32Array.from(probe.train.flat())
  const scaling = fitScaling(features, 6)
  const dense = standardisedDesign(features, scaling)
  const given = standardisedDesign(Float32Array.from(probe.test.flat()), scaling)

  test('has the probabilities and predictions of scikit-learn on standardised features, a constant one included', () => {
    const fitted = singleLabel(dense, labels, 3, { C: probe.C, ...tight })
    expect(largestGap(fitted.probabilities(given), probe.probabilities.flat())).toBeLessThan(1e-6)
    const ridge = fitRidge(dense, Float64Array.from(fixture.targets), { alpha: probe.alpha, tolerance: 1e-13 })
    expect(largestGap(ridgePredictions(ridge, given), probe.predictions)).toBeLessThan(1e-8)
  })
})

describe('baselines with a penalty chosen on validation', () => {
  const parts = { train: fixture.train.slice(0, 40), validation: fixture.train.slice(40), test: fixture.test }
  const split = { train: labels.subarray(0, 40), validation: labels.subarray(40) }
  const names = ['urgent', 'routine', 'soon']

  test('take the penalty that does best there, and repeat exactly', () => {
    const designs = tfIdfDesigns(parts)
    const run = (grid?: number[]) => atOnce(chooseSingleLabel(designs, split, names, grid ? { grid } : {}))
    const chosen = run([1e-6, 10])
    expect(chosen.strength).toBe(10)
    expect(chosen.answers(designs.test)).toHaveLength(fixture.test.length * 3)
    expect(run().answers(designs.test)).toEqual(run().answers(designs.test))
  })

  test('take the usual penalty when there is no validation', () => {
    const designs = tfIdfDesigns({ ...parts, validation: [] })
    expect(
      atOnce(chooseSingleLabel(designs, { train: split.train, validation: new Int32Array() }, names, { grid: [3, 10] })).strength
    ).toBe(3)
  })

  test('serve multi-label and regression tasks, on text and on features', () => {
    const flat = Uint8Array.from(fixture.multi_label.labels.flat())
    const texts = tfIdfDesigns(parts)
    const many = atOnce(chooseMultiLabel(texts, { train: flat.subarray(0, 120), validation: flat.subarray(120) }, names))
    expect(many.answers(texts.test)).toHaveLength(fixture.test.length * 3)
    expect(many.thresholds).toHaveLength(3)
    const features = Float32Array.from(fixture.probe.train.flat())
    const designs = probeDesigns({ train: features.subarray(0, 240), validation: features.subarray(240) }, 6)
    const targets = Float64Array.from(fixture.targets)
    const ridge = atOnce(chooseRidge(designs, { train: targets.subarray(0, 40), validation: targets.subarray(40) }))
    expect(ridge.answers(designs.of(features.subarray(0, 12)))).toHaveLength(2)
    const error = (values: Float64Array) => mean(values.map((value, i) => Math.abs(value - (targets[40 + i] ?? 0))))
    expect(error(ridge.validation)).toBeLessThan(error(new Float64Array(20).fill(mean(targets.subarray(0, 40)))))
  })
})

describe('baselines that never read the text', () => {
  test('know the training shares, the mean and the median', () => {
    expect(classPrior(Int32Array.of(0, 2, 2, 0), 4)).toEqual(Float64Array.of(0.5, 0, 0.5, 0))
    expect(labelPrior(Uint8Array.of(1, 0, 1, 1), 2)).toEqual(Float64Array.of(1, 0.5))
    expect(repeatRow(Float64Array.of(0.25, 0.75), 2)).toEqual(Float64Array.of(0.25, 0.75, 0.25, 0.75))
    expect(mean(Float64Array.of(1, 2, 6))).toBe(3)
    expect(median(Float64Array.of(6, 1, 2))).toBe(2)
    expect(median(Float64Array.of(6, 1, 2, 4))).toBe(3)
  })
})
