import { InputError } from '../base/errors.ts'
import { readRows } from '../data/datasets/rows-file.ts'
import { answersInCell, wordsOfAnswer, type SureAnswer } from '../data/questions/found-answers.ts'
import { codePointOffsets } from '../data/spans/span.ts'
import { writeCsv, type Cell } from '../data/write-csv.ts'
import { MOST_SHEET_ROWS, writeXlsx } from '../data/write-xlsx.ts'
import type { FinishedEvent } from './protocol.ts'
import { freed } from './save-marks.ts'

export interface SaveAsked {
  readonly rowsFile: string
  readonly answersFile: string
  /** Rows that were gone through. */
  readonly rows: number
  readonly columns: readonly string[]
  /** The column that was read. */
  readonly text: number
  /** Names of what every text was asked; null where each row had a question of its own. */
  readonly questions: readonly string[] | null
  /** Below this sureness an answer needs a person. */
  readonly threshold: number
  readonly format: 'xlsx' | 'csv'
  readonly path: string
  /** Answers in all. */
  readonly answers: number
  /** The workbook's last sheet: what was asked of whom, and when. */
  readonly facts: readonly (readonly [name: string, value: string | number])[]
}

const PAGE = 500
const OWN = ['row', 'question', 'answered', 'answer', 'start', 'end', 'sure', 'needs a person'] as const

/**
 * Writes what texts say: a line for each question; in a workbook also a line for each text with a column for each question, where all were asked the
 * same. Throws an InputError where a workbook cannot hold it.
 */
export async function saveAsked(task: SaveAsked): Promise<FinishedEvent> {
  const { format, path, columns, text, questions, facts } = task
  const others = columns.filter((_, i) => i !== text)
  const long = { columns: freed([...others, ...OWN]), rows: answerRows(task) }
  if (format === 'csv') await writeCsv(path, long.columns, long.rows)
  else {
    if (Math.max(task.answers, task.rows) >= MOST_SHEET_ROWS)
      throw new InputError('xlsx-rows', 'A workbook holds at most 1,048,575 rows. Save these answers as CSV.')
    const about = facts.map(([name, value]): readonly Cell[] => [name, value])
    await writeXlsx(path, [
      { name: 'Answers', ...long },
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
  /** Without the text, which would stand in every line. */
  readonly cells: readonly string[]
  readonly text: string
  readonly answers: readonly SureAnswer[]
}

async function* answeredRows({ rowsFile, answersFile, rows, text }: SaveAsked): AsyncGenerator<AnsweredRow> {
  for (let from = 0; from < rows; from += PAGE) {
    const count = Math.min(PAGE, rows - from)
    const [own, answers] = await Promise.all([readRows(rowsFile, from, count), readRows(answersFile, from, count)])
    for (const [i, { cells }] of own.entries())
      yield {
        row: from + i + 1,
        cells: cells.filter((_, at) => at !== text),
        text: cells[text] ?? '',
        answers: answersInCell(answers[i]?.cells[0])
      }
  }
}

/** Characters are counted as Python counts them. */
async function* answerRows(task: SaveAsked): AsyncGenerator<readonly Cell[]> {
  for await (const { row, cells, text, answers } of answeredRows(task)) {
    const points = codePointOffsets(text)
    for (const answer of answers) {
      const { question, place, sure } = answer
      const where = place ? [points[place.start] ?? 0, points[place.end] ?? 0] : ['', '']
      const needs = sure < task.threshold ? 'yes' : 'no'
      yield [...cells, row, question, place ? 'yes' : 'no', wordsOfAnswer(text, answer) ?? '', ...where, sure, needs]
    }
  }
}

async function* textRows(task: SaveAsked, questions: readonly string[]): AsyncGenerator<readonly Cell[]> {
  for await (const { row, cells, text, answers } of answeredRows(task))
    yield [
      ...cells,
      row,
      ...questions.map((_, at) => {
        const answer = answers[at]
        return answer ? (wordsOfAnswer(text, answer) ?? '') : ''
      })
    ]
}
