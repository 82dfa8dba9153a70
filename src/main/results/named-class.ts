import type { NamedClass } from '../report/quotable.ts'
import type { StoredPredictions } from '../report/predictions.ts'

/** How many test rows of a class each baseline found. */
export function foundByBaselines({ classNames, truth, baselines = [] }: StoredPredictions, name: string): NamedClass['foundBy'] {
  const label = classNames.indexOf(name)
  return baselines.map(({ id, title, said }) => ({
    id,
    title,
    found: said.filter((each, row) => each === label && truth[row] === label).length
  }))
}

/** What rows are called in a sentence: their text column in the plural, where it is one plain English word; else `rows`. */
export function nounOf(column: string | null): string {
  if (column === null || !/^[a-z]{3,20}$/.test(column) || column.endsWith('s')) return 'rows'
  if (/[^aeiou]y$/.test(column)) return `${column.slice(0, -1)}ies`
  return /(?:x|z|ch|sh)$/.test(column) ? `${column}es` : `${column}s`
}
