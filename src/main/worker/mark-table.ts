import { readRows } from '../data/datasets/rows-file.ts'
import { InputError } from '../base/errors.ts'
import { writeCsv, writeJsonl, type Cell, type JsonCell } from '../data/write-csv.ts'
import { MOST_SHEET_ROWS, writeXlsx } from '../data/write-xlsx.ts'
import { foundMarks } from './judge-marks.ts'
import type { AnsweringModel } from './answering-model.ts'
import { markingOfModel } from './answer-marks.ts'
import { passagesOf, type Passage } from './mark-answers.ts'
import type { QuestionResult } from './protocol.ts'
import { refuseLarge, type SaveAnswers } from './save-answers.ts'
import { piecewise, type TableInput } from './use-run.ts'

/** Rows that are read, answered and written together. */
const CHUNK = 128

/** Marks the passages of a table's rows, piece by piece: of each row a JSON list of them. */
export async function markTable(model: AnsweringModel, input: TableInput): Promise<QuestionResult['table']> {
  const { rowsFile, columns, rows, signal } = input
  return piecewise(input, CHUNK, async (from, count, writer) => {
    const cells = (await readRows(rowsFile, from, Math.min(count, rows - from))).map((row) => row.cells)
    const texts = cells.map((row) => row[columns.text] ?? '')
    const examples = await model.encode(texts, null, signal)
    const logits = await model.evaluate(examples, signal, () => undefined)
    const found = foundMarks(examples, logits, markingOfModel(model), model.facts)
    for (const [i, marks] of found.entries()) await writer.add(from + i, [JSON.stringify(passagesOf(texts[i] ?? '', marks))])
    const sureness = found.map((marks) => Math.min(1, ...marks.map(({ confidence }) => confidence)))
    return { sureness, empty: texts.filter((text) => text.trim() === '').length, cut: examples.truncatedRows }
  })
}

/** A table whose passages were marked. */
export interface SavePassages extends Pick<
  SaveAnswers,
  'rowsFile' | 'answersFile' | 'rows' | 'columns' | 'format' | 'path' | 'facts'
> {
  /** Place of the column with the text, which CSV and workbooks leave out: it would stand in every line. */
  readonly text: number
}

const PASSAGE_COLUMNS = ['row', 'start', 'end', 'kind', 'passage', 'score'] as const

/**
 * Writes what was found: as JSON Lines one object a row, with its `passages`; as CSV or a workbook one line a passage, with the row's other columns before
 * it, and one line for a row without passages.
 * @throws InputError where a workbook cannot hold it
 */
export async function savePassages(task: SavePassages): Promise<QuestionResult['save']> {
  const others = task.columns.filter((_, place) => place !== task.text)
  const columns = [...others, ...PASSAGE_COLUMNS.map((name) => freeName(name, others))]
  if (task.format === 'jsonl') await writeJsonl(task.path, objectsOf(task))
  else if (task.format === 'csv') await writeCsv(task.path, columns, linesOf(task))
  else {
    await refuseLarge(task)
    const facts = task.facts.map(([name, value]): readonly Cell[] => [name, value])
    await writeXlsx(task.path, [
      { name: 'Passages', columns, rows: bounded(linesOf(task)) },
      { name: 'About', columns: ['What', 'Value'], rows: facts }
    ])
  }
  return { rows: task.rows }
}

/** A name that no column has. */
export function freeName(name: string, taken: readonly string[]): string {
  let free = name
  for (let n = 2; taken.includes(free); n++) free = `${name} (${n})`
  return free
}

interface MarkedRow {
  /** Counted from 1. */
  readonly row: number
  readonly cells: readonly string[]
  readonly passages: readonly Passage[]
}

async function* markedRows({ rowsFile, answersFile, rows }: SavePassages): AsyncGenerator<MarkedRow> {
  for (let from = 0; from < rows; from += CHUNK) {
    const count = Math.min(CHUNK, rows - from)
    const [own, answers] = await Promise.all([readRows(rowsFile, from, count), readRows(answersFile, from, count)])
    for (const [i, { cells }] of own.entries()) {
      const passages = JSON.parse(answers[i]?.cells[0] ?? '[]') as Passage[] // Written by markTable.
      yield { row: from + i + 1, cells, passages }
    }
  }
}

async function* linesOf(task: SavePassages): AsyncGenerator<readonly Cell[]> {
  for await (const { row, cells, passages } of markedRows(task)) {
    const others = cells.filter((_, place) => place !== task.text)
    if (passages.length === 0) yield [...others, row, '', '', '', '', '']
    for (const { start, end, kind, text, score } of passages) yield [...others, row, start, end, kind, text, score]
  }
}

async function* objectsOf(task: SavePassages): AsyncGenerator<Readonly<Record<string, JsonCell>>> {
  for await (const { cells, passages } of markedRows(task)) {
    const own = Object.fromEntries(task.columns.map((name, place) => [name, cells[place] ?? null]))
    yield { ...own, [freeName('passages', task.columns)]: passages.map((passage) => ({ ...passage })) }
  }
}

/** @throws InputError where there are more lines than a sheet holds */
export async function* bounded(lines: AsyncIterable<readonly Cell[]>): AsyncGenerator<readonly Cell[]> {
  let count = 1
  for await (const line of lines) {
    if (++count > MOST_SHEET_ROWS)
      throw new InputError('xlsx-rows', 'A workbook holds at most 1,048,575 rows. Save these answers as CSV.')
    yield line
  }
}
