import type { Datasets } from '../data/datasets/datasets.ts'
import { findDraft, putDraft } from '../tracker/queries/drafts.ts'
import type { Tracker } from '../tracker/tracker.ts'

/** Drafts of runs, JSON, by the data that they are for. */
export interface Drafts {
  /** Null where nothing was kept. Throws an InputError where the data are gone. */
  readonly find: (dataset: string) => string | null
  /** Throws an InputError where the data are gone. */
  readonly put: (dataset: string, content: string) => void
}

/** Keeps drafts in the record, which encryption covers. */
export function makeDrafts(db: Tracker, datasets: Pick<Datasets, 'get'>): Drafts {
  return {
    find: (dataset) => findDraft(db, datasets.get(dataset).id),
    put: (dataset, content) => putDraft(db, datasets.get(dataset).id, content)
  }
}
