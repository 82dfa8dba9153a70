import { describe, expect, test } from 'vitest'
import { TagSet } from '../../../../src/main/engine/tasks/tags.ts'
import { NumberLists } from '../../../../src/main/engine/text/number-lists.ts'
import type { Examples } from '../../../../src/main/engine/training/examples.ts'
import { readTags } from '../../../../src/main/engine/training/read-tags.ts'
import { requireWithin } from '../../../../src/main/worker/compare-answers.ts'
import { compareMarks, findsAsTested, type ReadAnswers } from '../../../../src/main/worker/compare-marks.ts'
import type { MarkedRows } from '../../../../src/main/worker/tested-marks.ts'

const tags = new TagSet(['NAME'], 'BIO')
const reading = { tags, decoding: 'constrained', temperature: 1, learned: null } as const

/** Two documents of two words each, every word four characters and a blank. */
const tagged = {
  places: NumberLists.of([]),
  units: NumberLists.of([]),
  starts: Int32Array.from([0, 2, 4]),
  from: Int32Array.from([0, 5, 0, 5]),
  to: Int32Array.from([4, 9, 4, 9]),
  tags: new Int32Array(4),
  classes: 3
}
const answers = (...logits: readonly (readonly [o: number, b: number, i: number])[]): ReadAnswers => {
  const examples = { tagged } as unknown as Examples // What is read of them.
  return { answered: { logits: Float32Array.from(logits.flat()), examples }, reading }
}

const run = answers([0, 5, 0], [4, 0, 0], [0, 1.0001, 1], [5, 0, 0])
const stored = readTags(tagged, run.answered.logits, reading)
const truth = [[{ start: 0, end: 4, label: 'NAME' }], []]
const rows: MarkedRows = {
  ...{ part: 'test', of: 2, places: [0, 1], texts: [], pairs: null, hash: '', truth },
  losses: () => new Float64Array(2),
  judged: (said) => ({ types: ['NAME'], truth, said })
}
const fp32 = { logits: 1e-4, changed: 0 } as const
const int8 = { rounding: 'int8', lost: 0.02, risen: 0.05 } as const
const compare = (exported: ReadAnswers, tolerance: typeof fp32 | typeof int8 = fp32) =>
  compareMarks({ rows, tolerance, run, exported, stored, groups: null })

describe('passages before and after', () => {
  test('are the same where the logits are', () => {
    const replay = compare(run)
    expect(replay).toMatchObject({ changed_rows: 0, largest_logit_difference: 0, largest_logit: 5 })
    expect(replay.passages).toEqual({ before: 2, after: 2, changed: 0, ties: 0 })
    expect(Object.keys(replay.before)[0]).toBe('micro_f1')
    expect(() => requireWithin(replay)).not.toThrow()
  })

  test('may change where two readings are too close to call, and not elsewhere', () => {
    const tie = compare(answers([0, 5, 0], [4, 0, 0], [1.0002, 1, 1], [5, 0, 0]))
    expect(tie).toMatchObject({ changed_rows: 1, ties: 0, passages: { changed: 1, ties: 0 } })
    expect(() => requireWithin(tie)).toThrow(/1 of 2 passages are found otherwise \(0 allowed\)/)
    const close = answers([0, 5, 0], [4, 0, 0], [0, 1.0001, 1], [5, 0, 0])
    close.answered.logits[6] = 1.0002
    const near = compareMarks({
      ...{ rows, tolerance: fp32, exported: close, stored, groups: null },
      run: answers([0, 5, 0], [4, 0, 0], [1, 1.0001, 1], [5, 0, 0])
    })
    expect(near).toMatchObject({ changed_rows: 1, ties: 1, passages: { before: 2, after: 1, changed: 1, ties: 1 } })
    expect(() => requireWithin(near)).not.toThrow()
  })

  test('are refused where a logit is no number', () => {
    expect(() => requireWithin(compare(answers([0, 5, NaN], [4, 0, 0], [0, 1.0001, 1], [5, 0, 0])))).toThrow(/logits differ/)
  })

  test('are judged by strict micro-F1 where weights are rounded', () => {
    const lost = compare(answers([5, 0, 0], [4, 0, 0], [0, 1.0001, 1], [5, 0, 0]), int8)
    expect(lost.loss).toMatchObject({ metric: 'micro_f1', allowed: 0.02 })
    expect(lost.loss?.lost).toBeCloseTo(2 / 3, 12)
    expect(() => requireWithin(lost)).toThrow('int8 changed 1 of 2 passages and lost 66.7 points of micro-F1 (2 allowed)')
  })
})

describe('a run that is looked at again', () => {
  test('finds as it was tested, but for ties', () => {
    expect(findsAsTested(run, stored)).toBe(true)
    expect(findsAsTested(run, [stored[0] ?? [], []])).toBe(false)
    const tied = answers([0, 5, 0], [4, 0, 0], [1.0001, 1, 1], [5, 0, 0])
    expect(findsAsTested(tied, stored)).toBe(true)
    const surer = stored.map((marks) => marks.map((mark) => ({ ...mark, confidence: mark.confidence - 0.01 })))
    expect(findsAsTested(run, surer)).toBe(false)
  })
})
