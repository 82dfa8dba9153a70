import { basename, extname } from 'node:path'
import { BELONGS_TO } from '../datasets/column-stats.ts'
import { partNamed } from '../parts.ts'

/** Folders that are classes: few, each with several documents. */
const MOST_CLASSES = 50

/**
 * Columns that the names of files and folders make, each with a cell for each file. Folders with several documents each are classes (`label`), folders
 * that are called train, validation and test are parts (`split`); other folders, and names that begin alike (`P12-1`, `P12-2`), are what may belong together.
 */
export function columnsOfNames(names: readonly string[]): Readonly<Record<string, readonly string[]>> {
  const paths = names.map((name) => name.split('/').slice(0, -1))
  const columns: Record<string, readonly string[]> = {}
  const tops = paths.map(([top = '']) => top)
  const areParts = new Set(tops).size > 1 && tops.every((top) => top !== '' && partNamed(top) !== null)
  if (areParts) columns['split'] = tops
  const rest = areParts ? paths.map((path) => path.slice(1)) : paths
  const classes = rest.map(([top = '']) => top)
  const different = new Set(classes.filter((name) => name !== '')).size
  if (different > 1 && different <= MOST_CLASSES && different * 2 <= names.length) columns['label'] = classes
  if (different > 0 && (columns['label'] === undefined || rest.some((path) => path.length > 1)))
    columns['folder'] = rest.map((path) => path.join('/'))
  const stems = names.map((name) => (/^\d+$/.test(stemOf(name)) ? name : stemOf(name)))
  const sizes = [...Map.groupBy(stems, (stem) => stem).values()].map((group) => group.length)
  // What a large part of them has in common (`letter-1`, `letter-2`) is a kind, not a person.
  const largest = sizes.reduce((most, size) => Math.max(most, size), 0)
  const areShared = sizes.length < names.length && largest <= Math.max(2, names.length / 4)
  if (columns['label'] === undefined && different > 1 && different < names.length) columns[BELONGS_TO] = classes
  else if (areShared && sizes.length > 1) columns[BELONGS_TO] = stems
  return columns
}

/** The name without its ending and without a counter at its end: `P12-2.txt` and `P12 (2).txt` are both `P12`. */
function stemOf(name: string): string {
  const bare = basename(name, extname(name))
  const stem = bare.replace(/\s*\(\d+\)$/, '').replace(/[-_.\s]+\d+$/, '')
  return stem === '' || /^[-_.\s]*$/.test(stem) ? bare : stem
}
