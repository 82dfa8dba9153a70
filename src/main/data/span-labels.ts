import { InputError } from '../base/errors.ts'
import { counted, shown, shownList } from '../base/wording.ts'
import type { EncodedLabels } from './class-labels.ts'
import type { Collected } from './collect.ts'
import type { DatasetSpec, Note } from './dataset-types.ts'
import { compareLabels } from './label-order.ts'
import { parseSpans, type Span } from './spans/span.ts'

const inOrder = (a: Span, b: Span): number => a.start - b.start || b.end - a.end

interface Read {
  readonly spans: readonly (readonly Span[])[]
  /** Marks left out because others enclose or cross them. */
  readonly dropped: number
}

/** The marks of every row, in order and apart: overlapping ones are refused, or the outermost kept. */
function readSpans(spec: DatasetSpec, data: Collected, cells: readonly string[]): Read {
  const column = spec.label ?? ''
  let dropped = 0
  const spans = cells.map((cell, row) => {
    const { name = '' } = data.files[data.fileOf[row] ?? 0] ?? {}
    const line = data.lines[row] ?? 0
    const read = parseSpans(data.texts[row] ?? '', cell, { file: name, line, column }).sort(inOrder)
    const kept: Span[] = []
    for (const span of read) {
      const last = kept.at(-1)
      if (last === undefined || span.start >= last.end) kept.push(span)
      else if (spec.overlapping === 'outermost') dropped++
      // One mark given twice is one mark.
      else if (!isSame(last, span)) throw overlap(name, line, column)
    }
    return kept
  })
  return { spans, dropped }
}

const isSame = (a: Span, b: Span): boolean => a.start === b.start && a.end === b.end && a.label === b.label

function overlap(name: string, line: number, column: string): InputError {
  const what = `Line ${line} of ${name}: two passages in the column ${shown(column)} overlap.`
  const message = `${what} A word can be of one type only. Correct the marks, or set data.overlapping to outermost to keep the outer one.`
  const inApp = `${what} A word can be of one type only: correct the marks.`
  return new InputError('data_spans_overlap', message, { line, column, inApp })
}

/** How many rows have each type, in the rows that `isUsed` accepts. */
function countRows(spans: readonly (readonly Span[])[], isUsed: (row: number) => boolean): Map<string, number> {
  const counts = new Map<string, number>()
  for (const [row, own] of spans.entries()) {
    if (!isUsed(row)) continue
    for (const label of new Set(own.map((span) => span.label))) counts.set(label, (counts.get(label) ?? 0) + 1)
  }
  return counts
}

const mostTypes = 1000

function refuseUnlearnable(spec: DatasetSpec, data: Collected, types: number): void {
  const [file] = data.files
  const where = { ...(file && { file: file.path }), column: spec.label ?? '' }
  const column = `The column ${shown(spec.label ?? '')} of ${file?.name ?? ''}`
  if (types === 0) {
    const message = `${column} marks no passage in any row to train on. Mark some first.`
    throw new InputError('data_no_labels', message, where)
  }
  if (types <= mostTypes) return
  const message = `${column} has ${counted(types, 'type')} of passages, so these do not look like types. Each mark needs start, end and the name of its type.`
  throw new InputError('data_too_many_classes', message, where)
}

/** Refuses types that are not among `known`, naming the first line that has one. */
function refuseUnknown(spec: DatasetSpec, data: Collected, { spans }: Read, known: ReadonlySet<string>): void {
  const row = spans.findIndex((own) => own.some(({ label }) => !known.has(label)))
  if (row === -1) return
  const unknown = [...new Set(spans.flatMap((own) => own.map(({ label }) => label)))].filter((label) => !known.has(label))
  const file = data.files[data.fileOf[row] ?? 0]
  const origin = spec.classNames === undefined ? 'the training rows' : 'the types this model was trained on'
  const advice =
    spec.classNames === undefined
      ? 'Correct the marks, or add training rows that have them.'
      : `The types are ${shownList(spec.classNames, 20)}. Correct the marks, or leave the rows out.`
  const subject = `${unknown.length === 1 ? 'The type' : 'The types'} ${shownList(unknown)} in ${file?.name ?? ''}`
  const line = data.lines[row] ?? 0
  const message = `${subject} (first at line ${line}) ${unknown.length === 1 ? 'is' : 'are'} not among ${origin}. ${advice}`
  throw new InputError('data_label_unseen', message, { ...(file && { file: file.path }), line, column: spec.label ?? '' })
}

/**
 * Marks of token classification, a list for each row in the order of the text, and their types in the order of `compareLabels`: those of the
 * rows that are trained on, or `spec.classNames`. Throws an `InputError` for marks that overlap, and for types that training never saw.
 */
export function encodeSpans(spec: DatasetSpec, data: Collected, cells: readonly string[]): EncodedLabels {
  const read = readSpans(spec, data, cells)
  const isTrained = (row: number): boolean => {
    const role = data.files[data.fileOf[row] ?? 0]?.role
    return role !== 'validation' && role !== 'test'
  }
  const trained = countRows(read.spans, isTrained)
  if (spec.classNames === undefined) refuseUnlearnable(spec, data, trained.size)
  const classNames = spec.classNames ?? [...trained.keys()].sort(compareLabels)
  refuseUnknown(spec, data, read, new Set(classNames))
  const counts = countRows(read.spans, () => true)
  const notes: Note[] = []
  if (read.dropped > 0) {
    const message = `${counted(read.dropped, 'mark was', 'marks were')} left out because another mark begins before it and reaches into it.`
    notes.push({ code: 'marks_outermost', message })
  }
  return {
    labels: { kind: 'spans', values: read.spans },
    classNames,
    classCounts: classNames.map((name) => counts.get(name) ?? 0),
    notes
  }
}
