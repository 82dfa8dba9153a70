import type { UseRow } from '../../../preload/contract/use.ts'
import { readFile } from '../../base/sealed/fs.ts'
import { readRows } from '../../data/datasets/rows-file.ts'
import { answersInCell, answersInShort } from '../../data/questions/found-answers.ts'
import { foundIn, kindCounts } from '../../data/marks/found-marks.ts'

/** Longest text that a page of rows shows. */
const SHOWN_CHARACTERS = 2000
const ENTRY = 8

/** Answered rows by their sureness, the least sure first. */
export interface Order {
  readonly rows: Uint32Array
  readonly sure: Float32Array
}

/** As `useModel` writes it. */
export async function readOrder(answersFile: string): Promise<Order> {
  const bytes = await readFile(`${answersFile}.order`)
  const count = Math.floor(bytes.length / ENTRY)
  const rows = new Uint32Array(count)
  const sure = new Float32Array(count)
  for (let i = 0; i < count; i++) {
    rows[i] = bytes.readUInt32LE(i * ENTRY)
    sure[i] = bytes.readFloatLE(i * ENTRY + 4)
  }
  return { rows, sure }
}

/** How many answers are less sure than `threshold`; `sure` ascends. */
export function countBelow({ sure }: Order, threshold: number): number {
  let [low, high] = [0, sure.length]
  while (low < high) {
    const middle = (low + high) >> 1
    // What is stored has the precision of a float: the threshold is compared in the same.
    if ((sure[middle] ?? 0) < Math.fround(threshold)) low = middle + 1
    else high = middle
  }
  return low
}

export interface Pages {
  readonly rowsFile: string
  readonly answersFile: string
  readonly textAt: number
  /** Rows that have an answer. */
  readonly done: number
  /** What a row's first cell is: a label, marked passages, or answers to questions. */
  readonly holds: 'labels' | 'marks' | 'answers'
}

/** Rows `from` and on with their answers, in the table's order. */
export async function rowsInOrder({ rowsFile, answersFile, textAt, done, holds }: Pages, from: number, count: number): Promise<UseRow[]> {
  const own = await readRows(rowsFile, from, count)
  const answered = Math.max(0, Math.min(count, done - from))
  const answers = answered === 0 ? [] : await readRows(answersFile, from, answered)
  return own.map(({ cells }, i) => rowOf(cells[textAt] ?? '', answers[i]?.cells, holds))
}

/** The `from`th least sure row and those after it. */
export async function rowsBySureness({ rowsFile, answersFile, textAt, holds }: Pages, { rows }: Order, from: number, count: number): Promise<UseRow[]> {
  const found: UseRow[] = []
  for (const row of rows.subarray(from, from + count)) {
    const [[own], [answer]] = await Promise.all([readRows(rowsFile, row, 1), readRows(answersFile, row, 1)])
    found.push(rowOf(own?.cells[textAt] ?? '', answer?.cells, holds))
  }
  return found
}

function rowOf(text: string, cells: readonly string[] | undefined, holds: Pages['holds']): UseRow {
  const [label, sure] = cells ?? []
  const answer = label === undefined ? null : shownCell(text, label, holds)
  return {
    text: text.slice(0, SHOWN_CHARACTERS),
    answer,
    sure: sure === undefined || sure === '' ? null : Number(sure)
  }
}

function shownCell(text: string, cell: string, holds: Pages['holds']): string {
  if (holds === 'marks') return kindCounts(foundIn(cell))
  return holds === 'answers' ? answersInShort(text, answersInCell(cell)) : cell
}
