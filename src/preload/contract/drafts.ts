import type { DatasetId } from './common.ts'
import type { RunDraft } from './runs.ts'

/** What was chosen on the Train screen and not started yet. It survives a reload and a restart. */
export interface DraftsApi {
  /** The draft for these data; null where nothing was changed yet, or where it was written by another version of Attune. */
  get(dataset: DatasetId): RunDraft | null
  /** Puts this in the place of the draft for its data. */
  keep(draft: RunDraft): void
}
