import type { DatasetId, Measured, RunId } from './common.ts'
import type { Groups, VerdictSummary } from './results.ts'

/** A stretch of a text, in UTF-16 units, and the kind of what stands there. */
export interface Passage {
  readonly start: number
  readonly end: number
  readonly kind: string
}

/** `missed`: not found; `invented`: found where nothing is; `boundary`: cut wrongly; `type`: of another kind. */
export type PassageErrorKind = 'missed' | 'invented' | 'boundary' | 'type'

/** What a person says of an error. */
export type PassageVerdict = 'label-wrong' | 'model-wrong' | 'unclear'

export interface PassageError {
  /** Names it among the errors of its run. */
  readonly key: string
  /** The line of the file at which its document starts. */
  readonly line: number
  readonly error: PassageErrorKind
  readonly truth: Passage | null
  readonly said: Passage | null
  /** How sure the model was of what it found; null where it found nothing. */
  readonly sure: number | null
  /** What stands there, and a little before and after; empty where the text is gone. */
  readonly before: string
  readonly text: string
  readonly after: string
  readonly verdict: PassageVerdict | null
}

export interface PassageFilter {
  readonly id: RunId
  readonly only: PassageErrorKind | 'all' | 'judged'
  /** The kind that the data say, and that the model says; null for any. */
  readonly truth: string | null
  readonly said: string | null
}

export interface PassageRequest extends PassageFilter {
  readonly from: number
  readonly count: number
}

export interface PassagePage {
  readonly total: number
  readonly from: number
  readonly rows: readonly PassageError[]
}

/** One kind of passage by one rule of when nearly right counts. */
export interface PassageRule {
  readonly precision: Measured | null
  readonly recall: Measured | null
  readonly f1: Measured | null
}

export interface PassageKind {
  readonly name: string
  /** Passages of the kind that are there, that were found exactly, and that were said. */
  readonly there: number
  readonly found: number
  readonly said: number
  readonly strict: PassageRule
  /** An overlap counts half, and whole; null in results made before these were measured. */
  readonly partial: PassageRule | null
  readonly overlap: PassageRule | null
}

/** What there is to see of a run that marks passages. */
export interface PassageReview {
  readonly documents: number
  /** Documents with every passage right and none invented. */
  readonly flawless: number
  readonly errors: number
  readonly byError: Readonly<Record<PassageErrorKind, number>>
  readonly kinds: readonly PassageKind[]
  /** Passages by what the data say and what the model says of the same place, by `kinds`; the last row and column are nothing. */
  readonly confusion: readonly (readonly number[])[]
  /** Counted by passages; right labels that wait, by documents. */
  readonly verdicts: VerdictSummary
}

export type PassageState = 'true' | 'found' | 'right'

export interface PassageDocument {
  readonly line: number
  /** Empty where the data are gone. */
  readonly text: string
  readonly marks: readonly (Passage & { readonly state: PassageState; readonly sure: number | null })[]
}

/** Runs that mark passages, looked at passage by passage. */
export interface PassagesApi {
  review(id: RunId): PassageReview
  errors(request: PassageRequest): PassagePage
  document(request: { readonly id: RunId; readonly line: number }): PassageDocument
  /** Says what is wrong with an error, or takes that back (null). Saved at once. */
  judge(request: { readonly id: RunId; readonly key: string; readonly verdict: PassageVerdict | null }): VerdictSummary
  /** Makes a new version of the data with the right marks. Resolves to it. */
  revise(id: RunId): DatasetId
  /** Null: the first way, the first metric. */
  groups(request: { readonly id: RunId; readonly by: string | null; readonly metric: string | null }): Groups
}
