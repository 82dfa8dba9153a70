import { readRows } from '../data/datasets/rows-file.ts'
import { answersCell, leastSureOf, type SureAnswer } from '../data/questions/found-answers.ts'
import type { AnsweringModel } from './answering-model.ts'
import { askQuestions, givenQuestions, ownQuestions, requireQuestions, type AskedQuestion } from './ask-questions.ts'
import { AnswerTruth } from './measure-found.ts'
import type { FinishedEvent, QuestionResult } from './protocol.ts'
import { piecewise, type TableInput, type UseInput } from './use-run.ts'

/** Questions with their texts that are read, answered and written together. */
const CHUNK = 64

interface AskedCounts {
  readonly done: number
  readonly empty: number
  readonly cut: number
  /** Questions that were asked, and those without an answer. */
  readonly answers: number
  readonly unanswered: number
}

/**
 * Asks a table's texts piece by piece: of each the same questions, or what its own column says. Asked to stop, it keeps what it has. `onRow` sees the cells
 * and the answers of each row.
 */
async function askTable(
  model: AnsweringModel,
  input: TableInput,
  every: readonly AskedQuestion[] | null,
  onRow: (cells: readonly string[], own: readonly SureAnswer[]) => void = () => undefined
): Promise<AskedCounts> {
  const { rowsFile, columns, rows, signal } = input
  const size = Math.max(1, Math.floor(CHUNK / Math.max(1, every?.length ?? 1)))
  const counts = { answers: 0, unanswered: 0 }
  const done = await piecewise(input, size, async (from, count, writer) => {
    const cells = (await readRows(rowsFile, from, Math.min(count, rows - from))).map((row) => row.cells)
    const texts = cells.map((row) => row[columns.text] ?? '')
    const asked = cells.map((row) => every ?? givenQuestions([row[columns.pair ?? -1] ?? '']))
    const { answers, cut } = await askQuestions(model, { texts, asked, signal })
    for (const [i, own] of answers.entries()) {
      onRow(cells[i] ?? [], own)
      counts.answers += own.length
      counts.unanswered += own.filter(({ place }) => place === null).length
      await writer.add(from + i, [answersCell(own), leastSureOf(own).toFixed(6)])
    }
    return { sureness: answers.map(leastSureOf), empty: texts.filter((text) => text.trim() === '').length, cut }
  })
  return { ...done, ...counts }
}

/** Asks the texts of a table on Use. */
export async function useQuestions(model: AnsweringModel, input: UseInput): Promise<FinishedEvent> {
  const every = input.questions?.map(({ name, words }) => ({ name, wording: words })) ?? null
  const { text, answer } = input.columns
  const truth = answer === null ? null : new AnswerTruth(model.facts.answering?.threshold ?? null, every !== null)
  const counts = await askTable(model, input, every, (cells, own) => {
    if (truth && answer !== null) truth.add(cells[text] ?? '', cells[answer] ?? '', own)
  })
  const measure = truth && (await truth.measure(model, input.looksFolder))
  return { event: 'finished', ...counts, stopped: input.signal.aborted, hasSureness: true, measure }
}

export interface WatchedTable extends TableInput {
  /** Asked of every row in place of the model's own; left out where the model's own, or those of the rows' column (`columns.pair`), are asked. */
  readonly questions?: readonly string[]
}

/** Asks the texts of a table that came into a folder. @throws InputError where nobody asks anything */
export async function answerAsked(
  model: AnsweringModel,
  { questions, ...input }: WatchedTable
): Promise<QuestionResult['table']> {
  const own = (): readonly AskedQuestion[] | null =>
    input.columns.pair === null ? requireQuestions(ownQuestions(model.config)) : null
  const { done, empty, cut } = await askTable(model, input, questions ? givenQuestions(questions) : own())
  return { done, empty, cut }
}
