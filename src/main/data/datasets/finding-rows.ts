import type { DataEdit, Finding, FixId, Roles } from '../../../preload/contract/data.ts'
import { InputError } from '../../base/errors.ts'
import { FEW_OF_A_CLASS, similarGroups } from './findings.ts'
import { keyOf } from './row-key.ts'
import { allRows, type StoredRow } from './rows-file.ts'

/** Which rows a finding is about, and what would put it right. */
export interface FindingRows {
  /** Lines at which the rows start, ascending. */
  readonly lines: readonly number[]
  /** The edits of each fix; those that would change nothing are left out. */
  readonly fixes: Partial<Record<FixId, readonly DataEdit[]>>
}

/** A finding, and the data set that it is about. */
export interface FindingInput {
  readonly code: Finding['code']
  /** Where the rows lie for paging. */
  readonly rowsPath: string
  readonly columns: readonly string[]
  readonly roles: Roles
}

interface Seen {
  readonly line: number
  readonly text: string
  readonly pair: string
  readonly label: string
  readonly key: string
}

/** Finds the rows of a finding in a data set's own file. */
export const findRows = ({ code, rowsPath, columns, roles }: FindingInput): Promise<FindingRows> =>
  rowsOfFinding(code, allRows(rowsPath), columns, roles)

/** Goes through a table once and finds the rows of one finding. Throws an InputError for a finding that is about no rows in particular. */
export async function rowsOfFinding(
  code: Finding['code'],
  rows: AsyncIterable<StoredRow>,
  columns: readonly string[],
  roles: Roles
): Promise<FindingRows> {
  const find = finders[code]
  if (!find) throw new InputError('finding-without-rows', 'This is about all of the data, not about some rows.')
  const [text, pair, answer] = [roles.text, roles.textPair, roles.answer].map((name) =>
    name === null ? -1 : columns.indexOf(name)
  )
  const needsKey = code.endsWith('duplicates')
  const seen: Seen[] = []
  for await (const { line, cells } of rows) {
    const read = cells[text ?? -1] ?? ''
    const label = (cells[answer ?? -1] ?? '').trim().normalize('NFC')
    const key = needsKey ? keyOf(read, cells[pair ?? -1] ?? '') : ''
    const isThere = (cell: string): string => (cell.trim() === '' ? '' : 'x')
    seen.push({ line, text: isThere(read), pair: isThere(cells[pair ?? -1] ?? ''), label, key })
  }
  return find(seen, roles)
}

type Finder = (rows: readonly Seen[], roles: Roles) => FindingRows

const drop = (lines: readonly number[]): FindingRows['fixes'] => (lines.length === 0 ? {} : { drop: [{ kind: 'drop', lines }] })

const linesWhere = (rows: readonly Seen[], test: (row: Seen) => boolean): readonly number[] =>
  rows.filter(test).map(({ line }) => line)

const unlabelled: Finder = (rows) => {
  const lines = linesWhere(rows, ({ label }) => label === '')
  return { lines, fixes: drop(lines) }
}

const emptyTexts: Finder = (rows) => {
  const lines = linesWhere(rows, ({ text }) => text === '')
  return { lines, fixes: drop(lines) }
}

const emptyQuestions: Finder = (rows) => {
  const lines = linesWhere(rows, ({ pair }) => pair === '')
  return { lines, fixes: drop(lines) }
}

/** Sets of usable rows with one text, in order of their first row. */
function setsOf(rows: readonly Seen[]): readonly (readonly Seen[])[] {
  const byKey = new Map<string, Seen[]>()
  for (const row of rows) {
    if (row.text === '' || row.label === '') continue
    const set = byKey.get(row.key)
    if (set) set.push(row)
    else byKey.set(row.key, [row])
  }
  return [...byKey.values()].filter((set) => set.length > 1)
}

const agrees = (set: readonly Seen[]): boolean => set.every(({ label }) => label === set[0]?.label)

/** Every row of a set is shown, so that the person sees what repeats what; the first of each set that agrees is kept. */
const duplicates: Finder = (rows) => {
  const sets = setsOf(rows)
  const extra = sets.filter(agrees).flatMap((set) => set.slice(1))
  return { lines: ascending(sets.flat()), fixes: drop(ascending(extra)) }
}

const conflicts: Finder = (rows) => ({
  lines: ascending(
    setsOf(rows)
      .filter((set) => !agrees(set))
      .flat()
  ),
  fixes: {}
})

const ascending = (rows: readonly Seen[]): readonly number[] => rows.map(({ line }) => line).sort((a, b) => a - b)

const rareClasses: Finder = (rows, { answer }) => {
  const rare = [...countLabels(rows)].filter(([, count]) => count < FEW_OF_A_CLASS).map(([name]) => name)
  const names = new Set(rare)
  const lines = linesWhere(rows, ({ label }) => names.has(label))
  if (answer === null || lines.length === 0 || rare.length > 1000) return { lines, fixes: {} }
  return { lines, fixes: { drop: [{ kind: 'drop-classes', column: answer, classes: rare }] } }
}

/** Classes written in several ways become the one that is written most often. */
const similarClasses: Finder = (rows, { answer }) => {
  const counts = countLabels(rows)
  const groups = similarGroups([...counts.keys()])
  const names = new Set(groups.flat())
  const lines = linesWhere(rows, ({ label }) => names.has(label))
  if (answer === null || groups.length === 0) return { lines, fixes: {} }
  const edits = groups.map((group): DataEdit => {
    const [to = '', ...from] = group.toSorted((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0))
    return { kind: 'rename', column: answer, from, to }
  })
  return { lines, fixes: { merge: edits } }
}

const severalAnswers: Finder = (rows) => ({ lines: linesWhere(rows, ({ label }) => /[;|]/.test(label)), fixes: {} })

function countLabels(rows: readonly Seen[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { label, text } of rows) if (label !== '' && text !== '') counts.set(label, (counts.get(label) ?? 0) + 1)
  return counts
}

const finders: Readonly<Record<string, Finder>> = {
  unlabelled,
  'empty-texts': emptyTexts,
  'empty-questions': emptyQuestions,
  duplicates,
  'conflicting-duplicates': conflicts,
  'rare-classes': rareClasses,
  'similar-classes': similarClasses,
  'several-answers': severalAnswers
}
