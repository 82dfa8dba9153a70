import type { ModelAnswers } from '../../../../preload/contract/models.ts'
import { list } from '../../lib/format.ts'
import { words } from '../../lib/words/index.ts'

/** What a trained model answers, as the name and value of a fact. */
export function answersFact({ problem, labels }: ModelAnswers): readonly [name: string, value: string] {
  const { answers, marks, questions, number, anyQuestion } = words.packs
  if (problem === 'question-answering') return [questions, labels.length === 0 ? anyQuestion : list(labels)]
  return [problem === 'token-classification' ? marks : answers, labels.length === 0 ? number : list(labels)]
}
