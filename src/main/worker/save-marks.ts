import { readRows } from '../data/datasets/rows-file.ts'
import { foundIn, type SureMark } from '../data/marks/found-marks.ts'
import { writeMarks, type MarkFormat } from '../data/marks/write-marks.ts'
import { codePointOffsets, type MarkedDocument } from '../data/spans/span.ts'
import { writeCsv, type Cell } from '../data/write-csv.ts'
import { MOST_SHEET_ROWS, writeXlsx } from '../data/write-xlsx.ts'
import { InputError } from '../base/errors.ts'
import type { FinishedEvent } from './protocol.ts'

export interface SaveMarks {
  readonly rowsFile: string
  readonly answersFile: string
  /** Rows that were gone through. */
  readonly rows: number
  readonly columns: readonly string[]
  /** The column that was read. */
  readonly text: number
  /** Below this sureness a passage needs a person. */
  readonly threshold: number
  /** A table with one line a passage, or a file that other programs take as marks. */
  readonly format: 'xlsx' | 'csv' | Exclude<MarkFormat, 'brat' | 'csv'>
  readonly path: string
  /** Passages that were found. */
  readonly passages: number
  /** The workbook's second sheet: what was asked of whom, and when. */
  readonly facts: readonly (readonly [name: string, value: string | number])[]
}

const PAGE = 500
const OWN = ['row', 'kind', 'passage', 'start', 'end', 'sure', 'needs a person'] as const

/** Writes what was found. Throws an InputError where a workbook cannot hold it. */
export async function saveMarks(task: SaveMarks): Promise<FinishedEvent> {
  const { format, path, columns, text, facts } = task
  if (format === 'xlsx' || format === 'csv') {
    const names = [...columns.filter((_, i) => i !== text), ...OWN]
    if (format === 'csv') await writeCsv(path, freed(names), passageRows(task))
    else {
      if (task.passages + task.rows >= MOST_SHEET_ROWS)
        throw new InputError('xlsx-rows', 'A workbook holds at most 1,048,575 rows. Save these passages as CSV.')
      const about = facts.map(([name, value]): readonly Cell[] => [name, value])
      await writeXlsx(path, [
        { name: 'Passages', columns: freed(names), rows: passageRows(task) },
        { name: 'About', columns: ['What', 'Value'], rows: about }
      ])
    }
  } else await writeMarks(format, documentsOf(task), path)
  return { event: 'finished', rows: task.rows }
}

/** Names of which none stands twice. */
export function freed(names: readonly string[]): readonly string[] {
  const taken = new Set<string>()
  return names.map((name) => {
    let free = name
    for (let n = 2; taken.has(free); n++) free = `${name} (${n})`
    taken.add(free)
    return free
  })
}

interface FoundRow {
  readonly place: number
  readonly cells: readonly string[]
  readonly text: string
  readonly marks: readonly SureMark[]
}

async function* foundRows({ rowsFile, answersFile, rows, text }: SaveMarks): AsyncGenerator<FoundRow> {
  for (let from = 0; from < rows; from += PAGE) {
    const count = Math.min(PAGE, rows - from)
    const [own, answers] = await Promise.all([readRows(rowsFile, from, count), readRows(answersFile, from, count)])
    for (const [i, { cells }] of own.entries())
      yield { place: from + i + 1, cells, text: cells[text] ?? '', marks: foundIn(answers[i]?.cells[0]) }
  }
}

/** One line a passage, and one without a kind for a text in which nothing was found. Characters are counted as Python counts them. */
async function* passageRows(task: SaveMarks): AsyncGenerator<readonly Cell[]> {
  for await (const { place, cells, text, marks } of foundRows(task)) {
    const own = cells.filter((_, i) => i !== task.text)
    if (marks.length === 0) yield [...own, place, '', '', '', '', '', '']
    const points = codePointOffsets(text)
    for (const { start, end, label, sure } of marks) {
      const needs = sure < task.threshold ? 'yes' : 'no'
      yield [...own, place, label, text.slice(start, end), points[start] ?? 0, points[end] ?? 0, sure, needs]
    }
  }
}

async function* documentsOf(task: SaveMarks): AsyncGenerator<MarkedDocument> {
  const named = task.columns.findIndex((name) => name === 'document' || name === 'id')
  for await (const { place, cells, text, marks } of foundRows(task)) {
    const id = named === -1 ? String(place) : (cells[named] ?? String(place)).replace(/\.[^./]*$/, '')
    yield { id, text, spans: marks.map(({ start, end, label }) => ({ start, end, label })) }
  }
}
