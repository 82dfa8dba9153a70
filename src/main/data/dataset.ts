import { createHash } from 'node:crypto'
import type { Hash } from 'node:crypto'
import { InputError } from '../base/errors.ts'
import { encodeClasses } from './class-labels.ts'
import { encodeAnswers } from './questions/answer-labels.ts'
import { askOfEach } from './questions/ask-of-each.ts'
import { encodeSpans } from './span-labels.ts'
import type { EncodedLabels } from './class-labels.ts'
import { collect } from './collect.ts'
import type { Collected } from './collect.ts'
import { encodeDates } from './dates.ts'
import type { Dataset, DatasetSpec, Note, ProblemType } from './dataset-types.ts'
import { encodeParts } from './parts.ts'
import { openSources } from './sources.ts'
import { encodeTargets } from './targets.ts'
import { counted, shown } from '../base/wording.ts'

const DEFAULT_LABEL_SEPARATOR = ';'

function problemTypeOf(spec: DatasetSpec): ProblemType | null {
  if (spec.task === 'masked-lm') return null
  if (spec.label === undefined) {
    throw new InputError('data_label_missing', `The task ${spec.task} needs 'label', the column with what is to be learned.`, {
      key: 'label',
      inApp: 'Choose the column that holds the answer.'
    })
  }
  if (spec.task !== 'text-classification') return spec.task
  const inferred = spec.label_separator === undefined ? 'single_label_classification' : 'multi_label_classification'
  const problemType = spec.problem_type ?? inferred
  if (spec.label_separator === '') {
    throw new InputError('data_label_separator', "'label_separator' is empty. Name the character between two labels.", {
      key: 'label_separator',
      inApp: 'Say what divides several answers in one cell, or that each cell holds one.'
    })
  }
  if (problemType === 'single_label_classification' && spec.label_separator !== undefined) {
    const message = "'label_separator' needs problem_type: multi_label_classification. Remove one of the two."
    const inApp = 'Either each cell holds one answer, or something divides several. Choose one of the two.'
    throw new InputError('data_label_separator', message, { key: 'label_separator', inApp })
  }
  return problemType
}

function refuseNoRows({ files }: Collected): void {
  const empty = files.find(({ rows }) => rows === 0)
  if (!empty) return
  const message = `${empty.name} has column names but no rows below them. Is it the right file?`
  throw new InputError('data_no_rows', message, { file: empty.path })
}

/** Refuses files that leave no row to use, naming the reason that most rows share. */
function refuseNothing(spec: DatasetSpec, data: Collected): void {
  refuseNoRows(data)
  for (const [index, { path, name, rows, used }] of data.files.entries()) {
    if (used > 0) continue
    const reasons = new Set(data.skipped.filter(({ file }) => file === index).map(({ reason }) => reason))
    const where = { file: path }
    if (!reasons.has('missing_label')) {
      const column = reasons.has('empty_text') ? spec.text : (spec.text_pair ?? spec.text)
      const message = `No row of ${name} can be used: the column ${shown(column)} is empty in ${rows === 1 ? 'its only row' : `all ${counted(rows, 'row')}`}.`
      throw new InputError('data_no_text', message, { ...where, column })
    }
    const message = `No row of ${name} can be used: none of its ${counted(rows, 'row')} has both a text (column ${shown(spec.text)}) and a label (column ${shown(spec.label ?? '')}).`
    throw new InputError('data_no_labels', message, { ...where, column: spec.label ?? '' })
  }
}

function encode(spec: DatasetSpec, problemType: ProblemType | null, data: Collected): EncodedLabels {
  const unnamed = { classNames: [], classCounts: [], notes: [] }
  if (problemType === null || data.labels === null) return { ...unnamed, labels: { kind: 'none' } }
  if (problemType === 'regression')
    return { ...unnamed, labels: { kind: 'target', values: encodeTargets(spec, data, data.labels) } }
  if (problemType === 'token-classification') return encodeSpans(spec, data, data.labels)
  if (problemType === 'question-answering') return encodeAnswers(spec, data, data.labels)
  const separator = problemType === 'multi_label_classification' ? (spec.label_separator ?? DEFAULT_LABEL_SEPARATOR) : null
  return encodeClasses(spec, data, data.labels, separator)
}

function readingNotes(spec: DatasetSpec, data: Collected): Note[] {
  const notes: Note[] = []
  for (const { name, encoding } of data.files) {
    if (encoding !== 'windows-1252' || spec.encoding !== undefined) continue
    notes.push({
      code: 'encoding_guessed',
      message: `${name} is not UTF-8 and was read as Windows-1252. Check that accents look right.`
    })
  }
  const { first, count } = data.rejected
  if (count > 0) {
    const named = first.map(({ file, place, reason }) => `${shown(file)}${place === null ? '' : ` (${place})`}: ${reason}`)
    const more = count > first.length ? ` And ${counted(count - first.length, 'more', 'more')}.` : ''
    const message = `${counted(count, 'document or page was', 'documents or pages were')} left out. ${named.join(' ')}${more}`
    notes.push({ code: 'documents_rejected', message })
  }
  const alone = data.groups?.filter((group) => group === '').length ?? 0
  if (alone > 0) {
    const message = `${counted(alone, 'row names', 'rows name')} no ${shown(spec.group ?? '')} and ${alone === 1 ? 'is' : 'are'} treated as unrelated to all others.`
    notes.push({ code: 'group_missing', message })
  }
  return notes
}

/** Adds a column to the hash, each value preceded by its length so that no two columns read alike. */
function hashColumn(hash: Hash, name: string, values: readonly string[] | null): void {
  hash.update(`${name} ${values === null ? 'absent' : values.length}\n`)
  for (const value of values ?? []) hash.update(`${value.length} ${value}\n`)
}

function contentHashOf(spec: DatasetSpec, data: Collected): string {
  const hash = createHash('sha256')
  hash.update('attune dataset 1\n')
  hashColumn(hash, 'texts', data.texts)
  hashColumn(hash, 'pairs', data.pairs)
  hashColumn(hash, 'labels', spec.task === 'masked-lm' ? null : data.labels)
  if (spec.overlapping === 'outermost') hash.update('outermost\n')
  if (data.kinds !== undefined) hashColumn(hash, 'kinds', data.kinds.map(String))
  hashColumn(hash, 'groups', data.groups)
  // Absent it leaves the hash as it was before there was such a column: test looks are counted by it.
  if (data.parts !== null) hashColumn(hash, 'parts', data.parts)
  if (data.dates !== null) hashColumn(hash, 'dates', data.dates)
  for (const { role, used } of data.files) hash.update(`${role} ${used}\n`)
  return hash.digest('hex')
}

/**
 * Reads the data of a run into memory, column by column. Rows without text or label are left out and listed in `skipped`.
 * Throws an `InputError` for every fault of the files, the columns and the labels that would make the training meaningless.
 */
export async function loadDataset(spec: DatasetSpec, signal?: AbortSignal): Promise<Dataset> {
  const problemType = problemTypeOf(spec)
  // Pre-training learns from the text alone: a row without a label must not be left out for it.
  const read: DatasetSpec = spec.task === 'masked-lm' ? withoutLabel(spec) : spec
  const collected = await collect(read, await openSources(read, signal), { keepAll: false, signal })
  refuseNothing(read, collected)
  const data = read.questions === undefined ? collected : askOfEach(collected, read.questions)
  const { labels, classNames, classCounts, notes } = encode(read, problemType, data)
  const { files, texts, pairs, groups, ids, skipped, skippedCounts } = data
  return {
    task: spec.task,
    problemType,
    files,
    count: texts.length,
    texts,
    pairs,
    labels,
    classNames,
    classCounts,
    groups,
    ids,
    parts: encodeParts(read, data),
    dates: encodeDates(read, data),
    lines: Int32Array.from(data.lines),
    fileOf: Uint8Array.from(data.fileOf),
    skipped,
    skippedCounts,
    notes: [...readingNotes(spec, data), ...notes],
    contentHash: contentHashOf(read, data)
  }
}

function withoutLabel({ label: _label, ...spec }: DatasetSpec): DatasetSpec {
  return spec
}

/** The columns to read for prediction; there are no labels. */
export type InputSpec = Pick<DatasetSpec, 'text' | 'text_pair' | 'questions' | 'id' | 'encoding' | 'delimiter' | 'limits'> & {
  readonly file: string
}

/** Rows to predict: every row of the file, in its order. */
export interface Inputs {
  readonly count: number
  readonly texts: readonly string[]
  readonly pairs: readonly string[] | null
  readonly ids: readonly string[] | null
  readonly lines: Int32Array
  /** Number of each row's question, where the same ones are asked of every text. */
  readonly kinds: Int32Array | null
  /** Rows without a text, which are kept so that the output has the input's rows. */
  readonly emptyRows: number
}

/**
 * Reads the rows to predict; unlike `loadDataset` it keeps rows without text, and does without the ids where the file has no such column: new texts need not
 * have the ids of those that were trained on. Throws an `InputError` for unreadable files.
 */
export async function loadInputs({ id, ...spec }: InputSpec, signal?: AbortSignal): Promise<Inputs> {
  const read: DatasetSpec = { task: 'masked-lm', ...spec }
  const sources = await openSources(read, signal)
  const hasIds = id !== undefined && sources.every(({ probe }) => probe.columns.includes(id))
  const data = await collect(hasIds ? { ...read, id } : read, sources, { keepAll: true, signal })
  refuseNoRows(data)
  const asked = spec.questions === undefined ? data : askOfEach(data, spec.questions)
  const { texts, pairs, ids, lines, skippedCounts, kinds } = asked
  const emptyRows = skippedCounts.empty_text + skippedCounts.empty_text_pair
  return {
    count: texts.length,
    texts,
    pairs,
    ids,
    lines: Int32Array.from(lines),
    kinds: kinds ? Int32Array.from(kinds) : null,
    emptyRows
  }
}
