import { readRows, RowsWriter } from '../data/datasets/rows-file.ts'
import { writeCsv, writeJsonl, type Cell, type JsonCell } from '../data/write-csv.ts'
import { writeXlsx } from '../data/write-xlsx.ts'
import type { AnsweringModel } from './answering-model.ts'
import {
  askQuestions,
  givenQuestions,
  ownQuestions,
  requireQuestions,
  type AskedQuestion,
  type QuestionAnswer
} from './ask-questions.ts'
import { bounded, freeName } from './mark-table.ts'
import type { QuestionResult } from './protocol.ts'
import { refuseLarge, type SaveAnswers } from './save-answers.ts'
import type { TableInput } from './use-run.ts'

/** Rows that are read, answered and written together: each may be asked a dozen questions. */
const CHUNK = 32

export interface AskTableInput extends TableInput {
  /** Asked of every row in place of the model's own; left out where the model's own, or those of the rows' column (`columns.pair`), are asked. */
  readonly questions?: readonly string[]
}

/** Answers the questions of a table's rows, piece by piece: of each row a JSON list of answers. */
export async function askTable(model: AnsweringModel, input: AskTableInput): Promise<QuestionResult['table']> {
  const { rowsFile, columns, rows, outFile, signal, questions } = input
  const every = questions ? givenQuestions(questions) : ownQuestions(model.config)
  const { pair } = questions ? { pair: null } : columns
  const askedOf = (cells: readonly string[]): readonly AskedQuestion[] =>
    pair === null ? requireQuestions(every) : givenQuestions([cells[pair] ?? ''])
  const writer = new RowsWriter(outFile)
  const counts = { done: 0, empty: 0, cut: 0 }
  try {
    for (let from = 0; from < rows && !signal.aborted; from += CHUNK) {
      const cells = (await readRows(rowsFile, from, Math.min(CHUNK, rows - from))).map((row) => row.cells)
      const texts = cells.map((row) => row[columns.text] ?? '')
      const { answers, cut } = await askQuestions(model, { texts, asked: cells.map(askedOf), signal })
      counts.cut += cut
      counts.empty += texts.filter((text) => text.trim() === '').length
      for (const [i, { answers: own }] of answers.entries()) await writer.add(from + i, [JSON.stringify(own)])
      counts.done += cells.length
      input.emit({ event: 'progress', phase: 'predicting', done: counts.done, total: rows })
    }
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    await writer.close()
  }
  return counts
}

/** A table whose questions were answered. */
export interface SaveQuestions extends Pick<
  SaveAnswers,
  'rowsFile' | 'answersFile' | 'rows' | 'columns' | 'format' | 'path' | 'facts'
> {
  /** Place of the column with the text, which CSV and workbooks leave out: it would stand in every line. */
  readonly text: number
}

const ANSWER_COLUMNS = ['row', 'asked', 'answered', 'answer', 'start', 'end', 'score'] as const

/**
 * Writes the answers: as JSON Lines one object a row, with its `answers`; as CSV or a workbook one line a question, with the row's other columns before it.
 * @throws InputError where a workbook cannot hold it
 */
export async function saveQuestions(task: SaveQuestions): Promise<QuestionResult['save']> {
  const others = task.columns.filter((_, place) => place !== task.text)
  const columns = [...others, ...ANSWER_COLUMNS.map((name) => freeName(name, others))]
  if (task.format === 'jsonl') await writeJsonl(task.path, objectsOf(task))
  else if (task.format === 'csv') await writeCsv(task.path, columns, linesOf(task))
  else {
    await refuseLarge(task)
    const facts = task.facts.map(([name, value]): readonly Cell[] => [name, value])
    await writeXlsx(task.path, [
      { name: 'Answers', columns, rows: bounded(linesOf(task)) },
      { name: 'About', columns: ['What', 'Value'], rows: facts }
    ])
  }
  return { rows: task.rows }
}

interface AnsweredRow {
  /** Counted from 1. */
  readonly row: number
  readonly cells: readonly string[]
  readonly answers: readonly QuestionAnswer[]
}

async function* answeredRows({ rowsFile, answersFile, rows }: SaveQuestions): AsyncGenerator<AnsweredRow> {
  for (let from = 0; from < rows; from += CHUNK) {
    const count = Math.min(CHUNK, rows - from)
    const [own, answers] = await Promise.all([readRows(rowsFile, from, count), readRows(answersFile, from, count)])
    for (const [i, { cells }] of own.entries())
      yield { row: from + i + 1, cells, answers: JSON.parse(answers[i]?.cells[0] ?? '[]') as QuestionAnswer[] } // Written by askTable.
  }
}

async function* linesOf(task: SaveQuestions): AsyncGenerator<readonly Cell[]> {
  for await (const { row, cells, answers } of answeredRows(task)) {
    const others = cells.filter((_, place) => place !== task.text)
    for (const { question, answer, score } of answers) {
      const { text = '', start = '', end = '' } = answer ?? {}
      yield [...others, row, question, answer ? 'yes' : 'no', text, start, end, score]
    }
  }
}

async function* objectsOf(task: SaveQuestions): AsyncGenerator<Readonly<Record<string, JsonCell>>> {
  for await (const { cells, answers } of answeredRows(task)) {
    const own = Object.fromEntries(task.columns.map((name, place) => [name, cells[place] ?? null]))
    const told = answers.map(({ answer, ...rest }): JsonCell => ({ ...rest, answer: answer && { ...answer } }))
    yield { ...own, [freeName('answers', task.columns)]: told }
  }
}
