import { describe, expect, test } from 'vitest'
import { parseAnswers } from '../../../../../src/main/data/questions/parse-answers.ts'
import { parseSpans } from '../../../../../src/main/data/spans/span.ts'
import type { StoredAnswers, StoredQuestion } from '../../../../../src/main/report/stored-answers.ts'
import { correctedAnswers } from '../../../../../src/main/results/questions/corrected-answers.ts'
import { errorsOf, filteredErrors, keyedQuestions, noneCountsOf } from '../../../../../src/main/results/questions/errors.ts'
import { questionsIn } from '../../../../../src/main/data/questions/recorded-questions.ts'
import { questionMetrics } from '../../../../../src/main/results/questions/groups.ts'
import { drawnMarks, keyOf, readAgain, shownError } from '../../../../../src/main/results/questions/shown.ts'

const text = '𝒜 fee of 5 euros. 𝒜 fee of 5 euros, under the laws of Norway.'
const fee = { start: 9, end: 16 }
const again = { start: 27, end: 34 }
const law = { start: 46, end: 60 }

function asked(line: number, question: string, rest: Partial<StoredQuestion>): StoredQuestion {
  const words = `What is the ${question}?`
  const keys = { key: keyOf(`${text.length} ${text} ${words}`), document: keyOf(text) }
  return { line, question, ...keys, truth: [], said: null, score: 0.5, exact: 0, f1: 0, ...rest }
}

const stored: StoredAnswers = {
  format: 'attune-answers-1',
  part: 'test',
  classNames: ['FEE', 'LAW'],
  splitHash: 'x',
  groups: [0, 0, 1, 1, 2, 2],
  questions: [
    asked(1, 'FEE', { truth: [fee, again], said: again, score: 0.9, exact: 1, f1: 1 }),
    asked(1, 'LAW', { truth: [law], said: fee, score: 0.7 }),
    asked(2, 'FEE', { truth: [fee], said: { start: 9, end: 10 }, score: 0.8, f1: 2 / 3 }),
    asked(2, 'LAW', { truth: [law] }),
    asked(3, 'FEE', { said: fee, score: 0.6 }),
    asked(3, 'LAW', { exact: 1, f1: 1 })
  ]
}
const errors = errorsOf(keyedQuestions(stored))

describe('errors of a run that answers questions', () => {
  test('are named by what is wrong, the surest first, what was missed last', () => {
    expect(errors.map(({ key, error }) => [key, error])).toEqual([
      ['2|FEE', 'partly'],
      ['1|LAW', 'wrong'],
      ['3|FEE', 'invented'],
      ['2|LAW', 'missed']
    ])
  })

  test('are filtered by kind, by question, and by verdicts', () => {
    const keys = (only: Parameters<typeof filteredErrors>[1]['only'], name: string | null): string[] =>
      filteredErrors(errors, { only, name }, new Map([['2|LAW', 'unclear']])).map(({ key }) => key)
    expect(keys('all', 'LAW')).toEqual(['1|LAW', '2|LAW'])
    expect(keys('wrong', null)).toEqual(['1|LAW'])
    expect(keys('invented', 'LAW')).toEqual([])
    expect(keys('judged', null)).toEqual(['2|LAW'])
  })

  test('and what is right are counted by whether there is an answer', () => {
    expect(noneCountsOf(stored)).toEqual({
      answered: { exact: 1, partly: 1, wrong: 1, none: 1 },
      unanswered: { said: 1, none: 1 }
    })
  })

  test('are measured for groups: over all questions, with and without an answer, and each question', () => {
    const values = Object.fromEntries(questionMetrics(stored).map(({ id, values }) => [id, [...values]]))
    expect(values['exact']).toEqual([1, 0, 0, 0, 0, 1])
    expect(values['has']).toEqual([1, 0, 0, 0, NaN, NaN])
    expect(values['none']).toEqual([NaN, NaN, NaN, NaN, 0, 1])
    expect(values['exact:LAW']).toEqual([NaN, 0, NaN, 0, NaN, 1])
    const everAnswered = { ...stored, questions: stored.questions.slice(0, 4), classNames: [] }
    expect(questionMetrics(everAnswered).map(({ id }) => id)).toEqual(['exact', 'f1', 'has'])
  })

  test('are shown in UTF-16 units, with the question as it was asked', () => {
    const read = readAgain(errors[1]!.asked, text, ['Which law?', 'What is the LAW?'])
    expect(read).toEqual({ text, words: 'What is the LAW?' })
    const shown = shownError(errors[1]!, read, null)
    expect(shown).toMatchObject({
      name: 'LAW',
      error: 'wrong',
      truth: [{ text: 'laws of Norway' }],
      said: { start: 10, end: 17, text: '5 euros' }
    })
    expect(text.slice(shown.truth[0]?.start, shown.truth[0]?.end)).toBe('laws of Norway')
  })

  test('keep their places and lose their words where the data are others by now', () => {
    expect(readAgain(errors[1]!.asked, `${text} Amended.`, ['What is the LAW?'])).toBeNull()
    expect(readAgain(errors[1]!.asked, text, ['Which law?'])).toEqual({ text, words: '' })
    expect(shownError(errors[1]!, null, 'unclear')).toMatchObject({ words: '', said: { ...fee, text: '' }, verdict: 'unclear' })
  })

  test('stand in their documents: what is right, what was said, and where both are the same', () => {
    const states = (question: StoredQuestion) => drawnMarks(text, question).map(({ start, state }) => [start, state])
    expect(states(stored.questions[0]!)).toEqual([
      [10, 'true'],
      [29, 'right']
    ])
    expect(states(stored.questions[1]!)).toEqual([
      [10, 'found'],
      [48, 'true']
    ])
    expect(states(stored.questions[5]!)).toEqual([])
  })
})

describe('answers that people call wrong', () => {
  const place = { file: 'a.csv', line: 2, column: 'answers' }
  const said = { ...fee, text: '5 euros' }

  test.each([
    ['lists as SQuAD has them', '{"text":["laws of Norway"],"answer_start":[46]}'],
    ['a list of answers', '[{"text":"laws of Norway","answer_start":46}]'],
    ['an empty list', '[]'],
    ['the words alone', 'laws of Norway'],
    ['marks', '[{"start":46,"end":60,"label":"LAW"}]']
  ])('become what the model said: %s', (_form, cell) => {
    const corrected = correctedAnswers(cell, { name: null, said })
    expect(parseAnswers(text, corrected, place).answers).toEqual([{ start: 10, end: 17 }])
    const none = correctedAnswers(cell, { name: null, said: null })
    expect(parseAnswers(text, none, place).answers).toEqual([])
  })

  test('of a question that is asked of every document leave the marks of other kinds as they are', () => {
    const cell = JSON.stringify([
      { start: 0, end: 1, label: 'SIGN', by: 'anna' },
      { start: 27, end: 34, label: 'FEE' },
      { start: 46, end: 60, label: 'LAW' }
    ])
    const corrected = correctedAnswers(cell, { name: 'FEE', said })
    expect(parseSpans(text, corrected, place).map(({ label }) => label)).toEqual(['SIGN', 'FEE', 'LAW'])
    expect(JSON.parse(corrected)).toContainEqual({ start: 0, end: 1, label: 'SIGN', by: 'anna' })
    expect(JSON.parse(correctedAnswers(corrected, { name: 'FEE', said: null }))).toHaveLength(2)
    expect(() => correctedAnswers('urgent', { name: 'FEE', said })).toThrow('no answer column')
  })
})

test('the fixed questions of a run are read from its record, in every wording', () => {
  const recorded = { config: { data: { questions: { FEE: 'What is owed?', LAW: ['Which law?', 'Where?'] } } } }
  expect([...questionsIn(recorded)]).toEqual([
    ['FEE', ['What is owed?']],
    ['LAW', ['Which law?', 'Where?']]
  ])
  expect(questionsIn({ config: { data: { question: 'q', questions: null } } }).size).toBe(0)
  expect(questionsIn(null).size).toBe(0)
})
