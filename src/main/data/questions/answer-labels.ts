import { InputError } from '../../base/errors.ts'
import { counted, shown, shownList } from '../../base/wording.ts'
import type { EncodedLabels } from '../class-labels.ts'
import type { Collected } from '../collect.ts'
import type { DatasetSpec, Note } from '../dataset-types.ts'
import { parseSpans, type CellPlace, type Span } from '../spans/span.ts'
import { parseAnswers, type AnswerStretch, type ParsedAnswers } from './parse-answers.ts'

/**
 * The answers of every row: those of its cell, or the marks of the type that its question asks for. Throws an `InputError` where no row to train on has
 * one, and for answers that do not stand in their texts.
 */
export function encodeAnswers(spec: DatasetSpec, data: Collected, cells: readonly string[]): EncodedLabels {
  const read = data.kinds === undefined ? asWritten(spec, data, cells) : asMarked(spec, data, cells, data.kinds)
  const values = read.map(({ answers }) => answers)
  refuseNone(spec, data, values)
  const kinds = data.kinds === undefined ? null : Int32Array.from(data.kinds)
  const classNames = kinds === null ? [] : Object.keys(spec.questions ?? {})
  const answered = (kind: number): number => values.filter((own, row) => own.length > 0 && kinds?.[row] === kind).length
  return {
    labels: { kind: 'answers', values, kinds },
    classNames,
    classCounts: classNames.map((_, kind) => answered(kind)),
    notes: [...ambiguous(read), ...(kinds === null ? [] : unasked(spec, data, cells, classNames))]
  }
}

function placeOf(spec: DatasetSpec, data: Collected, row: number): CellPlace {
  const { name = '' } = data.files[data.fileOf[row] ?? 0] ?? {}
  return { file: name, line: data.lines[row] ?? 0, column: spec.label ?? '' }
}

const asWritten = (spec: DatasetSpec, data: Collected, cells: readonly string[]): ParsedAnswers[] =>
  cells.map((cell, row) => parseAnswers(data.texts[row] ?? '', cell, placeOf(spec, data, row)))

function asMarked(spec: DatasetSpec, data: Collected, cells: readonly string[], kinds: readonly number[]): ParsedAnswers[] {
  const names = Object.keys(spec.questions ?? {})
  const spansOf = lastSpans(spec, data, cells)
  return kinds.map((kind, row) => {
    const own = spansOf(row).filter(({ label }) => label === names[kind])
    const answers = own.map(({ start, end }): AnswerStretch => ({ start, end })).sort((a, b) => a.start - b.start)
    return { answers, isAmbiguous: false }
  })
}

/** Marks of a row's text; the rows of one text follow each other. */
function lastSpans(spec: DatasetSpec, data: Collected, cells: readonly string[]): (row: number) => readonly Span[] {
  let last: { readonly line: number; readonly file: number; readonly spans: readonly Span[] } | null = null
  return (row) => {
    const [line, file] = [data.lines[row] ?? 0, data.fileOf[row] ?? 0]
    if (last?.line !== line || last.file !== file)
      last = { line, file, spans: parseSpans(data.texts[row] ?? '', cells[row] ?? '', placeOf(spec, data, row)) }
    return last.spans
  }
}

function refuseNone(spec: DatasetSpec, { files, fileOf }: Collected, values: readonly (readonly AnswerStretch[])[]): void {
  const isTrained = (row: number): boolean => {
    const role = files[fileOf[row] ?? 0]?.role
    return role !== 'validation' && role !== 'test'
  }
  // The model of an earlier run can be judged on questions without answers.
  if (spec.classNames !== undefined || values.some((own, row) => own.length > 0 && isTrained(row))) return
  const [file] = files
  const message = `The column ${shown(spec.label ?? '')} of ${file?.name ?? ''} has no answer in any row to train on. Check that it is the right column.`
  throw new InputError('data_no_labels', message, { ...(file && { file: file.path }), column: spec.label ?? '' })
}

function ambiguous(read: readonly ParsedAnswers[]): Note[] {
  const count = read.filter(({ isAmbiguous }) => isAmbiguous).length
  if (count === 0) return []
  const message = `${counted(count, 'answer stands', 'answers stand')} in more than one place of ${count === 1 ? 'its text' : 'their texts'}; the first was taken. SQuAD's answer_start says which one is meant.`
  return [{ code: 'answers_ambiguous', message }]
}

/** Says which marks no question asks for, and which question no mark answers. */
function unasked(spec: DatasetSpec, data: Collected, cells: readonly string[], asked: readonly string[]): Note[] {
  const spansOf = lastSpans(spec, data, cells)
  const types = new Set(cells.flatMap((_, row) => spansOf(row).map(({ label }) => label)))
  const extra = [...types].filter((type) => !asked.includes(type)).sort()
  const missing = asked.filter((type) => !types.has(type))
  const notes: Note[] = []
  if (extra.length > 0)
    notes.push({ code: 'answers_unasked', message: `No question asks for marks of ${shownList(extra, 20)}; they are left out.` })
  if (missing.length > 0)
    notes.push({
      code: 'questions_unanswered',
      message: `No text has a mark of ${shownList(missing, 20)}, which the questions ask for.`
    })
  return notes
}
