import type { StoredRow } from '../../datasets/rows-file.ts'

const LOOKED_AT = 50

/** Columns that hold marks of a text (`[{"start": 0, …}]`): they are no text of their own. */
export function marksColumns(columns: readonly string[], rows: readonly StoredRow[]): ReadonlySet<string> {
  const looked = rows.slice(0, LOOKED_AT)
  return new Set(
    columns.filter((_, i) => {
      const cells = looked.map(({ cells: all }) => (all[i] ?? '').trim()).filter((cell) => cell !== '')
      return cells.length > 0 && cells.every(areMarks) && cells.some((cell) => cell !== '[]')
    })
  )
}

function areMarks(cell: string): boolean {
  if (!cell.startsWith('[')) return false
  try {
    const value: unknown = JSON.parse(cell)
    return Array.isArray(value) && value.every((one) => typeof one === 'object' && one !== null && 'start' in one && 'end' in one)
  } catch {
    return false
  }
}
