import { mkdtemp, rm, writeFile, readFile, mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  alarmOf,
  noDecision,
  readDecision,
  writeDecision,
  type FixedDecision
} from '../../../../src/main/report/fixed-decision.ts'
import type { StoredPredictions } from '../../../../src/main/report/predictions.ts'
import { countTestLook, testLooks } from '../../../../src/main/report/test-looks.ts'
import { classFor, testOfAlarm, thresholdsOf } from '../../../../src/main/results/thresholds.ts'
import { answersOf } from '../../../../src/main/worker/read-answers.ts'

const stored: StoredPredictions = {
  format: 'attune-predictions-1',
  part: 'validation',
  kind: 'single-label',
  classNames: ['a', 'b', 'c'],
  splitHash: 's',
  lines: [1, 2, 3, 4],
  keys: ['1', '2', '3', '4'],
  groups: null,
  truth: [0, 1, 1, 2],
  answers: [0.6, 0.3, 0.1, 0.2, 0.7, 0.1, 0.5, 0.4, 0.1, 0.1, 0.1, 0.8],
  thresholds: null
}
const decision: FixedDecision = {
  format: 'attune-decision-1',
  alarm: {
    className: 'b',
    threshold: 0.35,
    goal: 'Miss none',
    fixedAt: '2026-11-25T10:00:00Z',
    test: { rows: 4, positives: 2, alarms: 2, hits: 2 }
  },
  person: { below: 0.65, fixedAt: '2026-11-25T10:00:00Z' },
  labels: []
}

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-decision-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('the Threshold tab', () => {
  test('is about the class asked for, else the one that must not be missed, else the rarest', () => {
    expect(classFor(stored, 'a', 'b')).toBe('a')
    expect(classFor(stored, null, 'b')).toBe('b')
    expect(classFor(stored, null, 'not there')).toBe('a')
  })

  test('counts on validation what each choice comes to', () => {
    const shown = thresholdsOf(stored, 'b', noDecision, 3)
    expect(shown).toMatchObject({ rows: 4, positives: 2, testLooks: 3, fixed: null })
    expect(shown.choices.find(({ id }) => id === 'miss-none')?.point).toMatchObject({ alarms: 2, hits: 2, threshold: 0.35 })
    // The most probable class finds one of the two.
    expect(shown.without).toMatchObject({ alarms: 1, hits: 1 })
    expect(shown.without.recall?.value).toBe(0.5)
    expect(shown.without.recall?.low).toBeGreaterThan(0)
  })

  test('counts who needs a person by the answers that a fixed threshold gives', () => {
    // Sureness .6 .7 .5 .8: without a threshold row 3 is wrong, with it every row is right.
    expect(thresholdsOf(stored, 'b', noDecision, 1).person?.curve[0]).toMatchObject({
      kept: 4,
      coverage: 1,
      accuracy: { value: 0.75 }
    })
    const { person, fixed } = thresholdsOf(stored, 'b', decision, 1)
    expect(person?.curve[0]?.accuracy?.value).toBe(1)
    expect(person?.fixed).toMatchObject({ below: 0.65, kept: 2 })
    expect(fixed?.test.point.recall?.value).toBe(1)
  })

  test('counts a threshold on the test as it will be used: from it on', () => {
    expect(testOfAlarm(stored, 'b', 0.4)).toEqual({ rows: 4, positives: 2, alarms: 2, hits: 2 })
    expect(testOfAlarm(stored, 'b', 0.41)).toEqual({ rows: 4, positives: 2, alarms: 1, hits: 1 })
  })

  test('thins a long curve and keeps the points that are offered', () => {
    const rows = Array.from({ length: 3000 }, (_, i) => i)
    const answers = rows.flatMap((i) => [i / 3000, 1 - i / 3000, 0])
    const long = { ...stored, lines: rows, keys: rows.map(String), truth: rows.map((i) => (i % 3 === 0 ? 0 : 1)), answers }
    const { curve, choices } = thresholdsOf(long, 'a', noDecision, 1)
    expect(curve.length).toBeLessThan(220)
    for (const { point } of choices) expect(curve).toContainEqual(point)
  })
})

describe('a fixed decision', () => {
  test('is kept in the run’s folder, and leaves no file when nothing is fixed', async () => {
    expect(await readDecision(folder)).toEqual(noDecision)
    await writeDecision(folder, decision)
    expect(await readDecision(folder)).toEqual(decision)
    await writeDecision(folder, noDecision)
    await expect(readFile(join(folder, 'decision.json'))).rejects.toThrow('ENOENT')
  })

  test('is refused where the file is damaged, so that answers do not change in silence', async () => {
    const place = join(folder, 'damaged')
    await mkdir(place)
    await writeFile(join(place, 'decision.json'), '{"format":"attune-decision-1","alarm":{"className":"b"}}')
    await expect(readDecision(place)).rejects.toThrow(/The fixed threshold of this run cannot be read/)
  })

  test('decides what predict and Use answer, and what needs a person', () => {
    const facts = {
      classNames: ['a', 'b', 'c'],
      calibration: { temperatures: [1], thresholds: null },
      shift: 0,
      scale: 1,
      problem: 'single_label_classification',
      base: { weights: '', configuration: '', tokenizer: '' },
      splitHash: 's'
    }
    const logits = Float32Array.from([0.5, 0.4, 0.1, 0.1, 0.1, 0.8].map(Math.log))
    const [unsure, sure] = answersOf({ facts, decision }, logits)
    expect(unsure).toMatchObject({ label: 'b', needs_person: true })
    expect(sure).toMatchObject({ label: 'c', needs_person: false })
    expect(answersOf({ facts, decision: noDecision }, logits)[0]).not.toHaveProperty('needs_person')
    expect(answersOf({ facts, decision: noDecision }, logits)[0]?.label).toBe('a')
    expect(alarmOf(decision, ['x', 'y'])).toBeNull()
  })

  test('counts looks at one test set over all runs of a folder', async () => {
    expect(await testLooks(folder, 'h')).toBe(0)
    await countTestLook(folder, 'h')
    await countTestLook(folder, 'h')
    await countTestLook(folder, 'other')
    expect(await testLooks(folder, 'h')).toBe(2)
  })
})
