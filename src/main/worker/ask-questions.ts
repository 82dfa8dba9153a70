import { InputError } from '../base/errors.ts'
import type { SureAnswer } from '../data/questions/found-answers.ts'
import { inCodePoints } from '../data/spans/span.ts'
import type { RunConfig } from '../config/config-types.ts'
import { answerBy, findAnswers } from '../engine/training/find-answers.ts'
import type { AnsweringModel } from './answering-model.ts'
import { askedSpec } from './prepare-answers.ts'
import { howOf } from './question-reading.ts'

/** A question that is asked of a text. */
export interface AskedQuestion {
  /** What its answer is told by: the name of a question that is asked of every text, or the question itself. */
  readonly name: string
  readonly wording: string
}

/** An answer as other programs get it. Characters are counted from 0 as Python counts them (code points); the last is not part of it. */
export interface QuestionAnswer {
  readonly question: string
  /** Null where the text has none. */
  readonly answer: { readonly start: number; readonly end: number; readonly text: string } | null
  /** Share of what is said among the best answers and none. */
  readonly score: number
}

/** What a model answers to the questions that are asked of one text. */
export interface AskedAnswer {
  readonly answers: readonly QuestionAnswer[]
}

/** The questions that a model learned to ask of every text, in their first wording; empty where they stood in its data. */
export function ownQuestions(config: RunConfig): readonly AskedQuestion[] {
  if (config.task !== 'question-answering') return []
  const { questions = {} } = askedSpec(config.data)
  return Object.entries(questions).map(([name, [wording = '']]) => ({ name, wording }))
}

/** Questions in a person's own words. */
export const givenQuestions = (wordings: readonly string[]): readonly AskedQuestion[] =>
  wordings.map((wording) => ({ name: wording, wording }))

/** @throws InputError for a model that was given no question and has none of its own */
export function requireQuestions(asked: readonly AskedQuestion[]): readonly AskedQuestion[] {
  if (asked.length > 0) return asked
  const sentence = 'This model has no questions of its own: it learned them with each text. Give a question with the text.'
  throw new InputError('answer-question', sentence)
}

export interface AskInput {
  readonly texts: readonly string[]
  /** What is asked of each text. */
  readonly asked: readonly (readonly AskedQuestion[])[]
  readonly signal: AbortSignal
  /** Hears how many tokens questions and texts have together, before they are read by the model; may refuse them. */
  readonly onTokens?: (tokens: number) => void
  readonly onProgress?: (done: number, total: number) => void
}

/** Asks a model several questions of each of some texts: what it says to each, by text. Places count UTF-16 units. */
export async function askQuestions(
  model: AnsweringModel,
  { texts, asked, signal, onTokens, onProgress = () => undefined }: AskInput
): Promise<{ readonly answers: readonly (readonly SureAnswer[])[]; readonly cut: number }> {
  const how = howOf(model)
  const each = asked.flatMap((questions, row) => questions.map(({ wording }) => ({ text: texts[row] ?? '', wording })))
  const examples = await model.encode(
    each.map(({ text }) => text),
    each.map(({ wording }) => wording),
    signal
  )
  onTokens?.(examples.lengths.reduce((sum, length) => sum + length, 0))
  const read = findAnswers(examples, await model.evaluate(examples, signal, onProgress), how)
  let at = 0
  const answers = asked.map((questions) => {
    const own = read.slice(at, (at += questions.length))
    return own.map((question, i): SureAnswer => {
      const { said: place, score: sure } = answerBy(question, how.threshold)
      return { question: questions[i]?.name ?? '', place, sure }
    })
  })
  return { answers, cut: examples.truncatedRows }
}

/** Answers from a text as other programs get them. */
export function toldAnswers(text: string, answers: readonly SureAnswer[]): QuestionAnswer[] {
  const placed = inCodePoints(text)
  return answers.map(({ question, place, sure }) => ({
    question,
    answer: place && { ...placed(place), text: text.slice(place.start, place.end) },
    score: sure
  }))
}
