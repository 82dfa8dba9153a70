import type { AskedOfEach, UseAnswer } from '../../../preload/contract/use.ts'
import { InputError } from '../../base/errors.ts'
import { answersInCell } from '../../data/questions/found-answers.ts'
import type { UsedRun } from './run-facts.ts'

/** What a run that answers questions is to ask: the same of every text, or what a column holds. */
export interface Asking {
  readonly pair: string | null
  readonly questions: readonly AskedOfEach[] | null
}

interface AskingWish {
  readonly pair: string | null
  readonly questions?: Asking['questions'] | undefined
}

/**
 * What is asked, as wished. Questions of every text go before a column of them.
 * @throws InputError where the run needs a second text or a question, and there is none
 */
export function askedAs({ asks, pair: column }: Pick<UsedRun, 'asks' | 'pair'>, { pair, questions = null }: AskingWish): Asking {
  if (asks === null) {
    if (column !== null && pair === null)
      throw new InputError('use-pair', 'This run reads two texts of each row. Choose the column of the second.')
    return { pair, questions: null }
  }
  if (questions !== null) return { pair: null, questions }
  if (pair !== null) return { pair, questions: null }
  throw new InputError('use-questions', 'This run answers questions. Write at least one, or choose the column that holds them.')
}

/** The answers of a cell, as a page shows them. */
export const shownAnswers = (cell: string | undefined): readonly UseAnswer[] =>
  answersInCell(cell).map(({ question, place, sure }) => ({ question, place, sure }))
