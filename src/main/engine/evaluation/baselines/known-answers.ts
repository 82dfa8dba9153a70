import { normaliseAnswer } from '../answers.ts'

/** A question with the words of its right answer; null where its text has none. */
export interface LearnedAnswer {
  readonly question: string
  readonly answer: string | null
}

/** The answers of the training questions: what is said is what was most often right and stands in the text. */
export class KnownAnswers {
  readonly #byQuestion = new Map<string, Map<string, number>>()

  constructor(learned: readonly LearnedAnswer[]) {
    for (const { question, answer } of learned) {
      if (answer === null) continue
      for (const key of [normaliseAnswer(question), anyQuestion]) {
        const counts = this.#byQuestion.get(key) ?? new Map<string, number>()
        counts.set(answer, (counts.get(answer) ?? 0) + 1)
        this.#byQuestion.set(key, counts)
      }
    }
  }

  /** The most frequent answer to the question (or to any, where it was never asked) that stands in the text; null where none does. */
  find(text: string, question: string): { readonly start: number; readonly end: number } | null {
    const counts = this.#byQuestion.get(normaliseAnswer(question)) ?? this.#byQuestion.get(anyQuestion)
    let best: { readonly answer: string; readonly count: number; readonly start: number } | null = null
    for (const [answer, count] of counts ?? []) {
      if (best && (count < best.count || (count === best.count && answer.length <= best.answer.length))) continue
      const start = text.indexOf(answer)
      if (start >= 0) best = { answer, count, start }
    }
    return best && { start: best.start, end: best.start + best.answer.length }
  }
}

/** No question is nothing but this once normalised. */
const anyQuestion = '?'
