import type { DatasetId, Measured, RunId } from './common.ts'
import type { DatasetSummary } from './data.ts'
import type { LabelQueue, TwoPeople } from './labels.ts'

/** A marked passage: UTF-16 units [start, end) of the text as it is stored, and its kind. */
export interface Passage {
  readonly start: number
  readonly end: number
  readonly kind: string
}

/** Whether a passage may lie within another one. Passages that cross are always refused. */
export type Overlap = 'refused' | 'nested'

export interface MarkKind {
  readonly name: string
  /** The single key that marks with it; null where it has none. */
  readonly key: string | null
  /** Passages that have it, for the person who marks. */
  readonly count: number
  /** What belongs to it and what does not, in the person's words; empty where nobody wrote any. */
  readonly note: string
}

/** How far the marking of a data set is, for one person. */
export interface MarkBook {
  readonly id: DatasetId
  /** The column that marks go into; a new one where the table has none. */
  readonly column: string
  readonly kinds: readonly MarkKind[]
  readonly overlap: Overlap
  /** What holds for all of it, in the person's words. */
  readonly note: string
  /** Rows with a text. */
  readonly total: number
  /** Those that this person went through. */
  readonly finished: number
  /** Those with marks of this person that are not finished. */
  readonly started: number
  /** Rows whose marks are not in a version yet. */
  readonly pending: number
  /** When the last mark was written, ISO 8601; null where there is none. */
  readonly savedAt: string | null
  /** What is still needed before training, as a sentence; null where it is enough. */
  readonly missing: string | null
  /** The trained run that can suggest; null where there is none. */
  readonly suggester: { readonly run: RunId; readonly name: string } | null
  /** Everybody with marks of their own here. */
  readonly people: readonly string[]
}

export type MarkFilter = 'open' | 'unsure' | 'diverse' | 'all' | 'finished' | 'skipped'

export interface MarkRow {
  readonly line: number
  /** Place in the table, from 1. */
  readonly position: number
  /** The beginning of the text. */
  readonly preview: string
  readonly state: 'open' | 'started' | 'finished' | 'skipped'
  readonly passages: number
}

export interface MarkDocument {
  readonly line: number
  readonly position: number
  readonly text: string
  /** Start and end of each word by turns, in UTF-16 units: marks snap to them. */
  readonly words: readonly number[]
  readonly passages: readonly Passage[]
  readonly finished: boolean
  readonly skipped: boolean
}

export interface SuggestedPassage extends Passage {
  /** Least probability among its words, from 0 to 1. */
  readonly confidence: number
}

/** What the suggester would mark; never a mark until the person says so. */
export interface MarkSuggestion {
  readonly line: number
  readonly passages: readonly SuggestedPassage[]
}

/** What goes and what comes, as one step. */
export interface MarkChange {
  readonly id: DatasetId
  /** Whose marks; '' changes the data's own. */
  readonly by: string
  readonly line: number
  readonly remove: readonly Passage[]
  readonly add: readonly Passage[]
}

/** A row that two people finished differently. */
export interface Disagreement {
  readonly line: number
  /** Place in the table, from 1. */
  readonly position: number
  readonly preview: string
  /** Whether somebody said what is right. */
  readonly settled: boolean
}

/** How far two people's marks agree, over the rows that both finished. Numbers are null where neither marked anything. */
export interface MarkAgreement {
  readonly documents: number
  /** F1 of the same stretch and kind. */
  readonly strict: Measured | null
  /** F1 of the same kind where stretches overlap. */
  readonly overlap: Measured | null
  readonly kinds: readonly {
    readonly kind: string
    readonly first: number
    readonly second: number
    readonly both: number
    readonly f1: Measured | null
  }[]
  readonly disagreements: readonly Disagreement[]
}

/** What two people marked in one text, and what was settled. */
export interface Opinions {
  readonly line: number
  readonly text: string
  readonly first: readonly Passage[]
  readonly second: readonly Passage[]
  readonly settled: readonly Passage[] | null
}

type Of<More> = { readonly id: DatasetId; readonly by: string } & Readonly<More>

export interface MarkingApi {
  /** Whether the texts are sorted into classes or passages are marked in them. */
  way(id: DatasetId): 'sort' | 'mark'
  setWay(request: { readonly id: DatasetId; readonly way: 'sort' | 'mark' }): void
  open(request: Of<unknown>): MarkBook
  queue(request: Of<{ filter: MarkFilter }>): LabelQueue
  rows(request: Of<{ lines: readonly number[] }>): readonly MarkRow[]
  document(request: Of<{ line: number }>): MarkDocument
  /** Answers when it is on the disk. Refuses passages that cross, and nested ones unless that was chosen. */
  change(request: MarkChange): MarkBook
  /** A person went through the whole text: what is not marked in it is nothing. */
  finish(request: Of<{ line: number; finished: boolean }>): MarkBook
  skip(request: Of<{ line: number; skipped: boolean }>): MarkBook
  /** Adds a kind, or gives one another key. */
  setKind(request: Of<{ name: string; key: string | null }>): MarkBook
  /** Renames a kind; into the name of another one it is merged with it. */
  renameKind(request: Of<{ from: string; to: string }>): MarkBook
  setOverlap(request: Of<{ overlap: Overlap }>): MarkBook
  /** A guideline for one kind, or for all of the marking where `kind` is null. */
  setNote(request: Of<{ kind: string | null; text: string }>): MarkBook
  suggest(request: { readonly id: DatasetId; readonly lines: readonly number[] }): readonly MarkSuggestion[]
  agreement(request: TwoPeople): MarkAgreement
  opinions(request: TwoPeople & { readonly line: number }): Opinions
  /** Says what is right in a row: that goes into the next version, whoever marked what. */
  settle(request: Of<{ line: number; passages: readonly Passage[] }>): MarkBook
  /** Renames kinds in a new version, or makes several one; what is not in a version yet goes along. The version before stays as it is. */
  renameKinds(request: { readonly id: DatasetId; readonly from: readonly string[]; readonly to: string }): DatasetSummary
  /** Makes a new version with the marks of finished rows; all others stay here. */
  use(id: DatasetId): DatasetSummary
}
