import { stat } from 'node:fs/promises'
import { InputError } from '../base/errors.ts'
import { readRows } from '../data/datasets/rows-file.ts'
import { writeCsv, writeJsonl, type Cell } from '../data/write-csv.ts'
import { MOST_SHEET_ROWS, writeXlsx } from '../data/write-xlsx.ts'
import type { FinishedEvent } from './protocol.ts'

export interface SaveAnswers {
  readonly rowsFile: string
  readonly answersFile: string
  /** Rows that have an answer. */
  readonly rows: number
  /** Names of the table's columns. */
  readonly columns: readonly string[]
  readonly classNames: readonly string[]
  /** Below this sureness an answer needs a person; null where answers have none. */
  readonly threshold: number | null
  readonly format: 'xlsx' | 'csv' | 'jsonl'
  readonly path: string
  /** The workbook's second sheet: what was asked of whom, and when. */
  readonly facts: readonly (readonly [name: string, value: string | number])[]
}

const PAGE = 1000
/** Bytes of rows and answers from which a workbook, which is made in memory, would be too much for a laptop. */
const MOST_XLSX_BYTES = 150e6

/** Writes a table with its answers beside it. Throws an InputError where a workbook cannot hold it. */
export async function saveAnswers(task: SaveAnswers): Promise<FinishedEvent> {
  const columns = [...task.columns, ...answerColumns(task)]
  if (task.format === 'csv') await writeCsv(task.path, columns, rowsOf(task))
  else if (task.format === 'jsonl') await writeJsonl(task.path, objectsOf(columns, rowsOf(task)))
  else {
    await refuseLarge(task)
    const facts = task.facts.map(([name, value]): readonly Cell[] => [name, value])
    await writeXlsx(task.path, [
      { name: 'Answers', columns, rows: rowsOf(task) },
      { name: 'About', columns: ['What', 'Value'], rows: facts }
    ])
  }
  return { event: 'finished', rows: task.rows }
}

async function* objectsOf(
  columns: readonly string[],
  rows: AsyncIterable<readonly Cell[]>
): AsyncGenerator<Readonly<Record<string, Cell>>> {
  for await (const cells of rows) yield Object.fromEntries(columns.map((name, i) => [name, cells[i] ?? null]))
}

/** @throws InputError where a workbook, which is made in memory, cannot hold it */
export async function refuseLarge({
  rows,
  rowsFile,
  answersFile
}: Pick<SaveAnswers, 'rows' | 'rowsFile' | 'answersFile'>): Promise<void> {
  if (rows >= MOST_SHEET_ROWS)
    throw new InputError('xlsx-rows', 'A workbook holds at most 1,048,575 rows. Save these answers as CSV.')
  const sizes = await Promise.all([rowsFile, answersFile].map(async (path) => (await stat(path)).size))
  if (sizes.reduce((sum, size) => sum + size, 0) > MOST_XLSX_BYTES)
    throw new InputError('xlsx-large', 'These texts are too much for one workbook. Save them as CSV, which has no limit.')
}

/** Names that no column of the table has. */
function answerColumns({ columns, classNames, threshold }: SaveAnswers): string[] {
  const names = [
    'answer',
    ...(threshold === null ? [] : ['sure', 'needs a person']),
    ...classNames.map((name) => `probability: ${name}`)
  ]
  const taken = new Set(columns)
  return names.map((name) => {
    let free = name
    for (let n = 2; taken.has(free); n++) free = `${name} (${n})`
    taken.add(free)
    return free
  })
}

async function* rowsOf({ rowsFile, answersFile, rows, threshold, classNames }: SaveAnswers): AsyncGenerator<readonly Cell[]> {
  for (let from = 0; from < rows; from += PAGE) {
    const count = Math.min(PAGE, rows - from)
    const [own, answers] = await Promise.all([readRows(rowsFile, from, count), readRows(answersFile, from, count)])
    for (const [i, { cells }] of own.entries()) {
      const [label = '', sure = '', ...probabilities] = answers[i]?.cells ?? []
      const isUnsure = threshold !== null && Number(sure) < threshold
      const judged: readonly Cell[] = threshold === null ? [] : [Number(sure), isUnsure ? 'yes' : 'no']
      const answer = classNames.length === 0 ? Number(label) : label
      yield [...cells, answer, ...judged, ...probabilities.map(Number)]
    }
  }
}
