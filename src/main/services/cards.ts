import type { CardWords } from '../../preload/contract/cards.ts'
import { InputError } from '../base/errors.ts'
import { readCardWords, writeCardWords } from '../report/card-words.ts'
import { findRun } from '../tracker/queries/runs.ts'
import type { ReadableDb } from '../tracker/tracker.ts'

/** What a person adds to the model cards of runs, each in the run's own folder, where an export finds it. */
export class Cards {
  readonly #db: ReadableDb

  constructor(db: ReadableDb) {
    this.#db = db
  }

  get(run: string): Promise<CardWords> {
    return readCardWords(this.#folderOf(run))
  }

  save(run: string, words: CardWords): Promise<void> {
    return writeCardWords(this.#folderOf(run), words)
  }

  #folderOf(id: string): string {
    const folder = findRun(this.#db, id)?.folder
    if (folder != null) return folder
    throw new InputError('run-unfinished', 'This run has not learned anything yet. Let it finish first.')
  }
}
