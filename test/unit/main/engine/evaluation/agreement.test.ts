import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Mark } from '../../../../../src/main/base/mark.ts'
import { classAgreement, passageAgreement } from '../../../../../src/main/engine/evaluation/index.ts'

/** Made by scripts/reference/agreement.py with scikit-learn, seqeval and nervaluate. */
const reference = JSON.parse(readFileSync(join(import.meta.dirname, '../../../../fixtures/agreement.json'), 'utf8')) as {
  readonly kappa: readonly { classes: number; first: number[]; second: number[]; kappa: number }[]
  readonly spans: readonly { first: Mark[][]; second: Mark[][]; strict: number; overlap: number }[]
}
const options = { seed: 7, resamples: 200 }
const types = ['DATE', 'DOSE', 'NAME']

describe('agreement on classes', () => {
  test.each(reference.kappa)('is the kappa of scikit-learn: $kappa', ({ classes, first, second, kappa }) => {
    const found = classAgreement({ first: Int32Array.from(first), second: Int32Array.from(second), count: classes }, options)
    expect(found.kappa?.value).toBeCloseTo(kappa, 12)
    const same = first.filter((one, row) => one === second[row]).length
    expect(found.same?.value).toBeCloseTo(same / first.length, 12)
    expect(found.kappa!.low).toBeLessThanOrEqual(found.kappa!.value)
    expect(found.kappa!.high).toBeGreaterThanOrEqual(found.kappa!.value)
  })

  test('is not defined where both say one class throughout', () => {
    const one = new Int32Array(5)
    expect(classAgreement({ first: one, second: one, count: 2 }, options)).toMatchObject({ kappa: null, same: { value: 1 } })
  })
})

describe('agreement on passages', () => {
  test.each(reference.spans)('is that of seqeval and nervaluate: $strict, $overlap', ({ first, second, strict, overlap }) => {
    const found = passageAgreement({ types, truth: first, said: second }, options)
    expect(found.strict?.value).toBeCloseTo(strict, 12)
    expect(found.overlap?.value).toBeCloseTo(overlap, 12)
    const turned = passageAgreement({ types, truth: second, said: first }, options)
    expect(turned.strict?.value).toBeCloseTo(strict, 12)
    expect(turned.kinds.map((kind) => [kind.second, kind.first, kind.both])).toEqual(
      found.kinds.map((kind) => [kind.first, kind.second, kind.both])
    )
  })

  test('says nothing where neither marked anything', () => {
    expect(passageAgreement({ types, truth: [[]], said: [[]] }, options)).toEqual({ strict: null, overlap: null, kinds: [] })
  })
})
