import { readFileSync } from 'node:fs'
import { NumberLists } from '../../../../../src/main/engine/text/number-lists.ts'
import { sequencesAtHand } from '../../../../../src/main/engine/training/sequences.ts'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Examples } from '../../../../../src/main/engine/training/examples.ts'
import { answerBy, answerSurprise, findAnswers } from '../../../../../src/main/engine/training/find-answers.ts'

interface Case {
  readonly context: string
  readonly n_best: number
  readonly max_answer_length: number
  readonly said: string
  readonly always: string
  readonly gap: number
  readonly best: readonly { readonly text: string; readonly probability: number }[]
  readonly windows: readonly {
    readonly offsets: readonly (readonly [number, number] | null)[]
    readonly scores: readonly (readonly [number, number])[]
  }[]
}

// Written by scripts/reference/question_answering.py: postprocess_qa_predictions of transformers' examples.
const path = join(import.meta.dirname, '../../../../fixtures/questions/postprocess.json')
const { cases } = JSON.parse(readFileSync(path, 'utf8')) as { cases: readonly Case[] } // Our own fixture.

/** One row with these windows, and the scores of its tokens. */
function asked({ windows }: Pick<Case, 'windows'>): { examples: Examples; logits: Float32Array } {
  const lengths = Int32Array.from(windows, ({ offsets }) => offsets.length)
  const starts = windows.map((_, i) => lengths.subarray(0, i).reduce((sum, length) => sum + length, 0))
  const ints = (values: readonly number[]): Int32Array => Int32Array.from(values)
  const offsets = windows.flatMap((window) => window.offsets)
  const examples: Examples = {
    sequences: sequencesAtHand(windows.map(({ offsets: own }) => ({ ids: new Int32Array(own.length), typeIds: null }))),
    rowOf: new Int32Array(windows.length),
    share: new Float64Array(windows.length).fill(1),
    lengths,
    rows: Int32Array.of(0),
    truncatedRows: 0,
    truncatedTokens: 0,
    tagged: {
      places: NumberLists.of(windows.map(({ offsets: own }) => ints([...own.keys()]))),
      units: NumberLists.of(windows.map(({ offsets: own }, i) => ints([...own.keys()].map((place) => place + (starts[i] ?? 0))))),
      starts: ints([0, offsets.length]),
      from: ints(offsets.map((span) => span?.[0] ?? -1)),
      to: ints(offsets.map((span) => span?.[1] ?? -1)),
      tags: new Int32Array(offsets.length),
      classes: 2
    },
    answers: { first: ints(windows.map(() => 1)), last: ints(windows.map(() => 2)) }
  }
  return { examples, logits: Float32Array.from(windows.flatMap(({ scores }) => scores.flat())) }
}

describe('answers from scores', () => {
  it.each(cases.map((one, number) => ({ number, one })))('equal transformers in case $number', ({ one }) => {
    const { examples, logits } = asked(one)
    const reading = { nBest: one.n_best, maxAnswerLength: one.max_answer_length }
    const [read] = findAnswers(examples, logits, reading)
    if (!read) throw new Error('one row gives one answer')
    const words = (found: { start: number; end: number } | null): string =>
      found ? one.context.slice(found.start, found.end) : ''

    // transformers says "empty" where no pair of the highest places makes an answer.
    const hasAnswer = one.best.some(({ text }) => text !== '' && text !== 'empty')
    expect(read.best.length > 0).toBe(hasAnswer)
    if (!hasAnswer) {
      expect(answerBy(read, 0)).toEqual({ said: null, score: read.noneScore })
      return
    }
    expect(words(answerBy(read, 0).said)).toBe(one.said)
    expect(words(answerBy(read, null).said)).toBe(one.always)
    expect(read.noneGap).toBeCloseTo(one.gap, 4)
    const answers = one.best.filter(({ text }) => text !== '')
    expect(read.best.map(words)).toEqual(answers.map(({ text }) => text))
    for (const [i, { probability }] of answers.entries()) expect(read.best[i]?.score).toBeCloseTo(probability, 5)
    expect(read.noneScore).toBeCloseTo(one.best.find(({ text }) => text === '')?.probability ?? Number.NaN, 5)
  })

  it('surprise as the loss that is trained: the mean of both sides and all windows', () => {
    const windows = [
      {
        offsets: [null, [0, 1], [1, 2]] as const,
        scores: [
          [0, 0],
          [Math.log(2), 0],
          [0, 0]
        ] as const
      }
    ]
    const { examples, logits } = asked({ windows })
    // First: 2 of 4; last: 1 of 3.
    expect(answerSurprise(examples, logits)).toBeCloseTo((Math.log(2) + Math.log(3)) / 2, 6)
  })

  it('knows no answer where the text has no token', () => {
    const windows = [{ offsets: [null, null], scores: [[0, 0] as const, [5, 5] as const] }]
    const { examples, logits } = asked({ windows })
    const [read] = findAnswers(examples, logits, { nBest: 20, maxAnswerLength: 30 })
    expect(read).toEqual({ best: [], noneGap: Infinity, noneScore: 1 })
    expect(read && answerBy(read, null)).toEqual({ said: null, score: 1 })
  })
})
