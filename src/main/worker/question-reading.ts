import { defined } from '../base/assert.ts'
import type { RunConfig } from '../config/config-types.ts'
import type { AnsweringFile } from '../export/answering/answering-file.ts'
import type { QuestionReading } from './compare-questions.ts'
import { answeringOf } from './prepare-answers.ts'
import type { RunModel } from './run-model.ts'

/** How a model's scores are read as answers. */
export function howOf({
  config,
  facts
}: {
  readonly config: RunConfig
  readonly facts: Pick<RunModel, 'answering'>
}): QuestionReading {
  const { reading } = defined(answeringOf(config), 'a run that finds answers')
  return { ...reading, ...defined(facts.answering, 'when it says none') }
}

/** How an export says that they are read. */
export const readingOfAnswering = (file: AnsweringFile): QuestionReading => ({
  maxAnswerLength: file.max_answer_length,
  nBest: file.n_best,
  threshold: file.threshold
})
