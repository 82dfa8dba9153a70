import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { noDecision, type FixedAlarm, type FixedDecision } from '../../../../src/main/report/fixed-decision.ts'
import { TruthTable } from '../../../../src/main/worker/truth-table.ts'

let output: string
beforeAll(async () => void (output = await mkdtemp(join(tmpdir(), 'attune-truth-'))))
afterAll(() => rm(output, { recursive: true, force: true }))

const facts = (problem: string) => ({
  classNames: ['a', 'b', 'c'],
  calibration: { temperatures: [1], thresholds: problem.startsWith('multi') ? [0.5, 0.5, 0.5] : null },
  shift: 0,
  scale: 1,
  problem,
  base: { weights: '', configuration: '', tokenizer: '' },
  splitHash: 's'
})
const fixed = (className: string, threshold: number): FixedAlarm => ({
  className,
  threshold,
  goal: '',
  fixedAt: '',
  test: { rows: 0, positives: 0, alarms: 0, hits: 0 }
})
const answer = (label: string | string[], ...values: number[]) => ({
  label,
  logits: [],
  probabilities: { a: values[0] ?? 0, b: values[1] ?? 0, c: values[2] ?? 0 }
})

async function measure(problem: string, rows: readonly (readonly [string, ...number[]])[], decision: FixedDecision) {
  const table = new TruthTable(facts(problem), ';')
  for (const [truth, ...values] of rows) table.add(truth, answer('', ...values))
  const model = { decision, config: { output, training: { bootstrap_resamples: 50 } }, settings: { seed: 1 } }
  const found = await table.measure(model, model.config.output, 'content')
  if (found === null) throw new Error('There are rows.')
  return { ...found, valueOf: (id: string) => found.metrics.find((metric) => metric.id === id)?.measured.value }
}

// Most probable: a b a c, of which three are right; b from 0.35 on: a b b c, and all are.
const ROWS = [
  ['a', 0.6, 0.3, 0.1],
  ['b', 0.2, 0.7, 0.1],
  ['b', 0.5, 0.4, 0.1],
  ['c', 0.1, 0.1, 0.8],
  ['', 0.1, 0.1, 0.8]
] as const

test('measures the most probable class where nothing was fixed', async () => {
  const found = await measure('single_label_classification', ROWS, noDecision)
  expect([found.rows, found.left, found.valueOf('accuracy'), found.alarms, found.person]).toEqual([4, 1, 0.75, [], null])
})

test('measures what a fixed threshold says, and what goes without a person', async () => {
  const decision = { ...noDecision, alarm: fixed('b', 0.35), person: { below: 0.65, fixedAt: '' } }
  const found = await measure('single_label_classification', ROWS, decision)
  expect(found.valueOf('accuracy')).toBe(1)
  expect(found.valueOf('macro_f1')).toBe(1)
  expect(found.alarms).toEqual([{ className: 'b', threshold: 0.35, positives: 2, alarms: 2, hits: 2 }])
  // Sureness .6 .7 .5 .8: two answers are at least .65 sure, and both are right.
  expect(found.person).toMatchObject({ below: 0.65, kept: 2, right: { value: 1 } })
})

test('measures several classes by the threshold of each', async () => {
  const rows = [
    ['a; b', 0.9, 0.4, 0.1],
    ['b', 0.2, 0.3, 0.1],
    ['', 0.9, 0.9, 0.9],
    ['c', 0.3, 0.1, 0.6]
  ] as const
  // Said without a fixed threshold: a, nothing, c: one of three rows wholly right. With b from 0.3 on: a and b, b, c.
  const before = await measure('multi_label_classification', rows, noDecision)
  expect(before.valueOf('subset_accuracy')).toBeCloseTo(1 / 3, 12)
  const after = await measure('multi_label_classification', rows, { ...noDecision, labels: [fixed('b', 0.3)] })
  expect(after.valueOf('subset_accuracy')).toBe(1)
  expect(after.alarms).toEqual([{ className: 'b', threshold: 0.3, positives: 2, alarms: 2, hits: 2 }])
})
