import { InputError } from '../base/errors.ts'
import type { Dataset } from './dataset-types.ts'
import { counted, shown } from '../base/wording.ts'

/** Rows that must stay together, in ascending order. */
export type Unit = readonly number[]

/** The representative of `row`'s set; shortens the path to it on the way. */
function find(parents: Int32Array, row: number): number {
  let at = row
  while ((parents[at] ?? at) !== at) {
    const parent = parents[at] ?? at
    parents[at] = parents[parent] ?? parent
    at = parent
  }
  return at
}

/** Rows of each named group, in order of first appearance. */
function groupSets(groups: readonly string[]): Map<string, number[]> {
  const sets = new Map<string, number[]>()
  for (const [row, group] of groups.entries()) {
    if (group === '') continue
    const set = sets.get(group)
    if (set) set.push(row)
    else sets.set(group, [row])
  }
  return sets
}

/** Joins rows that share a group or a text into units, in order of their first row. */
export function unitsOf(dataset: Dataset, duplicates: readonly Unit[], byGroup: boolean): Unit[] {
  const parents = Int32Array.from({ length: dataset.count }, (_, row) => row)
  const groups = byGroup && dataset.groups !== null ? [...groupSets(dataset.groups).values()] : []
  for (const set of [...duplicates, ...groups]) {
    const root = find(parents, set[0] ?? 0)
    for (const row of set) parents[find(parents, row)] = root
  }
  const units = new Map<number, number[]>()
  for (let row = 0; row < dataset.count; row++) {
    const root = find(parents, row)
    const unit = units.get(root)
    if (unit) unit.push(row)
    else units.set(root, [row])
  }
  return [...units.values()]
}

const SHOWN_EXAMPLES = 3

interface Crossing {
  /** The group's id, or `null` for a duplicated text, which is never quoted. */
  readonly group: string | null
  readonly rows: readonly [number, number]
}

/** The first row of `set` and the first of its rows that is in another file. */
function crossingOf(dataset: Dataset, group: string | null, set: Unit): Crossing | null {
  const [first = 0] = set
  const other = set.find((row) => dataset.fileOf[row] !== dataset.fileOf[first])
  return other === undefined ? null : { group, rows: [first, other] }
}

function refuseCrossing(dataset: Dataset, crossings: readonly Crossing[], code: string, what: string, advice: string): void {
  const [first] = crossings
  if (first === undefined) return
  const fileName = (row: number): string => dataset.files[dataset.fileOf[row] ?? 0]?.name ?? ''
  const files = [...new Set(crossings.flatMap(({ rows }) => rows.map(fileName)))]
  const examples = crossings.slice(0, SHOWN_EXAMPLES).map(({ group, rows: [a, b] }) => {
    const lines = `line ${dataset.lines[a] ?? 0} of ${fileName(a)} and line ${dataset.lines[b] ?? 0} of ${fileName(b)}`
    return group === null ? lines : `${shown(group)} at ${lines}`
  })
  const message = `${what} in more than one of ${files.join(', ')}, so the test would not be honest: ${examples.join('; ')}. ${advice}`
  const [, row] = first.rows
  throw new InputError(code, message, {
    file: dataset.files[dataset.fileOf[row] ?? 0]?.path ?? '',
    line: dataset.lines[row] ?? 0
  })
}

/** Refuses groups (where `byGroup`) and equal texts that lie in two of the files which the person has split. */
export function refuseCrossings(dataset: Dataset, duplicates: readonly Unit[], byGroup: boolean): void {
  if (dataset.files.length < 2) return
  const present = (crossing: Crossing | null) => crossing !== null
  const groups = dataset.groups === null || !byGroup ? [] : [...groupSets(dataset.groups)]
  const crossingGroups = groups.map(([group, set]) => crossingOf(dataset, group, set)).filter(present)
  const groupWords = `${counted(crossingGroups.length, 'group')} ${crossingGroups.length === 1 ? 'is' : 'are'}`
  refuseCrossing(
    dataset,
    crossingGroups,
    'data_groups_cross_files',
    groupWords,
    'Move each group into one file, or give one file and let it be split.'
  )
  const crossingTexts = duplicates.map((set) => crossingOf(dataset, null, set)).filter(present)
  const textWords = `${counted(crossingTexts.length, 'text')} ${crossingTexts.length === 1 ? 'is' : 'are'}`
  refuseCrossing(
    dataset,
    crossingTexts,
    'data_duplicates_cross_files',
    textWords,
    'Remove the copies, or give one file and let it be split.'
  )
}

/** Refuses rows that belong together, or share a text, and whose parts the split column fixes differently. */
export function refuseTornUnits({ parts, files, fileOf, lines }: Dataset, units: readonly Unit[]): void {
  if (parts === null) return
  for (const unit of units) {
    const first = unit.find((row) => parts[row] !== -1)
    if (first === undefined) continue
    const other = unit.find((row) => parts[row] !== -1 && parts[row] !== parts[first])
    if (other === undefined) continue
    const { path = '', name = '' } = files[fileOf[other] ?? 0] ?? {}
    const line = lines[other] ?? 0
    const message = `Lines ${lines[first] ?? 0} and ${line} of ${name} belong together or have the same text, but the split column puts them into different parts, so the test would not be honest. Correct the column, or let the rows be split.`
    throw new InputError('data_split_torn', message, { file: path, line })
  }
}
