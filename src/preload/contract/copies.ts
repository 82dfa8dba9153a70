import type { FileHandle, Progress, TrainedId } from './common.ts'
import type { RejectedItem } from './intake.ts'
import type { PersonalAction, PersonalPassage } from './personal.ts'

/** A folder of documents or tables whose copies are to be clean. */
export interface CopiesWish {
  readonly from: FileHandle
  /** A run, or a model of the library, that finds beside the rules; null for the rules alone. */
  readonly run: TrainedId | null
  /** What is done with everything that is found. */
  readonly action: Exclude<PersonalAction, 'leave'>
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
  readonly leftOut: readonly RejectedItem[]
  /** A sample of what would still be visible, and how much of it there is. */
  readonly visible: readonly PersonalPassage[]
  readonly visibleAll: number
}

/** Clean copies of documents, written where the person says. The originals are only read. */
export interface CopiesApi {
  /** Goes through the files and says what would be changed. Nothing is left of it. */
  look(wish: CopiesWish): CopiesReport
  /** Writes the copies into a new folder below `to`. Resolves to the name of that folder. */
  write(request: CopiesWish & { readonly to: FileHandle }): CopiesReport & { readonly folder: string }
  /** Gives up what is under way; nothing of it is kept. */
  stop(): void
}

export interface CopiesEvents {
  working: Progress
}
