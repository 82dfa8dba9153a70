import type { DatasetFile, DatasetSpec, SkippedRow, SkipReason } from './dataset-types.ts'
import type { OnRejected, Rejected } from './documents/rejected.ts'
import type { Row } from './importers/define-importer.ts'
import { refuseNested } from './importers/nested.ts'
import { refuseTooMuch } from './sources.ts'
import type { Source } from './sources.ts'

const KEPT_SKIPPED = 1000

/** Columns as read: labels are still the trimmed text of their cells. */
export interface Collected {
  readonly files: DatasetFile[]
  readonly texts: string[]
  readonly pairs: string[] | null
  readonly labels: string[] | null
  readonly groups: string[] | null
  readonly ids: string[] | null
  /** Cells of the column that says the part of each row. */
  readonly parts: string[] | null
  /** Cells of the column with the date of each row. */
  readonly dates: string[] | null
  readonly lines: number[]
  readonly fileOf: number[]
  /** Number of each row's question, where the same ones are asked of every text. */
  readonly kinds?: readonly number[]
  readonly skipped: SkippedRow[]
  readonly skippedCounts: Record<SkipReason, number>
  /** Documents, and pages of them, that could not be read: the first ones, and how many there are. */
  readonly rejected: { readonly first: Rejected[]; count: number }
}

/** Rejected documents that are named in a note. */
const NAMED_REJECTED = 3

/** A copy that owns its characters: a cell cut from a longer text would keep the whole text alive. */
function owned(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8')
}

/** Keeps one copy of each repeated string. */
function interner(): (text: string) => string {
  const kept = new Map<string, string>()
  return (text) => {
    const known = kept.get(text)
    if (known !== undefined) return known
    const copy = owned(text)
    kept.set(copy, copy)
    return copy
  }
}

/** Labels and groups compare equal however their accents are composed and whatever spaces surround them. */
function tidy(cell: string | null | undefined): string {
  return (cell ?? '').trim().normalize('NFC')
}

function reasonToSkip(spec: DatasetSpec, { values }: Row): SkipReason | null {
  if ((values[spec.text] ?? '').trim() === '') return 'empty_text'
  if (spec.text_pair !== undefined && (values[spec.text_pair] ?? '').trim() === '') return 'empty_text_pair'
  if (spec.label !== undefined && (values[spec.label] ?? '').trim() === '') return 'missing_label'
  return null
}

/** The columns that can only hold text or a number: all but that of the marks or answers. */
function plainColumns(spec: DatasetSpec): readonly (string | undefined)[] {
  const label = spec.task === 'token-classification' || spec.task === 'question-answering' ? undefined : spec.label
  return [spec.text, spec.text_pair, label, spec.group, spec.id, spec.split_column, spec.split_date]
}

interface Options {
  /** Keep rows that cannot be used, with their text as it is. */
  readonly keepAll: boolean
  readonly signal?: AbortSignal | undefined
}

/** Reads the named columns of every source. Rows without text or label are left out and listed, unless `keepAll` is set. */
export async function collect(spec: DatasetSpec, sources: readonly Source[], { keepAll, signal }: Options): Promise<Collected> {
  const data: Collected = {
    files: [],
    texts: [],
    pairs: spec.text_pair === undefined ? null : [],
    labels: spec.label === undefined ? null : [],
    groups: spec.group === undefined ? null : [],
    ids: spec.id === undefined ? null : [],
    parts: spec.split_column === undefined ? null : [],
    dates: spec.split_date === undefined ? null : [],
    lines: [],
    fileOf: [],
    skipped: [],
    skippedCounts: { empty_text: 0, empty_text_pair: 0, missing_label: 0 },
    rejected: { first: [], count: 0 }
  }
  const intern = interner()
  const reject: OnRejected = (one) => {
    data.rejected.count++
    if (data.rejected.first.length < NAMED_REJECTED) data.rejected.first.push(one)
  }
  const plain = plainColumns(spec)
  let characters = 0
  for (const [file, source] of sources.entries()) {
    const { path, name, role, probe } = source
    const first = data.texts.length
    let rows = 0
    // A table's own rows are never passed over: the first one that cannot be read is an error. Documents of a folder and of other programs' marks are.
    const passesOver = source.isFolder || probe.format.marks !== undefined
    for await (const row of source.rows(signal, passesOver ? reject : undefined)) {
      rows++
      refuseNested(path, row, plain)
      const reason = reasonToSkip(spec, row)
      if (reason !== null) skip(data, { file, line: row.line, reason })
      if (reason !== null && !keepAll) continue
      characters += append(data, spec, row, file, intern)
      refuseTooMuch(source, data.texts.length, characters)
    }
    const { encoding, delimiter } = probe.format
    data.files.push({ path, name, role, encoding, delimiter, rows, used: data.texts.length - first })
  }
  return data
}

function skip(data: Collected, row: SkippedRow): void {
  data.skippedCounts[row.reason]++
  if (data.skipped.length < KEPT_SKIPPED) data.skipped.push(row)
}

/** Adds a row and returns the number of characters kept. */
function append(
  data: Collected,
  spec: DatasetSpec,
  { line, values }: Row,
  file: number,
  intern: (text: string) => string
): number {
  // Questions about one text stand in rows of their own: the text is kept once. Answers are of the text as it is.
  const isAsked = spec.task === 'question-answering'
  const text = isAsked ? intern(values[spec.text] ?? '') : owned(values[spec.text] ?? '')
  const pair = spec.text_pair === undefined ? '' : owned(values[spec.text_pair] ?? '')
  data.texts.push(text)
  data.pairs?.push(pair)
  if (spec.label !== undefined) {
    const cell = values[spec.label]
    data.labels?.push(intern(isAsked ? (cell ?? '').trim() : tidy(cell)))
  }
  if (spec.group !== undefined) data.groups?.push(intern(tidy(values[spec.group])))
  if (spec.id !== undefined) data.ids?.push(owned(values[spec.id] ?? ''))
  if (spec.split_column !== undefined) data.parts?.push(intern(tidy(values[spec.split_column])))
  if (spec.split_date !== undefined) data.dates?.push(intern(tidy(values[spec.split_date])))
  data.lines.push(line)
  data.fileOf.push(file)
  return text.length + pair.length
}
