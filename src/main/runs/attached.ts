import { notesOf, setNote, setTags, tagsOfRuns } from '../tracker/queries/record.ts'
import type { ReadableDb, WritableDb } from '../tracker/tracker.ts'

/** What the person attached to a run. */
export interface Attached {
  readonly tags: readonly string[]
  readonly note: string
}

export function attachedTo(db: ReadableDb, run: string): Attached {
  return { tags: tagsOfRuns(db, run).get(run) ?? [], note: notesOf(db, run).get(run) ?? '' }
}

/** What is attached to any run, read at once. */
export function allAttached(db: ReadableDb): (run: string) => Attached {
  const [tags, notes] = [tagsOfRuns(db), notesOf(db)]
  return (run) => ({ tags: tags.get(run) ?? [], note: notes.get(run) ?? '' })
}

/** Attaches tags, each once, or a note, in the place of what was attached before. */
export function attach(db: WritableDb, run: string, { tags, note }: Partial<Attached>): void {
  if (tags !== undefined) setTags(db, run, [...new Set(tags)])
  if (note !== undefined) setNote(db, run, note)
}
