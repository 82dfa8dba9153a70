import type { DatasetId, Progress } from './common.ts'
import type { Finding } from './data.ts'

/** What a closer look at data found: near copies, what gives the answer away, languages, doubtful labels. Its rows and fixes are asked for as those of any finding. */
export interface CloserLook {
  readonly id: DatasetId
  readonly findings: readonly Finding[]
}

export interface ScrutinyApi {
  /** What was found under the present roles; null where nobody looked yet. */
  known(id: DatasetId): CloserLook | null
  /** Looks, in a process of its own. A second question while it looks waits for the same answer. */
  look(id: DatasetId): CloserLook
  /** Gives a look up. */
  stop(id: DatasetId): void
}

export interface ScrutinyEvents {
  /** Rows that were read, then (`checking`) how far the rest is; 0 of 0 where nobody can say. */
  looking: Progress & { readonly id: DatasetId }
}
