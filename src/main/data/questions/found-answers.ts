/** What a text says to a question, as a model found it: places count UTF-16 units, as the text lies beside it. */
export interface SureAnswer {
  /** The question's name, or its words where it has none. */
  readonly question: string
  /** Null where the text holds no answer. */
  readonly place: { readonly start: number; readonly end: number } | null
  /** Share of what is said among the best answers and none. */
  readonly sure: number
}

/** The cell that holds the answers to what was asked of a text. */
export const answersCell = (answers: readonly SureAnswer[]): string =>
  JSON.stringify(answers.map(({ question, place, sure }) => ({ question, place, sure: Number(sure.toFixed(6)) })))

/** Reads it back. */
export const answersInCell = (cell: string | undefined): readonly SureAnswer[] =>
  cell === undefined || cell === '' ? [] : (JSON.parse(cell) as readonly SureAnswer[]) // Written by `answersCell`.

/** How sure the least sure answer is; 1 where nothing was asked. */
export const leastSureOf = (answers: readonly SureAnswer[]): number => Math.min(1, ...answers.map(({ sure }) => sure))

/** The words of an answer as they stand in the text; null where there is none. */
export const wordsOfAnswer = (text: string, { place }: SureAnswer): string | null => place && text.slice(place.start, place.end)

/** What a text says to all that it was asked, in one line: `FEE: 5 euros · LAW: –`; of one question the answer alone. */
export function answersInShort(text: string, answers: readonly SureAnswer[]): string {
  const [only] = answers
  if (answers.length === 1 && only) return wordsOfAnswer(text, only) ?? '–'
  return answers.map((answer) => `${answer.question}: ${wordsOfAnswer(text, answer) ?? '–'}`).join(' · ')
}
