import { InputError } from '../base/errors.ts'
import type { Collected } from './collect.ts'
import type { DatasetSpec, Labels, Note } from './dataset-types.ts'
import { compareLabels, numberOf } from './label-order.ts'
import { nearestName } from '../base/nearest-name.ts'
import { counted, shown, shownList } from '../base/wording.ts'

const MOST_CLASSES = 10_000

/** More distinct numbers than this, some with decimals, are measurements rather than classes. */
const MOST_DECIMAL_CLASSES = 20

export interface EncodedLabels {
  readonly labels: Labels
  readonly classNames: readonly string[]
  readonly classCounts: readonly number[]
  readonly notes: readonly Note[]
}

/** The labels of one cell: itself, or its parts in a multi-label data set, each once. */
type Parts = (cell: string) => readonly string[]

/** How often a label occurs in the rows that are trained on, and the first row that has it. */
interface Seen {
  count: number
  readonly first: number
}

const where = (spec: DatasetSpec, data: Collected, row?: number) => {
  const file = data.files[row === undefined ? 0 : (data.fileOf[row] ?? 0)]
  return { ...(file && { file: file.path }), ...(row !== undefined && { line: data.lines[row] ?? 0 }), column: spec.label ?? '' }
}

const place = (data: Collected, row: number): string =>
  `line ${data.lines[row] ?? 0} of ${data.files[data.fileOf[row] ?? 0]?.name ?? ''}`

/** Splits a multi-label cell at `separator`. A cell of separators alone has no labels. */
function partsOf(separator: string | null): Parts {
  if (separator === null) return (cell) => [cell]
  return (cell) => [...new Set(cell.split(separator).map((part) => part.trim()))].filter((part) => part !== '')
}

function countLabels(data: Collected, cells: readonly string[], parts: Parts): Map<string, Seen> {
  const seen = new Map<string, Seen>()
  for (const [row, cell] of cells.entries()) {
    const role = data.files[data.fileOf[row] ?? 0]?.role
    if (role === 'validation' || role === 'test') continue
    for (const label of parts(cell)) {
      const known = seen.get(label)
      if (known) known.count++
      else seen.set(label, { count: 1, first: row })
    }
  }
  return seen
}

/** Refuses labels from which no classifier can be learned: numbers, free text, one class, a class with one example. */
function refuseUnlearnable(spec: DatasetSpec, data: Collected, seen: ReadonlyMap<string, Seen>, rows: number): void {
  const column = `The column ${shown(spec.label ?? '')} of ${data.files[0]?.name ?? ''}`
  const at = where(spec, data)
  const numeric = [...seen.keys()].map(numberOf).filter((value) => value !== null)
  const distinct = counted(seen.size, 'different value')
  const areMostlyUnique = seen.size > 0.5 * rows && seen.size > 2
  const areDecimals = numeric.length > MOST_DECIMAL_CLASSES && numeric.some((value) => !Number.isInteger(value))
  if (numeric.length >= 0.9 * seen.size && (areMostlyUnique || areDecimals)) {
    const message = `${column} looks like numbers (${distinct} in ${counted(rows, 'row')}), not classes. Use task: regression, or name another column.`
    const inApp = `${column} looks like numbers (${distinct} in ${counted(rows, 'row')}), not classes. Predict it as a number, or choose another column.`
    throw new InputError('data_labels_numeric', message, { ...at, inApp })
  }
  if ((areMostlyUnique && seen.size > 20) || seen.size > MOST_CLASSES) {
    const message = `${column} has ${distinct} in ${counted(rows, 'row')}, so it does not look like classes. Name the column that holds the label.`
    const inApp = message.replace('Name the column that holds the label.', 'Choose the column that holds the answer.')
    throw new InputError('data_too_many_classes', message, { ...at, inApp })
  }
  if (seen.size === 0) {
    const inApp = `${column} names no class in any row. Check what divides several answers in one cell.`
    throw new InputError('data_no_labels', `${column} names no label in any row. Check 'label_separator'.`, { ...at, inApp })
  }
  if (seen.size === 1) {
    const [only = ''] = seen.keys()
    const message = `${column} has one class only, ${shown(only)}. A classifier needs examples of at least two classes.`
    throw new InputError('data_one_class', message, at)
  }
  const lonely = [...seen].filter(([, { count }]) => count === 1)
  const [first] = lonely
  if (first === undefined) return
  const names = shownList(lonely.map(([label]) => label).sort(compareLabels))
  const what = lonely.length === 1 ? `The class ${names} has one example only` : `These classes have one example only: ${names}`
  const message = `${what} (${lonely.length === 1 ? '' : 'the first at '}${place(data, first[1].first)}). Add examples, correct the label, or remove the ${lonely.length === 1 ? 'row' : 'rows'}.`
  throw new InputError('data_class_one_example', message, where(spec, data, first[1].first))
}

/** The class that a single unknown label was probably meant to be. */
function meant(unknown: readonly string[], classNames: readonly string[]): string {
  const nearest = unknown.length === 1 ? nearestName(unknown[0] ?? '', classNames) : null
  return nearest === null ? '' : `Did you mean ${shown(nearest)}? `
}

/** Refuses labels that are not among the classes, naming them and the first line that has one. */
function refuseUnknown(
  spec: DatasetSpec,
  data: Collected,
  cells: readonly string[],
  parts: Parts,
  classes: ReadonlyMap<string, number>
): void {
  const unknown = new Map<string, number>()
  for (const [row, cell] of cells.entries()) {
    for (const label of parts(cell)) if (!classes.has(label) && !unknown.has(label)) unknown.set(label, row)
  }
  const [first] = unknown
  if (first === undefined) return
  const [, row] = first
  const names = shownList([...unknown.keys()])
  const fileName = data.files[data.fileOf[row] ?? 0]?.name ?? ''
  const subject = unknown.size === 1 ? `The label ${names}` : `The labels ${names}`
  const origin = spec.classNames === undefined ? 'the training rows' : 'the classes this model was trained on'
  const verb = unknown.size === 1 ? 'is' : 'are'
  const advice =
    spec.classNames === undefined
      ? 'Correct the labels, or add training rows that have them.'
      : `${meant([...unknown.keys()], spec.classNames)}The classes are ${shownList(spec.classNames, 20)}. Correct the labels, or leave the rows out.`
  const message = `${subject} in ${fileName} (first at line ${data.lines[row] ?? 0}) ${verb} not among ${origin}. ${advice}`
  throw new InputError('data_label_unseen', message, where(spec, data, row))
}

/** Classes whose names differ only by case or inner spaces are probably one class typed in two ways. */
function similarNames(classNames: readonly string[]): Note[] {
  const byFolded = new Map<string, string[]>()
  for (const name of classNames) {
    const folded = name.toLowerCase().replace(/\s+/g, '')
    byFolded.set(folded, [...(byFolded.get(folded) ?? []), name])
  }
  const alike = [...byFolded.values()].filter((names) => names.length > 1)
  return alike.map((names) => ({
    code: 'similar_classes',
    message: `The classes ${names.map(shown).join(' and ')} differ only in capitals or spaces. If they mean the same, write them alike.`
  }))
}

function absentNotes(data: Collected, cells: readonly string[], parts: Parts, classNames: readonly string[]): Note[] {
  const notes: Note[] = []
  for (const [index, file] of data.files.entries()) {
    if (file.role !== 'validation' && file.role !== 'test') continue
    const present = new Set(cells.flatMap((cell, row) => (data.fileOf[row] === index ? parts(cell) : [])))
    const absent = classNames.filter((name) => !present.has(name))
    if (absent.length === 0) continue
    notes.push({
      code: 'absent_classes',
      message: `${file.name} has no example of ${shownList(absent)}, so nothing is measured for it.`
    })
  }
  return notes
}

/**
 * Turns label cells into class ids, or multi-hot rows when `separator` is given. Classes are those of the rows that are trained on (or
 * `spec.classNames`), in the order of `compareLabels`. Throws an `InputError` for labels that cannot be learned or were never seen.
 */
export function encodeClasses(
  spec: DatasetSpec,
  data: Collected,
  cells: readonly string[],
  separator: string | null
): EncodedLabels {
  const parts = partsOf(separator)
  let classNames = spec.classNames
  if (classNames === undefined) {
    const seen = countLabels(data, cells, parts)
    const trained = data.files.filter(({ role }) => role === 'all' || role === 'train').reduce((sum, { used }) => sum + used, 0)
    refuseUnlearnable(spec, data, seen, trained)
    classNames = [...seen.keys()].sort(compareLabels)
  }
  const idOf = new Map(classNames.map((name, id) => [name, id]))
  refuseUnknown(spec, data, cells, parts, idOf)
  const classCounts = new Array<number>(classNames.length).fill(0)
  const width = separator === null ? 1 : classNames.length
  const values = separator === null ? new Int32Array(cells.length) : new Uint8Array(cells.length * width)
  for (const [row, cell] of cells.entries()) {
    for (const label of parts(cell)) {
      const id = idOf.get(label) ?? 0
      classCounts[id] = (classCounts[id] ?? 0) + 1
      if (values instanceof Int32Array) values[row] = id
      else values[row * width + id] = 1
    }
  }
  const labels: Labels = values instanceof Int32Array ? { kind: 'class', values } : { kind: 'multi_hot', values }
  const notes = spec.classNames === undefined ? [...similarNames(classNames), ...absentNotes(data, cells, parts, classNames)] : []
  return { labels, classNames, classCounts, notes }
}
