import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  answerF1,
  answerMetrics,
  bestThreshold,
  exactMatch,
  normaliseAnswer,
  scoreAnswer
} from '../../../../../src/main/engine/evaluation/answers.ts'
import { evaluateAnswers, type JudgedAnswer } from '../../../../../src/main/engine/evaluation/answer-results.ts'
import { KnownAnswers, nearestSentence } from '../../../../../src/main/engine/evaluation/index.ts'

interface Fixture {
  readonly pairs: readonly { gold: string; said: string; exact: number; f1: number; normal: string }[]
  readonly sets: readonly {
    readonly questions: readonly { gold: readonly string[]; said: string; gap: number }[]
    readonly best: number
    readonly threshold: number
    readonly numbers: Record<'all' | 'has' | 'none', { exact: number; f1: number; total: number } | undefined>
  }[]
}

// Written by scripts/reference/question_answering.py: SQuAD 2.0's own script, as huggingface/evaluate keeps it.
const path = join(import.meta.dirname, '../../../../fixtures/questions/squad.json')
const { pairs, sets } = JSON.parse(readFileSync(path, 'utf8')) as Fixture // Our own fixture.

describe('answers as SQuAD counts them', () => {
  it('are normalised, matched and measured as its script does', () => {
    for (const { gold, said, exact, f1, normal } of pairs) {
      expect(normaliseAnswer(gold)).toBe(normal)
      expect(exactMatch(gold, said)).toBe(exact)
      expect(answerF1(gold, said)).toBeCloseTo(f1, 12)
    }
  })

  it.each(sets.map((one, number) => ({ number, one })))('come to its numbers in set $number', ({ one }) => {
    const { questions, numbers, threshold, best } = one
    const choices = questions.map(({ gold, said, gap }) => ({
      noneGap: gap,
      said: scoreAnswer(gold, said).f1,
      none: scoreAnswer(gold, '').f1
    }))
    const own = bestThreshold(choices)
    const judged = questions.map(({ gold, said, gap }) => scoreAnswer(gold, gap > own ? '' : said))
    const { answer_f1, exact_match, has_answer_f1, has_answer_exact, no_answer_exact } = answerMetrics(judged)
    // Its script begins at 0, ours below every gap, where answering nothing is best.
    const first = Math.min(...questions.map(({ gap }) => gap))
    if (own >= first) expect(own).toBe(threshold)
    else expect(questions.filter(({ gold }) => gold.length === 0).length).toBeCloseTo((best / 100) * questions.length, 9)
    expect(100 * answer_f1).toBeGreaterThanOrEqual(best - 1e-9)
    if (own < first) return
    const close = (value: number, expected: number | undefined): void => {
      if (expected === undefined) expect(value).toBeNaN()
      else expect(100 * value).toBeCloseTo(expected, 9)
    }
    close(answer_f1, numbers.all?.f1)
    close(exact_match, numbers.all?.exact)
    close(has_answer_f1, numbers.has?.f1)
    close(has_answer_exact, numbers.has?.exact)
    close(no_answer_exact, numbers.none?.exact)
  })

  it('decides questions of one gap alike', () => {
    const choice = (noneGap: number, said: number, none: number) => ({ noneGap, said, none })
    expect(bestThreshold([choice(1, 1, 0), choice(1, 0, 1), choice(1, 0, 1)])).toBeLessThan(1)
    expect(bestThreshold([choice(-2, 1, 0), choice(3, 0, 1)])).toBe(-2)
    expect(bestThreshold([])).toBe(-1)
  })
})

const place = (start: number, end: number) => ({ start, end })
const judgedAs = (truth: string, said: string, score = 0.9): JudgedAnswer => ({
  ...scoreAnswer(truth === '' ? [] : [truth], said),
  truth: truth === '' ? [] : [place(0, truth.length)],
  said: said === '' ? null : place(0, said.length),
  score
})

describe('the result of a test of answers', () => {
  const judged = [
    judgedAs('law of Norway', 'law of Norway'),
    judgedAs('law of Norway', 'Norway'),
    judgedAs('law of Norway', ''),
    judgedAs('', 'Norway', 0.8),
    judgedAs('', ''),
    judgedAs('law', 'term', 0.7)
  ]
  const input = { judged, kinds: Int32Array.of(0, 0, 1, 1, 0, 1), kindCount: 2, kindNames: ['LAW', 'TERM'], threshold: 0.5 }
  const options = { seed: 1, resamples: 200, groups: Int32Array.of(0, 0, 1, 1, 2, 2), documents: 3, rowIds: [2, 3, 4, 5, 6, 7] }

  it('counts kinds of errors, the surest first, and each question', () => {
    const result = evaluateAnswers(input, options)
    expect(result).toMatchObject({
      rows: 6,
      documents: 3,
      answered: 4,
      exact: { answered: 1, none: 1 },
      errors: { partly: 1, missed: 1, invented: 1, wrong: 1 },
      intervals: { unit: 'groups' }
    })
    expect(result.worstErrors.map(({ row, kind }) => [row, kind])).toEqual([
      [3, 'partly'],
      [5, 'invented'],
      [7, 'wrong'],
      [4, 'missed']
    ])
    expect(result.perQuestion.map(({ name, rows, answered, exact }) => [name, rows, answered, exact?.value])).toEqual([
      ['LAW', 3, 2, 2 / 3],
      ['TERM', 3, 2, 0]
    ])
    expect(result.metrics.exact_match?.value).toBeCloseTo(2 / 6, 12)
    expect(result.metrics.no_answer_exact?.value).toBe(0.5)
  })

  it('draws whole documents: with one alone every interval but that of a share is a point', () => {
    const { metrics } = evaluateAnswers(input, { ...options, groups: new Int32Array(6), documents: 1 })
    expect(metrics.answer_f1?.low).toBe(metrics.answer_f1?.high)
    expect(metrics.exact_match?.low).toBeLessThan(metrics.exact_match?.high ?? 0)
  })

  it('sets baselines beside on the same documents', () => {
    const many = Array.from({ length: 60 }, () => judgedAs('law', 'law'))
    const groups = Int32Array.from(many, (_, i) => i)
    const worse = many.map(() => scoreAnswer(['law'], 'term'))
    const all = { judged: many, kinds: null, kindCount: 0, kindNames: [], threshold: null }
    const baselines = [{ id: 'nearest', title: 'Nearest', scores: worse }]
    const { baselines: compared } = evaluateAnswers(all, { ...options, rowIds: [], groups, documents: 60, baselines })
    expect(compared).toMatchObject([{ id: 'nearest', verdict: 'better', tests: [{ method: 'sign-flip' }] }])
    expect(compared[0]?.differences.answer_f1).toEqual({ value: 1, low: 1, high: 1 })
  })
})

describe('what needs no model', () => {
  const text = 'The fee is EUR 5. This lease is governed by the law of Norway.\nIt runs for two years.'

  it('finds the sentence that shares the rarest words with the question', () => {
    const found = nearestSentence(text, 'Which law governs this lease?')
    expect(found && text.slice(found.start, found.end)).toBe('This lease is governed by the law of Norway.')
    expect(nearestSentence(text, 'zebra?')?.score).toBe(0)
    expect(nearestSentence('  ', 'law')).toBeNull()
  })

  it('says the most frequent known answer that stands in the text', () => {
    const known = new KnownAnswers([
      { question: 'Which law?', answer: 'Norway' },
      { question: 'Which law?', answer: 'Kenya' },
      { question: 'which law', answer: 'Kenya' },
      { question: 'Which fee?', answer: 'EUR 5' },
      { question: 'Which fee?', answer: null }
    ])
    const said = (question: string): string | null => {
      const found = known.find(text, question)
      return found && text.slice(found.start, found.end)
    }
    expect(said('Which law?')).toBe('Norway')
    expect(said('Which fee?')).toBe('EUR 5')
    expect(said('Something else?')).toBe('Norway')
    expect(known.find('nothing', 'Which law?')).toBeNull()
  })
})
