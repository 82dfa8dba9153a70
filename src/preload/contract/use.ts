import type { AnswererId, DatasetId, FileHandle, Measured, Progress } from './common.ts'
import type { RejectedItem } from './intake.ts'
import type { FoundAnswer, FoundPassage } from './runs.ts'

/** Documents or a table that wait for answers. They lie in a temporary folder until they are dropped. */
export type UseId = string & { readonly kind: 'use' }

export type UseState = 'ready' | 'answering' | 'answered' | 'stopped' | 'failed'

/** From which sureness an answer does without a person. */
export interface UseThreshold {
  readonly value: number
  /** Chosen on validation and fixed on the result screen, or what Attune takes where nobody chose. */
  readonly source: 'fixed' | 'usual'
}

/** The answers measured against the answers that the table already has. Not the test set: nobody kept these rows apart. */
export interface UseMeasure {
  /** What `rows` counts: rows that were answered, texts that were marked, or questions. */
  readonly of: 'rows' | 'texts' | 'questions'
  /** Rows that have an answer the run knows, and rows without one. */
  readonly rows: number
  readonly left: number
  /** Marks of kinds that the run does not find, or questions that nothing in the table answers: they are not counted. */
  readonly unknown: number
  /** How often these very rows were measured with a run. */
  readonly looks: number
  /** Of the answers as the run's fixed thresholds read them. */
  readonly metrics: readonly { readonly id: string; readonly measured: Measured }[]
  /** What each class with a fixed threshold comes to on these rows: called out, those of them right, and rows of the class. */
  readonly alarms: readonly {
    readonly className: string
    readonly threshold: number
    readonly positives: number
    readonly alarms: number
    readonly hits: number
  }[]
  /** What is answered without a person, where that was fixed for the run. */
  readonly person: { readonly below: number; readonly kept: number; readonly right: Measured | null } | null
}

export interface UseJob {
  readonly id: UseId
  /** The table's name, or of the first document. */
  readonly name: string
  readonly kind: 'table' | 'documents'
  readonly rows: number
  readonly columns: readonly string[]
  /** Columns that were chosen or guessed, by name. */
  readonly text: string
  readonly pair: string | null
  /** A column that may hold the true answers, or marks; null where none looks like it. */
  readonly answer: string | null
  /** Whether the run reads two texts a row. */
  readonly needsPair: boolean
  /** What a run that marks passages finds: its kinds, and how many passages so far. Null for one that answers whole texts. */
  readonly marks: { readonly kinds: readonly string[]; readonly passages: number } | null
  /** What a run that answers questions asks of every text by itself, none where the data had a question in each row. Null for other runs. */
  readonly asks: readonly AskedOfEach[] | null
  /** How many questions were answered, and of how many texts say nothing to them; 0 until it is through, and for other runs. */
  readonly answers: { readonly given: number; readonly none: number }
  /** Documents and pages that could not be read: how many, and the first of them. */
  readonly leftOut: { readonly count: number; readonly first: readonly RejectedItem[] }
  readonly state: UseState
  readonly progress: Progress | null
  /** Rows with an answer. */
  readonly done: number
  readonly emptyRows: number
  readonly cutRows: number
  readonly threshold: UseThreshold
  /** Null where answers have no sureness: scores. */
  readonly forPerson: number | null
  readonly measure: UseMeasure | null
  /** Why it failed, one sentence. */
  readonly problem: string | null
}

/** A question that is asked of every text. */
export interface AskedOfEach {
  /** What it is called: its name, or its words where it has none. */
  readonly name: string
  readonly words: string
}

/** What a text says to a question. */
export interface UseAnswer extends FoundAnswer {
  readonly question: string
}

export interface UseRow {
  readonly text: string
  /** Null while the row waits for its answer. */
  readonly answer: string | null
  readonly sure: number | null
}

export interface UseRowsPage {
  readonly from: number
  readonly rows: readonly UseRow[]
}

/** What a row holds, whole. */
export interface UseText {
  readonly text: string
  /** The second text, where the run reads two. */
  readonly pair: string | null
  /** What was found in it; null where it was not gone through, or by a run that answers whole texts. */
  readonly marks: readonly FoundPassage[] | null
  /** What it says to each question; null where it was not gone through, or by a run that answers none. */
  readonly answers: readonly UseAnswer[] | null
}

/** How answers are saved: as a table; what a run marked also as marks that other programs read. */
export type UseFormat = 'xlsx' | 'csv' | 'spacy' | 'doccano' | 'conll'

export interface UseApi {
  /** One table, or any number of documents. `run`: who will answer, so that columns can be guessed. */
  open(request: { readonly run: AnswererId; readonly files: readonly FileHandle[] }): UseJob
  /** What a run that answers questions asks of every text by itself, none where its data had a question in each row. Null for other runs. */
  asks(run: AnswererId): readonly AskedOfEach[] | null
  /** Answers the rows from the first; `limit` for a preview. Returns at once; `changed` tells the rest. */
  start(request: {
    readonly id: UseId
    readonly run: AnswererId
    readonly text: string
    readonly pair: string | null
    readonly answer: string | null
    /** Of a run that answers questions: what every text is asked; null or left out where the `pair` column holds a question for each. */
    readonly questions?: readonly AskedOfEach[] | null | undefined
    readonly limit: number | null
  }): void
  get(id: UseId): UseJob
  /** Stops; what has been answered stays. */
  stop(id: UseId): void
  rows(request: { readonly id: UseId; readonly from: number; readonly count: number; readonly unsureFirst: boolean }): UseRowsPage
  /** A row's whole text, which a page of rows cuts; `place` counts as the rows of such a page do. */
  text(request: { readonly id: UseId; readonly place: number; readonly unsureFirst: boolean }): UseText
  /** Another threshold for this job alone. */
  setThreshold(request: { readonly id: UseId; readonly value: number }): UseJob
  /** Writes rows and answers; the page saves the file with the ticket. */
  save(request: { readonly id: UseId; readonly format: UseFormat }): { readonly ticket: string; readonly name: string }
  /** Keeps the rows as data, which otherwise are dropped. */
  keep(id: UseId): DatasetId
  drop(id: UseId): void
}

export interface UseEvents {
  changed: UseJob
  /** While files are read. */
  reading: Progress & { readonly name: string }
}
