import type { Journal, RecordEvent } from '../record/journal.ts'
import { saveSetting, settingOf } from '../tracker/queries/record.ts'
import type { Tracker } from '../tracker/tracker.ts'

/** What may be done with a data folder as a whole while it is open. */
export interface Keeping {
  /** Works while the tracker's file on the disk stays as it is. */
  readonly frozen: <T>(work: () => Promise<T>) => Promise<T>
  readonly record: RecordEvent
  /** Bytes that the person wants to stay below. */
  readonly budget: () => number | null
  readonly setBudget: (bytes: number | null) => void
}

const BUDGET = 'storage.budget'

export function makeKeeping(db: Tracker, journal: Journal): Keeping {
  return {
    frozen: (work) => db.frozen(work),
    record: journal.record,
    budget: () => {
      const value = settingOf(db, BUDGET)
      return value === null ? null : Number(value)
    },
    setBudget: (bytes) => saveSetting(db, BUDGET, bytes === null ? null : String(bytes))
  }
}
