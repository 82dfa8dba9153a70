import type { FileHandle, Progress, TrainedId } from './common.ts'
import type { RejectedItem } from './intake.ts'
import type { KnownMapping } from './mappings.ts'
import type { PersonalAction, PersonalPassage } from './personal.ts'

/** A folder of documents or tables whose copies are to be clean. */
export interface CopiesWish {
  readonly from: FileHandle
  /** A run, or a model of the library, that finds beside the rules; null for the rules alone. */
  readonly run: TrainedId | null
  /** What is done with kinds that are not named. Kinds that only the model knows are left where they are not named. */
  readonly action: PersonalAction
  readonly actions: readonly { readonly kind: string; readonly action: PersonalAction }[]
  /** Columns of tables that stay as they are. */
  readonly leftColumns: readonly string[]
  /** The column of tables that says whose row it is: dates of one person move alike. Without one the rows of a folder are taken for one person's. */
  readonly groupColumn: string | null
  /** The mapping that an earlier time wrote: the same value gets the same surrogate again. */
  readonly known: KnownMapping | null
  /** Of that mapping, and of the one that is written; null where there is neither. */
  readonly passphrase: string | null
}

export interface CopiesKind {
  readonly kind: string
  readonly passages: number
  /** How many there are by the rules alone. */
  readonly byRules: number
}

/** What going through the files comes to. */
export interface CopiesReport {
  /** The folder's own name. */
  readonly name: string
  readonly files: number
  /** The most frequent first. */
  readonly kinds: readonly CopiesKind[]
  /** Columns of the tables, each once. */
  readonly columns: readonly string[]
  /** What is said of single files: what could not be looked into, or is not carried over. */
  readonly notes: readonly { readonly file: string; readonly note: string }[]
  readonly leftOut: readonly RejectedItem[]
  /** A sample of what would still be visible, and how much of it there is. */
  readonly visible: readonly PersonalPassage[]
  readonly visibleAll: number
  /** Values whose surrogates are known from the earlier time; null without one. */
  readonly known: number | null
}

/** What was written, by the names that it has in the folder that the person chose. */
export interface WrittenCopies extends CopiesReport {
  readonly folder: string
  /** The encrypted file that says what stands for what; null where none was asked for. */
  readonly mapping: string | null
}

/** Clean copies of documents, written where the person says. The originals are only read. */
export interface CopiesApi {
  /** Goes through the files and says what would be changed. Nothing is left of it. */
  look(wish: CopiesWish): CopiesReport
  /** Writes the copies into a new folder below `to`, and beside it, where `keepsMapping`, what stands for what, encrypted with the passphrase. */
  write(request: CopiesWish & { readonly to: FileHandle; readonly keepsMapping: boolean }): WrittenCopies
  /** Gives up what is under way; nothing of it is kept. */
  stop(): void
}

export interface CopiesEvents {
  working: Progress
}
