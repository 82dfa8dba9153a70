import type { Mark } from '../../base/mark.ts'

/** A passage as a model found it: `sure` is the least probability of its words. */
export interface SureMark extends Mark {
  readonly sure: number
}

/** The cell that holds what was found in a text; places count UTF-16 units, as the text lies beside it. */
export const foundCell = (marks: readonly SureMark[]): string =>
  JSON.stringify(marks.map(({ start, end, label, sure }) => ({ start, end, label, sure: Number(sure.toFixed(6)) })))

/** Reads it back. */
export const foundIn = (cell: string | undefined): readonly SureMark[] =>
  cell === undefined || cell === '' ? [] : (JSON.parse(cell) as readonly SureMark[]) // Written by `foundCell`.

/** How sure the least sure passage is; 1 where there is none. */
export const leastSure = (marks: readonly SureMark[]): number => Math.min(1, ...marks.map(({ sure }) => sure))

/** `DATE 2 · NAME 1`: how many of each kind, in the order of their names. */
export function kindCounts(marks: readonly Mark[]): string {
  const counts = new Map<string, number>()
  for (const { label } of marks) counts.set(label, (counts.get(label) ?? 0) + 1)
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([label, count]) => `${label} ${count}`)
    .join(' · ')
}
