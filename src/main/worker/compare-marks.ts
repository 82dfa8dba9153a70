import { defined } from '../base/assert.ts'
import type { Mark } from '../base/mark.ts'
import { entityMetrics, lostInMarks, type EntityData, type FoundMark } from '../engine/evaluation/index.ts'
import { encodeTags } from '../engine/tasks/tags.ts'
import { pathScore } from '../engine/tasks/viterbi.ts'
import { readPath, readTags, type TagReading } from '../engine/training/read-tags.ts'
import { SPAN_METRICS } from '../report/metrics.ts'
import { allowedOf, differenceOf, type Replay, type Tolerance } from './compare-answers.ts'
import type { TaggedUnits } from '../engine/training/token-examples.ts'
import { finite } from './judge.ts'
import type { Answered } from './opened-export.ts'
import type { MarkedRows } from './tested-marks.ts'

/** How passages compare, besides the documents that they are in. */
export interface ReplayedPassages {
  /** Found by the run when it was tested, and through the files. */
  readonly before: number
  readonly after: number
  /** Found by one of them alone. */
  readonly changed: number
  /** Of these, those in documents whose two readings are too close to call. */
  readonly ties: number
}

/** Logits of the words of documents, and how they are read. */
export interface ReadAnswers {
  readonly answered: Answered
  readonly reading: TagReading
}

export interface ComparedMarks {
  readonly rows: MarkedRows
  readonly tolerance: Tolerance
  /** What the run answers now, and what the exported files do. */
  readonly run: ReadAnswers
  readonly exported: ReadAnswers
  /** The passages that the run found when it was tested. */
  readonly stored: readonly (readonly FoundMark[])[]
  /** A group number per row, by which documents are drawn where the interval of a loss is estimated. */
  readonly groups: Int32Array | null
}

/** Fixed, so that exporting twice finds the same. */
const SEED = 1

/** Judges the passages before and after, and counts what changed. */
export function compareMarks({ rows, tolerance, run, exported, stored, groups }: ComparedMarks): Replay {
  const { difference, largest } = differenceOf(run.answered.logits, exported.answered.logits)
  const said = passagesOf(exported)
  const [before, after] = [rows.judged(stored), rows.judged(said)]
  const isByMetric = 'rounding' in tolerance
  const near = isByMetric ? 0 : allowedOf(tolerance, largest)
  const changed = changedDocuments(stored, said)
  const ties = isByMetric ? [] : changed.filter(tiedBetween(run, pathOf(exported), near))
  return {
    part: rows.part,
    rows: rows.places.length,
    of: rows.of,
    before: metricsOf(before),
    after: metricsOf(after),
    largest_logit_difference: difference,
    largest_logit: largest,
    changed_rows: changed.length,
    ties: ties.length,
    passages: { before: count(stored), after: count(said), changed: changedIn(changed), ties: changedIn(ties) },
    tolerance,
    ...(isByMetric && {
      loss: { metric: 'micro_f1', ...lostInMarks(before, after, { seed: SEED, groups }), allowed: tolerance.lost }
    })
  }
}

/** Those that decide first. */
function metricsOf(data: EntityData): Record<string, number> {
  const all: Readonly<Record<string, number>> = entityMetrics(data)
  const first = Object.fromEntries(SPAN_METRICS.map((name) => [name, all[name] ?? Number.NaN]))
  return finite({ ...first, ...all })
}

/** Of a logit: what another batch or processor may change. */
const AS_TESTED = 1e-3

/** Whether a run still finds what it found when it was tested, but for documents whose two readings are too close to call. */
export function findsAsTested(run: ReadAnswers, stored: readonly (readonly FoundMark[])[]): boolean {
  const { tagged, tags } = partsOf(run)
  const was = new Int32Array(tagged.tags.length)
  for (const [row, marks] of stored.entries()) {
    const [first, end] = rangeOf(tagged, row)
    was.set(encodeTags(stretchesOf(tagged, first, end), marks, tags), first)
  }
  const isTie = tiedBetween(run, was, AS_TESTED * Math.max(1, largestOf(run.answered.logits)))
  const said = passagesOf(run)
  const changed = changedDocuments(stored, said)
  const others = new Set(changed.map(({ row }) => row))
  const isAsSure = said.every(
    (marks, row) =>
      others.has(row) ||
      marks.every(({ confidence }, i) => Math.abs(confidence - (stored[row]?.[i]?.confidence ?? NaN)) <= AS_TESTED)
  )
  return isAsSure && changed.every(isTie)
}

interface ChangedDocument {
  readonly row: number
  /** Passages that one reading has and the other lacks. */
  readonly passages: number
}

const keyOf = ({ start, end, label }: Mark): string => `${start} ${end} ${label}`

/** Passages that one of two readings of a document has and the other lacks. */
export function passagesApart(before: readonly Mark[], after: readonly Mark[]): number {
  const [was, is] = [new Set(before.map(keyOf)), new Set(after.map(keyOf))]
  const lacking = (from: ReadonlySet<string>, others: ReadonlySet<string>): number =>
    [...from].filter((key) => !others.has(key)).length
  return lacking(was, is) + lacking(is, was)
}

function changedDocuments(before: readonly (readonly Mark[])[], after: readonly (readonly Mark[])[]): readonly ChangedDocument[] {
  return before.flatMap((marks, row) => {
    const passages = passagesApart(marks, after[row] ?? [])
    return passages === 0 ? [] : [{ row, passages }]
  })
}

const count = (documents: readonly (readonly Mark[])[]): number => documents.reduce((sum, marks) => sum + marks.length, 0)

const changedIn = (documents: readonly ChangedDocument[]): number => documents.reduce((sum, { passages }) => sum + passages, 0)

const largestOf = (logits: Float32Array): number => logits.reduce((most, value) => Math.max(most, Math.abs(value)), 0)

const partsOf = ({ answered, reading }: ReadAnswers) => ({
  tagged: defined(answered.examples.tagged, 'the units of marked texts'),
  tags: reading.tags,
  learned: reading.learned
})

const passagesOf = (read: ReadAnswers): FoundMark[][] => readTags(partsOf(read).tagged, read.answered.logits, read.reading)

const pathOf = (read: ReadAnswers): Int32Array => readPath(partsOf(read).tagged, read.answered.logits, read.reading)

const rangeOf = ({ starts }: TaggedUnits, row: number): readonly [first: number, end: number] => [
  starts[row] ?? 0,
  starts[row + 1] ?? 0
]

const stretchesOf = ({ from, to }: TaggedUnits, first: number, end: number) =>
  Array.from({ length: end - first }, (_, i) => ({ start: from[first + i] ?? 0, end: to[first + i] ?? 0 }))

/**
 * Whether another reading of a document could have come of logits that differ by up to `near`: then its score is behind by no more than twice that for
 * each word that it tags otherwise.
 */
function tiedBetween(run: ReadAnswers, other: Int32Array, near: number): (document: ChangedDocument) => boolean {
  const { tagged, tags, learned } = partsOf(run)
  const own = pathOf(run)
  return ({ row }) => {
    const [first, end] = rangeOf(tagged, row)
    const [mine, theirs] = [own.subarray(first, end), other.subarray(first, end)]
    const logits = run.answered.logits.subarray(first * tags.size, end * tags.size)
    const differing = mine.reduce((sum, tag, i) => sum + Number(tag !== theirs[i]), 0)
    const gap = pathScore(logits, mine, tags.size, learned) - pathScore(logits, theirs, tags.size, learned)
    return gap <= 2 * near * differing
  }
}
