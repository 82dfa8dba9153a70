import { allRows, readRows, type StoredRow } from '../../datasets/rows-file.ts'
import { kindOfLabel } from '../kinds.ts'
import type { Finder } from '../find.ts'
import { pointingColumns, type TextRoles } from './pointing.ts'

export interface ScanInput extends TextRoles {
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
  /** Of the passages, those that nothing but the model found. */
  readonly added: number
  /** The first few, each in another row: those first that nothing but the model found. */
  readonly places: readonly Place[]
}

export interface ScannedTable {
  readonly findings: readonly TableFinding[]
  /** Columns that are not gone through by themselves: they point into the text of another, and change along with it. */
  readonly following: readonly string[]
}

const BATCH = 200
const MOST_PLACES = 5

/**
 * What is personal in a table, by column and kind. `onRows`: how many rows were looked through. `rules`: what would be found without the model that `find`
 * has beside them; null where it has none.
 */
export async function scanTable(
  input: ScanInput,
  find: Finder,
  onRows: (rows: number) => void,
  rules: Finder | null = null
): Promise<ScannedTable> {
  const { rowsPath, columns } = input
  const pointing = new Set(pointingColumns(columns, await readRows(rowsPath, 0, BATCH), input).map(({ at }) => at))
  const found = new Findings(columns)
  let [held, done] = [[] as StoredRow[], 0]
  const flush = async (): Promise<void> => {
    const places = held.flatMap(({ line, cells }) =>
      columns.flatMap((_, at) => (pointing.has(at) || (cells[at] ?? '') === '' ? [] : [{ line, at, text: cells[at] ?? '' }]))
    )
    const texts = places.map(({ text }) => text)
    const [spans, plain] = [await find(texts), rules && (await rules(texts))]
    for (const [i, { line, at }] of places.entries()) {
      const known = plain?.[i] ?? []
      for (const { label, start, end } of spans[i] ?? []) {
        const isAdded = plain !== null && !known.some((other) => other.start < end && start < other.end)
        found.add(at, kindOfLabel(label), { line, start, end }, isAdded)
      }
    }
    done += held.length
    held = []
    onRows(done)
  }
  for await (const row of allRows(rowsPath)) {
    held.push(row)
    if (held.length === BATCH) await flush()
  }
  await flush()
  return { findings: found.list(), following: columns.filter((_, at) => pointing.has(at)) }
}

interface Counted {
  passages: number
  rows: number
  added: number
  lastLine: number
  readonly places: Place[]
  readonly addedPlaces: Place[]
}

class Findings {
  readonly #columns: readonly string[]
  readonly #byColumn: readonly Map<string, Counted>[]

  constructor(columns: readonly string[]) {
    this.#columns = columns
    this.#byColumn = columns.map(() => new Map<string, Counted>())
  }

  add(at: number, kind: string, place: Place, isAdded: boolean): void {
    const kinds = this.#byColumn[at]
    const counted = kinds?.get(kind) ?? { passages: 0, rows: 0, added: 0, lastLine: -1, places: [], addedPlaces: [] }
    counted.passages++
    if (isAdded) {
      counted.added++
      const { addedPlaces } = counted
      if (addedPlaces.length < MOST_PLACES && addedPlaces.at(-1)?.line !== place.line) addedPlaces.push(place)
    }
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
        .map(([kind, { passages, rows, added, places, addedPlaces }]) => {
          const first = [...addedPlaces, ...places.filter(({ line }) => !addedPlaces.some((other) => other.line === line))]
          return { column, kind, passages, rows, added, places: first.slice(0, MOST_PLACES) }
        })
        .sort((a, b) => b.passages - a.passages)
    )
  }
}
