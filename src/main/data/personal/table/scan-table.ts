import { allRows, readRows, type StoredRow } from '../../datasets/rows-file.ts'
import { kindOfLabel } from '../kinds.ts'
import type { Finder } from '../find.ts'
import { marksColumns } from './marks-columns.ts'

export interface ScanInput {
  /** The rows as they lie for paging. */
  readonly rowsPath: string
  readonly columns: readonly string[]
  readonly rows: number
}

/** Where a passage stands; its value is not carried about. */
export interface Place {
  readonly line: number
  readonly start: number
  readonly end: number
}

export interface TableFinding {
  readonly column: string
  readonly kind: string
  readonly passages: number
  readonly rows: number
  /** The first few, each in another row. */
  readonly places: readonly Place[]
}

const BATCH = 200
const MOST_PLACES = 5

/** What is personal in a table, by column and kind. `onRows`: how many rows were looked through. */
export async function scanTable(
  input: ScanInput,
  find: Finder,
  onRows: (rows: number) => void
): Promise<readonly TableFinding[]> {
  const { rowsPath, columns } = input
  const marks = marksColumns(columns, await readRows(rowsPath, 0, BATCH))
  const found = new Findings(columns)
  let [held, done] = [[] as StoredRow[], 0]
  const flush = async (): Promise<void> => {
    const places = held.flatMap(({ line, cells }) =>
      columns.flatMap((column, at) =>
        marks.has(column) || (cells[at] ?? '') === '' ? [] : [{ line, at, text: cells[at] ?? '' }]
      )
    )
    const spans = await find(places.map(({ text }) => text))
    for (const [i, { line, at }] of places.entries())
      for (const { label, start, end } of spans[i] ?? []) found.add(at, kindOfLabel(label), { line, start, end })
    done += held.length
    held = []
    onRows(done)
  }
  for await (const row of allRows(rowsPath)) {
    held.push(row)
    if (held.length === BATCH) await flush()
  }
  await flush()
  return found.list()
}

interface Counted {
  passages: number
  rows: number
  lastLine: number
  readonly places: Place[]
}

class Findings {
  readonly #columns: readonly string[]
  readonly #byColumn: readonly Map<string, Counted>[]

  constructor(columns: readonly string[]) {
    this.#columns = columns
    this.#byColumn = columns.map(() => new Map<string, Counted>())
  }

  add(at: number, kind: string, place: Place): void {
    const kinds = this.#byColumn[at]
    const counted = kinds?.get(kind) ?? { passages: 0, rows: 0, lastLine: -1, places: [] }
    counted.passages++
    if (counted.lastLine !== place.line) {
      counted.rows++
      if (counted.places.length < MOST_PLACES) counted.places.push(place)
    }
    counted.lastLine = place.line
    kinds?.set(kind, counted)
  }

  list(): readonly TableFinding[] {
    return this.#columns.flatMap((column, at) =>
      [...(this.#byColumn[at] ?? [])]
        .map(([kind, { passages, rows, places }]) => ({ column, kind, passages, rows, places }))
        .sort((a, b) => b.passages - a.passages)
    )
  }
}
