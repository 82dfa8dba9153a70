import { InputError } from '../base/errors.ts'
import type { AnsweringModel } from './answering-model.ts'
import { askQuestions, givenQuestions } from './ask-questions.ts'

/** What a text says to a question, in UTF-16 units; `label` is its words. */
interface AnswerToQuestion {
  readonly label: string
  readonly probabilities: null
  readonly found: { readonly place: { readonly start: number; readonly end: number } | null; readonly sure: number }
}

const NO_ANSWER = 'no answer'

/** Answers a question about each text; nothing of them is kept. @throws InputError where a text has no question */
export async function answersInTexts(
  model: AnsweringModel,
  texts: readonly string[],
  questions: readonly string[] | null,
  signal: AbortSignal
): Promise<readonly AnswerToQuestion[]> {
  if (questions?.length !== texts.length)
    throw new InputError('answer-question', 'This run answers questions about a text. Write a question beside each text.')
  const asked = questions.map((question) => givenQuestions([question]))
  const { answers } = await askQuestions(model, { texts, asked, signal })
  return answers.flat().map(({ place, sure }, row) => {
    const label = place ? (texts[row] ?? '').slice(place.start, place.end) : NO_ANSWER
    return { label, probabilities: null, found: { place, sure } }
  })
}
