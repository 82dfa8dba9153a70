/** A document, a part of one, or a row that was left out, and why. */
export interface Rejected {
  /** The file's name within the folder. */
  readonly file: string
  /** Where in it: `page 3`, `line 12`; null where it is the whole file. */
  readonly place: string | null
  /** What is wrong and what to do, as a sentence. */
  readonly reason: string
}

/** Is told of everything that is left out. */
export type OnRejected = (rejected: Rejected) => void

/** A document that cannot be read. The message is the reason, as a sentence. */
export class UnreadableDocument extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(reason, options)
    this.name = 'UnreadableDocument'
  }
}
