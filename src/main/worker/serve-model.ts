import { InputError } from '../base/errors.ts'
import { whole } from '../report/numbers.ts'
import { markingOfModel } from './answer-marks.ts'
import type { AnsweringModel, Opened } from './answering-model.ts'
import { askQuestions, givenQuestions, ownQuestions, requireQuestions, toldAnswers } from './ask-questions.ts'
import { answerAsked } from './asked-table.ts'
import { failureOf } from './failure-of.ts'
import { foundMarks } from './judge-marks.ts'
import type { Mailbox } from './mailbox.ts'
import { passagesOf } from './mark-answers.ts'
import { markTable, savePassages } from './mark-table.ts'
import type { Asked, FinishedEvent, Question, QuestionResult, TrainerEvent } from './protocol.ts'
import { answersOf } from './read-answers.ts'
import { saveAnswers } from './save-answers.ts'
import { saveAsked } from './save-asked.ts'
import { answerTable } from './use-run.ts'

export interface ServeInput extends Opened {
  readonly questions: Mailbox<Asked>
  /** Ends it; the question at work is left unanswered. */
  readonly signal: AbortSignal
  readonly emit: (event: TrainerEvent) => void
}

/** Answers questions one after the other until it is told to stop. What a question gets wrong is told to whoever asked it. */
export async function serveModel({ model, about, questions, signal, emit }: ServeInput): Promise<FinishedEvent> {
  emit({ event: 'ready', model: about })
  let answered = 0
  for (;;) {
    const asked = await questions.next(signal)
    if (asked === null) return { event: 'finished', answered }
    const { id, question } = asked
    try {
      const result = await answerQuestion(model, question, signal)
      answered++
      emit({ event: 'answered', id, result })
    } catch (error) {
      if (signal.aborted) return { event: 'finished', answered }
      emit({ event: 'unanswered', id, failure: failureOf(error) })
    }
  }
}

const marksPassages = ({ config }: AnsweringModel): boolean => config.task === 'token-classification'
const answersQuestions = ({ config }: AnsweringModel): boolean => config.task === 'question-answering'

async function answerQuestion(
  model: AnsweringModel,
  question: Question,
  signal: AbortSignal
): Promise<QuestionResult[keyof QuestionResult]> {
  switch (question.kind) {
    case 'rows':
      return answerRows(model, question, signal)
    case 'table':
      return tableOf(model)(model, { ...question, signal, emit: () => undefined })
    case 'save':
      await saveAnswers(question)
      return { rows: question.rows }
    case 'save-passages':
      return savePassages(question)
    case 'save-asked':
      await saveAsked(question)
      return { rows: question.rows }
  }
}

const tableOf = (model: AnsweringModel) =>
  marksPassages(model) ? markTable : answersQuestions(model) ? answerAsked : answerTable

async function answerRows(
  model: AnsweringModel,
  { texts, pairs, mostTokens }: Extract<Question, { kind: 'rows' }>,
  signal: AbortSignal
): Promise<QuestionResult['rows']> {
  const onTokens = (tokens: number): void => {
    if (tokens <= mostTokens) return
    const sentence = `These texts have ${whole(tokens)} tokens together, and ${whole(mostTokens)} can be answered at once. Send fewer of them.`
    throw new InputError('answer-tokens', sentence)
  }
  if (answersQuestions(model)) {
    const own = ownQuestions(model.config)
    const asked = texts.map((_, row) => {
      const question = pairs?.[row] ?? null
      return question === null ? requireQuestions(own) : givenQuestions([question])
    })
    const { answers, cut } = await askQuestions(model, { texts, asked, signal, onTokens })
    return { answers: answers.map((own, row) => ({ answers: toldAnswers(texts[row] ?? '', own) })), cut }
  }
  const seconds = pairs && pairs.map((pair) => pair ?? '')
  const examples = await model.encode(texts, seconds, signal)
  onTokens(examples.lengths.reduce((sum, length) => sum + length, 0))
  const logits = await model.evaluate(examples, signal, () => undefined)
  if (marksPassages(model)) {
    const found = foundMarks(examples, logits, markingOfModel(model), model.facts)
    const answers = found.map((marks, row) => ({ passages: passagesOf(texts[row] ?? '', marks) }))
    return { answers, cut: examples.truncatedRows }
  }
  return { answers: answersOf(model, logits), cut: examples.truncatedRows }
}
