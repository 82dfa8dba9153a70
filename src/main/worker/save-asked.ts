import { readRows } from '../data/datasets/rows-file.ts'
import { answersInCell, wordsOfAnswer, type SureAnswer } from '../data/questions/found-answers.ts'
import { inCodePoints } from '../data/spans/span.ts'
import { writeCsv, writeJsonl, type Cell, type JsonCell } from '../data/write-csv.ts'
import { writeXlsx } from '../data/write-xlsx.ts'
import { toldAnswers } from './ask-questions.ts'
import { bounded, freeName } from './mark-table.ts'
import type { FinishedEvent } from './protocol.ts'
import { refuseLarge, type SaveAnswers } from './save-answers.ts'
import { freed } from './save-marks.ts'

/** A table whose questions were answered. */
export interface SaveAsked extends Omit<SaveAnswers, 'classNames'> {
  /** Place of the column with the text, which CSV and workbooks leave out: it would stand in every line. */
  readonly text: number
  /** Names of what every text was asked, for a line a text beside; null where each had a question of its own, or nobody needs it. */
  readonly questions: readonly string[] | null
}

const PAGE = 500
const OWN = ['row', 'question', 'answered', 'answer', 'start', 'end'] as const

/**
 * Writes what texts say: as JSON Lines one object a row, with its `answers`; as CSV or a workbook a line for each question, with the row's other columns
 * before it; in a workbook also a line for each text with a column for each question, where all were asked the same.
 * @throws InputError where a workbook cannot hold it
 */
export async function saveAsked(task: SaveAsked): Promise<FinishedEvent> {
  const { format, path, columns, text, questions, threshold, facts } = task
  const others = columns.filter((_, i) => i !== text)
  const names = freed([...others, ...OWN, ...(threshold === null ? ['score'] : ['sure', 'needs a person'])])
  if (format === 'jsonl') await writeJsonl(path, objectsOf(task))
  else if (format === 'csv') await writeCsv(path, names, answerRows(task))
  else {
    await refuseLarge(task)
    const about = facts.map(([name, value]): readonly Cell[] => [name, value])
    await writeXlsx(path, [
      { name: 'Answers', columns: names, rows: bounded(answerRows(task)) },
      ...(questions
        ? [{ name: 'By text', columns: freed([...others, 'row', ...questions]), rows: textRows(task, questions) }]
        : []),
      { name: 'About', columns: ['What', 'Value'], rows: about }
    ])
  }
  return { event: 'finished', rows: task.rows }
}

interface AnsweredRow {
  /** Counted from 1. */
  readonly row: number
  readonly cells: readonly string[]
  /** The cells without the text. */
  readonly others: readonly string[]
  readonly text: string
  readonly answers: readonly SureAnswer[]
}

async function* answeredRows({ rowsFile, answersFile, rows, text }: SaveAsked): AsyncGenerator<AnsweredRow> {
  for (let from = 0; from < rows; from += PAGE) {
    const count = Math.min(PAGE, rows - from)
    const [own, answers] = await Promise.all([readRows(rowsFile, from, count), readRows(answersFile, from, count)])
    for (const [i, { cells }] of own.entries())
      yield {
        ...{ row: from + i + 1, cells, text: cells[text] ?? '' },
        others: cells.filter((_, at) => at !== text),
        answers: answersInCell(answers[i]?.cells[0])
      }
  }
}

/** Characters are counted as Python counts them. */
async function* answerRows(task: SaveAsked): AsyncGenerator<readonly Cell[]> {
  const { threshold } = task
  for await (const { row, others, text, answers } of answeredRows(task)) {
    const placed = inCodePoints(text)
    for (const answer of answers) {
      const { question, place, sure } = answer
      const { start, end } = place ? placed(place) : { start: '', end: '' }
      const needs = threshold === null ? [] : [sure < threshold ? 'yes' : 'no']
      yield [...others, row, question, place ? 'yes' : 'no', wordsOfAnswer(text, answer) ?? '', start, end, sure, ...needs]
    }
  }
}

async function* textRows(task: SaveAsked, questions: readonly string[]): AsyncGenerator<readonly Cell[]> {
  for await (const { row, others, text, answers } of answeredRows(task)) {
    const said = questions.map((_, at) => answers[at]).map((answer) => (answer ? (wordsOfAnswer(text, answer) ?? '') : ''))
    yield [...others, row, ...said]
  }
}

async function* objectsOf(task: SaveAsked): AsyncGenerator<Readonly<Record<string, JsonCell>>> {
  for await (const { cells, text, answers } of answeredRows(task)) {
    const own = Object.fromEntries(task.columns.map((name, place) => [name, cells[place] ?? null]))
    const told = toldAnswers(text, answers).map(({ answer, ...rest }): JsonCell => ({ ...rest, answer: answer && { ...answer } }))
    yield { ...own, [freeName('answers', task.columns)]: told }
  }
}
