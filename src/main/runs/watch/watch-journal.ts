import { join } from 'node:path'
import { systemCodeOf } from '../../base/errors.ts'
import { writeFileAtomic } from '../../base/files.ts'
import { appendFileSync, readFile } from '../../base/sealed/fs.ts'

/** What became of a file of the watched folder. */
export interface JournalEntry {
  readonly name: string
  /** SHA-256 of what it held. */
  readonly sha256: string
  /** SHA-256 of the model that answered. */
  readonly model: string
  /** Name of the file of answers; it is ours unless this failed. */
  readonly out: string
  /** `begun`: the answers may be there or not. */
  readonly outcome: 'begun' | 'answered' | 'failed'
}

const NAME = '.attune-watch.jsonl'

/** What was answered in a folder for answers: one line for each, so that a watch that starts again answers nothing twice. */
export class WatchJournal {
  readonly #path: string
  readonly #entries: Map<string, JournalEntry>

  private constructor(path: string, entries: Map<string, JournalEntry>) {
    this.#path = path
    this.#entries = entries
  }

  /** Reads it, and writes it anew with one line a file. */
  static async open(folder: string): Promise<WatchJournal> {
    const path = join(folder, NAME)
    const text = await readFile(path, 'utf8').catch((error: unknown) => {
      if (systemCodeOf(error) === 'ENOENT') return ''
      throw error
    })
    const entries = new Map(text.split('\n').flatMap(entryIn).map((entry) => [entry.name, entry]))
    await writeFileAtomic(path, [...entries.values()].map(lineOf).join(''), 0o600)
    return new WatchJournal(path, entries)
  }

  of(name: string): JournalEntry | null {
    return this.#entries.get(name) ?? null
  }

  /** Synchronous, so that it is on file before what it tells of is done; a line is some 200 bytes. */
  note(entry: JournalEntry): void {
    appendFileSync(this.#path, lineOf(entry))
    this.#entries.set(entry.name, entry)
  }
}

const lineOf = (entry: JournalEntry): string => `${JSON.stringify(entry)}\n`

/** A line that a crash cut off tells of nothing. */
function entryIn(line: string): JournalEntry[] {
  try {
    const value: unknown = JSON.parse(line)
    const isEntry =
      typeof value === 'object' &&
      value !== null &&
      ['name', 'sha256', 'model', 'out', 'outcome'].every((key) => typeof Reflect.get(value, key) === 'string')
    return isEntry ? [value as JournalEntry] : [] // Just looked at.
  } catch {
    return []
  }
}
