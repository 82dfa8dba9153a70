import { mkdtemp, rm, mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RunId } from '../../../../src/preload/contract/common.ts'
import { afterSection } from '../../../../src/main/report/after-test.ts'
import { noDecision, readDecision } from '../../../../src/main/report/fixed-decision.ts'
import { evaluationInputOf, type PredictedPart, type StoredPredictions } from '../../../../src/main/report/predictions.ts'
import { testLooks } from '../../../../src/main/report/test-looks.ts'
import { afterTestOf } from '../../../../src/main/results/after-test.ts'
import { Deciding } from '../../../../src/main/results/deciding.ts'
import { classFor, pointsForEvery, testOfAlarm, thresholdsOf } from '../../../../src/main/results/thresholds.ts'
import { decided } from '../../../../src/main/worker/decided.ts'
import { answersOf } from '../../../../src/main/worker/read-answers.ts'

/*
 * Five validation rows, two classes. By falling probability of x: .9 (x), .7 (not), .6 (x), .3 (x), .1 (not); of y: .8 (y), .5 (not), .4 (y), .2, .1.
 * A threshold lies midway between neighbours.
 */
const validation: StoredPredictions = {
  format: 'attune-predictions-1',
  part: 'validation',
  kind: 'multi-label',
  classNames: ['x', 'y'],
  splitHash: 'split',
  lines: [2, 3, 4, 5, 6],
  keys: ['1', '2', '3', '4', '5'],
  groups: null,
  truth: [1, 1, 0, 0, 1, 1, 1, 0, 0, 0],
  answers: [0.9, 0.8, 0.7, 0.5, 0.6, 0.4, 0.3, 0.2, 0.1, 0.1],
  thresholds: [0.5, 0.65]
}
const onTest: StoredPredictions = {
  ...validation,
  part: 'test',
  lines: [7, 8, 9],
  keys: ['6', '7', '8'],
  truth: [1, 0, 0, 1, 1, 1],
  answers: [0.25, 0.1, 0.21, 0.31, 0.8, 0.2]
}

describe('a threshold of each class, where a text may have several', () => {
  test('is offered for F1, a wanted share found and a wanted share right, counted on validation', () => {
    const { choices, positives, without, labels, person } = thresholdsOf(validation, 'x', noDecision, 1)
    const at = (id: string) => choices.find((choice) => choice.id === id)?.point
    expect(positives).toBe(3)
    // F1 = 2·hits / (alarms + 3): 2/4, 2/5, 4/6, 6/7, 6/8.
    expect(at('balance')).toMatchObject({ alarms: 4, hits: 3 })
    expect(at('balance')?.threshold).toBeCloseTo(0.2, 12)
    // Every x is found with four called out; all that are called out are right with one only.
    expect(at('miss-none')).toMatchObject({ alarms: 4, hits: 3 })
    expect(at('right-90')).toMatchObject({ alarms: 1, hits: 1 })
    expect(at('right-90')?.threshold).toBeCloseTo(0.8, 12)
    expect(at('right-90')?.precision?.value).toBe(1)
    // Training's own threshold of 0.5 calls out three, two of them right.
    expect(without).toMatchObject({ threshold: 0.5, alarms: 3, hits: 2 })
    expect(labels?.map(({ className, point, goal }) => [className, point.threshold, point.alarms, point.hits, goal])).toEqual([
      ['x', 0.5, 3, 2, null],
      ['y', 0.65, 1, 1, null]
    ])
    expect(person).toBeNull()
  })

  test('is about the rarest class where nobody asked for one', () => {
    expect(classFor(validation, null, null)).toBe('y')
  })

  test('means another probability for each class, none where no probability gives it', () => {
    expect(pointsForEvery(validation, 'miss-none').map(({ className, threshold }) => [className, threshold])).toEqual([
      ['x', expect.closeTo(0.2, 12)],
      ['y', expect.closeTo(0.3, 12)]
    ])
    const withoutY = { ...validation, truth: validation.truth.map((each, i) => (i % 2 === 1 ? 0 : each)) }
    expect(pointsForEvery(withoutY, 'miss-none').map(({ className }) => className)).toEqual(['x'])
    expect(pointsForEvery(validation, 'no such choice')).toEqual([])
  })

  test('is counted on the test as it will be used', () => {
    // x in rows 1 and 3, called out in all three; y in rows 2 and 3, called out in row 2.
    expect(testOfAlarm(onTest, 'x', 0.2)).toEqual({ rows: 3, positives: 2, alarms: 3, hits: 2 })
    expect(testOfAlarm(onTest, 'y', 0.3)).toEqual({ rows: 3, positives: 2, alarms: 1, hits: 1 })
  })
})

describe('fixing thresholds of several classes', () => {
  let folder: string
  const id = 'r-1' as RunId // A name for the test.
  let deciding: Deciding
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'attune-labels-'))
    const run = join(folder, 'run')
    await mkdir(run)
    const stored = {
      run: () => ({ folder: run, must_not_miss: null }),
      forThresholds: (_: string, part: PredictedPart) => Promise.resolve(part === 'test' ? onTest : validation),
      testLooks: () => testLooks(folder, 'split')
    }
    deciding = new Deciding({
      // The part of stored results that deciding asks for.
      stored: stored as unknown as ConstructorParameters<typeof Deciding>[0]['stored'],
      change: (_, work) => work({ folder: run } as Parameters<typeof work>[0]), // As above.
      now: () => '2026-11-25T10:00:00Z'
    })
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  test('looks at the test once for all of them together, and once more for each that is fixed alone', async () => {
    const every = await deciding.fixEvery({ id, className: 'x', choice: 'miss-none' })
    expect(every).toMatchObject({ testLooks: 1, className: 'x', fixed: { goal: 'Miss none', test: { rows: 3, positives: 2 } } })
    expect(every.labels?.map(({ point }) => [point.alarms, point.hits])).toEqual([
      [4, 3],
      [3, 2]
    ])
    const alone = await deciding.fixThreshold({ id, className: 'y', threshold: 0.65, goal: 'By hand' })
    expect(alone).toMatchObject({
      testLooks: 2,
      fixed: { className: 'y', threshold: 0.65, test: { point: { alarms: 0, hits: 0 } } }
    })
    const { labels, alarm } = await readDecision(join(folder, 'run'))
    expect(alarm).toBeNull()
    expect(labels.map(({ className, goal }) => [className, goal])).toEqual([
      ['x', 'Miss none'],
      ['y', 'By hand']
    ])
  })

  test('is what predict and Use say, what evaluate judges, and what the report tells', async () => {
    const decision = await readDecision(join(folder, 'run'))
    const facts = {
      classNames: ['x', 'y'],
      calibration: { temperatures: [1, 1], thresholds: [0.5, 0.65] },
      shift: 0,
      scale: 1,
      problem: 'multi_label_classification',
      base: { weights: '', configuration: '', tokenizer: '' },
      splitHash: 'split'
    }
    const logits = Float32Array.from([0.3, 0.6, 0.1, 0.7].map((p) => Math.log(p / (1 - p))))
    expect(answersOf({ facts, decision: noDecision }, logits).map(({ label }) => label)).toEqual([[], ['y']])
    expect(answersOf({ facts, decision }, logits).map(({ label }) => label)).toEqual([['x'], ['y']])
    expect(decided(evaluationInputOf(onTest), decision)).toMatchObject({ thresholds: Float64Array.of(0.2 + 0, 0.65) })
    const verdicts = { labelWrong: 0, modelWrong: 0, unclear: 0, waiting: 0, dataset: null, changedAfter: 0, changedBefore: 0 }
    const section = afterSection(afterTestOf(decision, verdicts, 2))
    expect(section?.blocks).toEqual([
      {
        kind: 'list',
        items: [
          "'x' is called out from 0.20 on (Miss none): on the test that found 2 of 2, and 2 of 3 alarms were right.",
          "'y' is called out from 0.65 on (By hand): on the test that found 0 of 2, and 0 of 0 alarms were right.",
          'The test rows have been consulted 2 times.'
        ]
      }
    ])
  })

  test('goes back class by class to what training found, and the looks stay', async () => {
    const dropped = await deciding.dropThreshold({ id, className: 'x' })
    expect(dropped).toMatchObject({ fixed: null, testLooks: 2 })
    expect(dropped.labels?.map(({ point }) => point.threshold)).toEqual([0.5, 0.65])
  })

  test('refuses a choice that means nothing for any class, and looks at nothing', async () => {
    await expect(deciding.fixEvery({ id, className: 'x', choice: 'nothing' })).rejects.toThrow('does not know that class')
    expect(await testLooks(folder, 'split')).toBe(2)
  })

  test('reads a decision that was made before classes could have thresholds of their own', async () => {
    const place = join(folder, 'older')
    await mkdir(place)
    await writeFile(join(place, 'decision.json'), '{"format":"attune-decision-1","alarm":null,"person":null}')
    expect(await readDecision(place)).toEqual(noDecision)
  })
})
