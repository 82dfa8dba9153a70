import { describe, expect, test } from 'vitest'
import { Random } from '../../../../../src/main/base/random.ts'
import { PER_CLASS_KEYS } from '../../../../../src/main/engine/evaluation/averages.ts'
import { measureOnce } from '../../../../../src/main/engine/evaluation/intervals.ts'
import {
  MULTI_LABEL_KEYS,
  multiLabelMeasure,
  multiLabelMetrics,
  perLabelIndex
} from '../../../../../src/main/engine/evaluation/multi-label.ts'
import type { MultiLabelData } from '../../../../../src/main/engine/evaluation/multi-label.ts'
import cases from '../../../../fixtures/metrics/multi-label.json' with { type: 'json' }
import { expectNumbers } from './fixtures.ts'

type Case = Pick<(typeof cases)[number], 'labels' | 'probabilities' | 'thresholds'>

function dataOf({ labels, probabilities, thresholds }: Case): MultiLabelData {
  const labelNames = thresholds.map((_, l) => `label ${l}`)
  return {
    labels: Uint8Array.from(labels.flat()),
    probabilities: Float64Array.from(probabilities.flat()),
    thresholds: Float64Array.from(thresholds),
    labelNames
  }
}

describe('multi-label metrics', () => {
  test.each(cases.map((each) => [each.name, each] as const))('equal scikit-learn: %s', (_, each) => {
    const data = dataOf(each)
    expect(Object.keys(each.expected).sort()).toEqual([...MULTI_LABEL_KEYS].sort())
    expectNumbers(multiLabelMetrics(data), each.expected)
    const values = measureOnce(multiLabelMeasure(data))
    each.per_class.forEach(({ precision, recall, f1, specificity, auroc, auprc }, l) => {
      const own = Object.fromEntries(PER_CLASS_KEYS.map((key) => [key, values[perLabelIndex(l, key)] ?? Infinity]))
      expectNumbers(own, { precision, recall, f1, specificity, auroc, auprc })
    })
  })

  test('count a row with weight w as w copies of the row', () => {
    const random = new Random(3, 'weights')
    for (const each of cases) {
      const weights = Int32Array.from(each.labels, () => random.below(4))
      const copies = [...weights].flatMap((weight, row) => new Array<number>(weight).fill(row))
      const pick = (rows: number[][]): number[][] => copies.map((row) => rows[row] ?? [])
      const measure = multiLabelMeasure(dataOf(each))
      const weighted = new Float64Array(measure.size)
      measure.measure(weights, weighted)
      const copied = measureOnce(
        multiLabelMeasure(
          dataOf({ labels: pick(each.labels), probabilities: pick(each.probabilities), thresholds: each.thresholds })
        )
      )
      expectNumbers(
        Object.fromEntries(weighted.entries()),
        JSON.parse(JSON.stringify(Object.fromEntries(copied.entries()))),
        1e-12
      )
    }
  })
})
