import { createHash } from 'node:crypto'
import type { PassageVerdict } from '../../../preload/contract/passages.ts'
import type { AnsweredDocument, AnswerText, QuestionError } from '../../../preload/contract/questions.ts'
import { inUnits } from '../../data/spans/span.ts'
import type { AnswerPlace } from '../../engine/evaluation/index.ts'
import type { StoredQuestion } from '../../report/stored-answers.ts'
import type { StoredError } from './errors.ts'

/** A question and its document, read again. */
export interface ReadText {
  readonly text: string
  /** The question's words; empty where they are others now. */
  readonly words: string
}

export const keyOf = (content: string): string => createHash('sha256').update(content).digest('hex').slice(0, 16)

/** The document and the one of `wordings` that was asked; null where the document is another by now. */
export function readAgain({ key, document }: StoredQuestion, text: string, wordings: readonly string[]): ReadText | null {
  if (keyOf(text) !== document) return null
  return { text, words: wordings.find((words) => keyOf(`${text.length} ${text} ${words}`) === key) ?? '' }
}

const isSame = (a: AnswerPlace, b: AnswerPlace): boolean => a.start === b.start && a.end === b.end

/** What is right and what was said, as the document shows it. A right answer in other places of the document is right there, too. */
export function drawnMarks(text: string, { truth, said, exact }: StoredQuestion): AnsweredDocument['marks'] {
  const units = inUnits(text)
  const others = truth.filter((place) => !said || !isSame(place, said))
  const isRight = said !== null && (exact === 1 || truth.some((place) => isSame(place, said)))
  return [
    ...others.map((place) => ({ ...units(place), state: 'true' as const })),
    ...(said ? [{ ...units(said), state: isRight ? ('right' as const) : ('found' as const) }] : [])
  ].sort((a, b) => a.start - b.start || b.end - a.end)
}

export function shownError(
  { key, line, error, asked }: StoredError,
  read: ReadText | null,
  verdict: PassageVerdict | null
): QuestionError {
  const text = read?.text ?? ''
  const units = text === '' ? (place: AnswerPlace): AnswerPlace => place : inUnits(text)
  const answer = (place: AnswerPlace): AnswerText => {
    const { start, end } = units(place)
    return { start, end, text: text.slice(start, end) }
  }
  const { question = null, truth, said, score } = asked
  return {
    ...{ key, line, error, name: question, words: read?.words ?? '', sure: score, verdict },
    truth: truth.map(answer),
    said: said && answer(said)
  }
}
