import { describe, expect, test } from 'vitest'
import type { DatasetSummary, Roles } from '../../src/preload/contract/data.ts'
import type { RunSummary } from '../../src/preload/contract/runs.ts'
import { answersIn } from '../../src/renderer/src/lib/answers.ts'
import { rolesByAnswer, rolesByTask, taskChosen } from '../../src/renderer/src/screens/data/roles-choice.ts'
import { EMPTY_CURVES } from '../../src/renderer/src/screens/runs/live/curves.ts'
import { decidingMetric } from '../../src/renderer/src/screens/runs/live/deciding-metric.ts'
import { askedContracts } from '../helpers/fake-bridge/asking.ts'

const column = (name: string, looksLike: DatasetSummary['columns'][number]['looksLike']) => ({
  name,
  looksLike,
  distinct: 9,
  empty: 0
})
const summary: DatasetSummary = {
  ...askedContracts,
  columns: [
    column('context', 'text'),
    column('question', 'text'),
    column('answers', 'answers'),
    column('spans', 'marks'),
    column('kind', 'classes')
  ]
}
const { roles: asked } = askedContracts
const plain: Roles = { ...asked, task: 'text-classification', textPair: null, answer: 'kind' }

describe('what a column holds decides what is learned', () => {
  test('answers are found, marks are found, and classes are predicted without a question', () => {
    expect(rolesByAnswer('answers', summary, plain)).toMatchObject({ task: 'question-answering', questions: null })
    expect(rolesByAnswer('spans', summary, asked)).toMatchObject({ task: 'token-classification', questions: null })
    expect(rolesByAnswer('kind', summary, asked)).toMatchObject({ task: 'text-classification', textPair: null })
    // Words that stand in the text may answer as well as SQuAD's lists.
    expect(rolesByAnswer('question', summary, asked)).toEqual({ answer: 'question' })
    expect(rolesByAnswer('context', summary, plain)).toEqual({ answer: 'context' })
  })

  test('a chosen task lets go of what belongs to another', () => {
    expect(rolesByTask('regression', asked)).toEqual({ task: 'regression', separator: null, textPair: null })
    expect(rolesByTask('several', plain)).toEqual({ task: 'text-classification', separator: ';' })
    expect(taskChosen({ ...plain, ...rolesByTask('several', plain) })).toBe('several')
    expect(rolesByTask('question-answering', plain)).toEqual({ task: 'question-answering', questions: null, separator: null })
  })
})

test('answers are shown by their words, each once', () => {
  expect(answersIn('[{"text": "Norway", "answer_start": 3}, {"text": "Norway", "answer_start": 3}]')).toBe('Norway')
  expect(answersIn('{"text": ["a", "b"], "answer_start": [1, 2]}')).toBe('a · b')
  expect(answersIn('[]')).toBe('no answer')
  expect(answersIn('[{"text": "cut he')).toBeNull()
  expect(answersIn('{"other": 1}')).toBeNull()
})

test('before the first evaluation the usual metric of the task stands over its curve', () => {
  const run = { best: null, task: 'question-answering' } as RunSummary // What is read of it.
  expect(decidingMetric(run, EMPTY_CURVES)).toBe('answer_f1')
})
