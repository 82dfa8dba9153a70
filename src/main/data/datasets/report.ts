import type { DatasetId } from '../../../preload/contract/common.ts'
import type { DatasetReport, Roles } from '../../../preload/contract/data.ts'
import { InputError, sentenceInApp } from '../../base/errors.ts'
import { loadDataset } from '../dataset.ts'
import type { Dataset, DatasetSpec } from '../dataset-types.ts'
import { importerFor } from '../importers/index.ts'
import { numberOf } from '../label-order.ts'
import type { Split } from '../split.ts'
import { binsOf } from './bins.ts'
import { wordsIn } from './column-stats.ts'
import { divisionKeys, splitBy, type Division } from './division.ts'
import { findingsOf } from './findings.ts'
import { MarkCounts } from './mark-counts.ts'
import { marksFindings } from './mark-findings.ts'
import { questionFacts } from './question-facts.ts'
import { asksOfEach } from './question-roles.ts'

export interface ReportInput {
  readonly id: DatasetId
  readonly path: string
  readonly roles: Roles
  readonly division: Division
  readonly rows: number
  /** What the roles lack, as a sentence. */
  readonly missing: string | null
  /** The column of marked passages, where there is one. */
  readonly marks?: string | null
}

/** How far a report is; `done` of `total` rows, 0 of 0 where nobody can say. */
export interface ReportProgress {
  readonly phase: 'counting' | 'checking'
  readonly done: number
  readonly total: number
}

/** What the data are like under these roles: counted row by row, and split as training would split them. */
export async function reportOn(
  input: ReportInput,
  onProgress: (progress: ReportProgress) => void = () => undefined
): Promise<DatasetReport> {
  const { id, roles, rows, missing } = input
  const counts = await countRows(input, (done) => onProgress({ phase: 'counting', done, total: rows }))
  onProgress({ phase: 'checking', done: 0, total: 0 })
  const learned = missing === null ? await tryLoading(input) : { failure: missing, dataset: null, split: null }
  const { dataset, split, failure } = learned
  const isScore = roles.task === 'regression'
  const areMarks = roles.task === 'token-classification'
  const areAsked = roles.task === 'question-answering'
  return {
    id,
    roles,
    rows: { total: rows, usable: counts.usable },
    classes: isScore || areMarks || areAsked || roles.answer === null ? null : counts.classes,
    kinds:
      (areMarks || asksOfEach(roles)) && roles.answer !== null
        ? counts.marks.types.map(([name, count]) => ({ name, count }))
        : null,
    questions: areAsked && dataset ? questionFacts(dataset) : null,
    scores: isScore && roles.answer !== null ? binsOf(counts.scores) : null,
    lengths: binsOf(counts.words),
    split: split && {
      train: split.train.length,
      validation: split.validation.length,
      test: split.test.length,
      by: roles.belonging === 'column' ? roles.group : null,
      from: input.division.from,
      folds: divisionKeys(input.division).folds
    },
    findings: [...findingsOf({ roles, counts, dataset, split }), ...marksFindings(counts.marks, markRole(roles))],
    blocked: failure
  }
}

/** What the marks are for: to be found, to answer questions, or nothing. */
function markRole(roles: Roles): 'found' | 'answers' | 'unused' {
  if (roles.task === 'token-classification') return 'found'
  return asksOfEach(roles) ? 'answers' : 'unused'
}

/** Of marks that overlap the outer one is kept, and a finding counts those that were not: data of several people often have some. */
const OVERLAPPING = 'outermost'

/** The data section of a run under these roles. */
export function specOf(path: string, roles: Roles, division: Division): DatasetSpec {
  const { task, text, textPair, answer, questions, separator, group, belonging } = roles
  const { split_column, split_date } = divisionKeys(division)
  return {
    task,
    file: path,
    ...(task === 'text-classification' && separator !== null ? { label_separator: separator } : {}),
    ...(task === 'token-classification' ? { overlapping: OVERLAPPING } : {}),
    ...(split_column === null ? {} : { split_column }),
    ...(split_date === null ? {} : { split_date }),
    text: text ?? '',
    ...(textPair === null || task === 'token-classification' || asksOfEach(roles) ? {} : { text_pair: textPair }),
    ...(asksOfEach(roles) && questions ? { questions } : {}),
    ...(answer === null ? {} : { label: answer }),
    ...(belonging === 'column' && group !== null ? { group } : {})
  }
}

interface Learned {
  readonly failure: string | null
  readonly dataset: Dataset | null
  readonly split: Split | null
}

async function tryLoading({ path, roles, division }: ReportInput): Promise<Learned> {
  let dataset: Dataset | null = null
  try {
    dataset = await loadDataset(specOf(path, roles, division))
    return { failure: null, dataset, split: await splitBy(dataset, division) }
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return { failure: sentenceInApp(error), dataset, split: null }
  }
}

/** What rows are like before anything is refused. */
export interface RowCounts {
  readonly usable: number
  readonly emptyTexts: number
  /** Rows whose question is missing. */
  readonly emptyQuestions: number
  readonly unlabelled: number
  /** The most frequent first. */
  readonly classes: readonly { readonly name: string; readonly count: number }[]
  readonly scores: readonly number[]
  /** Words of each text. */
  readonly words: readonly number[]
  /** Marked passages by their type. */
  readonly marks: MarkCounts
}

const MOST_CLASSES = 1000

/** The classes of a cell, each once; none where it is empty. */
function classesIn(cell: string, separator: string | null): Iterable<string> {
  const parts = separator === null ? [cell] : cell.split(separator).map((part) => part.trim())
  return new Set(parts.filter((part) => part !== ''))
}

const ROWS_A_NEWS = 20_000

async function countRows(
  { path, roles: { task, text, textPair, answer, separator, questions }, marks: marked }: ReportInput,
  onRows: (done: number) => void
): Promise<RowCounts> {
  const importer = importerFor(path)
  const { format } = await importer.probe(path)
  const classes = new Map<string, number>()
  const [scores, words]: [number[], number[]] = [[], []]
  const marks = new MarkCounts()
  const asked = task === 'question-answering' && questions == null ? textPair : null
  let [usable, emptyTexts, emptyQuestions, unlabelled, done] = [0, 0, 0, 0, 0]
  let last = ''
  for await (const { values } of importer.rows(path, format)) {
    if (++done % ROWS_A_NEWS === 0) onRows(done)
    const read = text === null ? '' : (values[text] ?? '')
    const said = answer === null ? '' : (values[answer] ?? '').trim().normalize('NFC')
    if (marked !== null && marked !== undefined) marks.add(values[marked] ?? '')
    const [isEmpty, isUnlabelled] = [read.trim() === '', said === '']
    const isUnasked = asked !== null && (values[asked] ?? '').trim() === ''
    if (isEmpty) emptyTexts++
    // Questions about one text follow each other: it is counted once.
    else if (task !== 'question-answering' || read !== last) words.push(wordsIn(read))
    last = read
    if (isUnasked) emptyQuestions++
    if (isUnlabelled) unlabelled++
    if (!isEmpty && !isUnlabelled && !isUnasked) usable++
    if (task === 'token-classification' || task === 'question-answering') continue
    const score = numberOf(said)
    if (score !== null) scores.push(score)
    for (const name of classesIn(said, separator))
      if (classes.has(name) || classes.size < MOST_CLASSES) classes.set(name, (classes.get(name) ?? 0) + 1)
  }
  const sorted = [...classes].map(([name, count]) => ({ name, count })).sort((a, b) => b.count - a.count)
  return { usable, emptyTexts, emptyQuestions, unlabelled, classes: sorted, scores, words, marks }
}
