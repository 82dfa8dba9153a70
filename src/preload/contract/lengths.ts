import type { DatasetId } from './common.ts'
import type { Finding } from './data.ts'

/** How long the texts of data sets are for the model that would learn from them. */
export interface LengthsApi {
  /**
   * Texts longer than what is read at once, and what happens to them, as a finding: by the model and settings that were chosen last for these data, else by
   * the model of the project's last run, else by the practice model. Of a large table some thousand rows, spread over it, are looked at. Null where no text is
   * longer, or nothing can be trained yet.
   */
  of(id: DatasetId): Finding | null
}
