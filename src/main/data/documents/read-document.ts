/** What a document holds. */
export interface ReadDocument {
  readonly text: string
  /** When it was written as far as the file says, as `2026-03-01`; null where it says nothing. */
  readonly date: string | null
  /** Of an e-mail: its subject and who sent it. */
  readonly subject: string | null
  readonly from: string | null
  /** Names of what is attached to an e-mail. It is never opened. */
  readonly attachments: readonly string[]
  /** Pages of a PDF on which no text was found, from 1. */
  readonly emptyPages: readonly number[]
}

/** A document of which only the text is known. */
export const textAlone = (text: string): ReadDocument => ({
  text,
  date: null,
  subject: null,
  from: null,
  attachments: [],
  emptyPages: []
})

/** The day of a moment, as the file has it; null where it names none. Years that no document has are mistakes of a clock. */
export function dayOf(moment: string | null | undefined): string | null {
  const found = /^(\d{4})-(\d{2})-(\d{2})/.exec(moment ?? '')
  if (!found) return null
  const year = Number(found[1])
  return year >= 1970 && year <= 2200 ? found[0] : null
}
