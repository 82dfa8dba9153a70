import { lstat, mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { InputError, systemCodeOf } from '../../base/errors.ts'
import { writeFileAtomic } from '../../base/files.ts'
import { inOwnName } from '../../data/own-name.ts'
import type { ModelFacts } from '../../worker/protocol.ts'
import type { OpenModel } from '../serving/open-model.ts'
import { answerFile, isPassing, type AnsweredFile, type AnswerForm } from './answer-file.ts'
import { takeFile, type Taken } from './take-file.ts'
import { WatchJournal } from './watch-journal.ts'

/** What came of one file. */
export type WatchNews =
  | ({ readonly kind: 'answered'; readonly name: string; readonly out: string } & AnsweredFile)
  | { readonly kind: 'failed'; readonly name: string; readonly sentence: string }

export interface FolderWatchOptions {
  readonly model: OpenModel
  readonly facts: ModelFacts
  /** Asked of every text in place of the model's own, where it answers questions. */
  readonly questions?: readonly string[] | undefined
  /** The folder that files come into; only read. Files of its folders are not looked at. */
  readonly incoming: string
  /** The folder that answers go to. */
  readonly outgoing: string
  /** For copies at work; a folder of its own. */
  readonly scratch: string
  readonly form: AnswerForm
  readonly onNews: (news: WatchNews) => void
  readonly now: () => Date
  /** Milliseconds between two looks; a file that did not change between them is taken. */
  readonly interval?: number
  /** Bytes of the largest file. */
  readonly mostBytes?: number
}

const INTERVAL = 2000
const MOST_BYTES = 512 * 2 ** 20
/** Files of a folder; more are too many to be looked at every other second. */
const MOST_FILES = 20_000
/** What a writer that was killed left of a file of answers. */
const unfinished = /\.(?:answers\.(?:csv|xlsx|jsonl)|failed\.txt)\.\d+\.tmp$/

/** Answers files as they come into a folder. It looks again and again: the news of a file system are unreliable on network drives. */
export class FolderWatch {
  readonly #options: FolderWatchOptions
  readonly #journal: WatchJournal
  readonly #model: string
  /** Size and time of each file at the last look. */
  #looks = new Map<string, string>()
  /** Those of files that are done with. */
  readonly #done = new Map<string, string>()

  private constructor(options: FolderWatchOptions, journal: WatchJournal) {
    this.#options = options
    this.#journal = journal
    // Other questions give other answers.
    this.#model = [...options.facts.weights, ...(options.questions ?? [])].join(' ')
  }

  static async open(options: FolderWatchOptions): Promise<FolderWatch> {
    const { outgoing } = options
    for (const name of await readdir(outgoing)) if (unfinished.test(name)) await rm(join(outgoing, name), { force: true })
    return new FolderWatch(options, await WatchJournal.open(outgoing))
  }

  /** Looks and answers until `signal` is aborted. @throws where the folders themselves can no longer be read or written, or the model is gone */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.look(signal)
      await pause(this.#options.interval ?? INTERVAL, undefined, { signal }).catch(() => undefined)
    }
  }

  /** One look at the folder: answers what has been still since the last one. */
  async look(signal: AbortSignal): Promise<void> {
    const names = await this.#names()
    const before = this.#looks
    this.#looks = new Map()
    for (const name of names) {
      if (signal.aborted) return
      const look = await this.#lookAt(name)
      if (look === null) continue
      this.#looks.set(name, look)
      if (before.get(name) === look && this.#done.get(name) !== look) await this.#take(name, look, signal)
    }
  }

  async #names(): Promise<readonly string[]> {
    const { incoming } = this.#options
    const entries = await readdir(incoming, { withFileTypes: true }).catch((error: unknown) => {
      throw new InputError('watch-folder', `The folder ${incoming} can no longer be read. Is its drive connected?`, { file: incoming }, { cause: error })
    })
    const names = entries.filter((entry) => !entry.isDirectory() && !isPassing(entry.name)).map(({ name }) => name)
    if (names.length <= MOST_FILES) return names.sort()
    const sentence = `The folder ${incoming} has more than ${MOST_FILES} files. Move those that were answered away, and start again.`
    throw new InputError('watch-folder', sentence, { file: incoming })
  }

  /** Null where it went away. */
  async #lookAt(name: string): Promise<string | null> {
    const found = await lstat(join(this.#options.incoming, name), { bigint: true }).catch((error: unknown) => {
      if (systemCodeOf(error) === 'ENOENT') return null
      throw error
    })
    return found && `${found.size} ${found.mtimeNs} ${found.ino} ${found.isSymbolicLink()}`
  }

  async #take(name: string, look: string, signal: AbortSignal): Promise<void> {
    const { scratch, incoming, mostBytes = MOST_BYTES } = this.#options
    const folder = join(scratch, 'file')
    await rm(folder, { recursive: true, force: true })
    await mkdir(folder, { mode: 0o700 })
    let taken: Taken | null = null
    try {
      const ending = /\.[a-z0-9]{1,8}$/i.exec(name)?.[0].toLowerCase() ?? ''
      const copy = join(folder, `taken${ending}`)
      taken = await this.#copied(name, copy, mostBytes, signal)
      // It changed while it was copied: the next look sees whether it is still.
      if (taken === null || (await this.#lookAt(name)) !== look) return
      if (!this.#isKnown(name, taken)) await this.#answer(name, taken, copy, folder)
    } catch (error) {
      if (signal.aborted) return
      const { model } = this.#options
      if (!(error instanceof InputError) || (error.code === 'answer-lost' && model.hasEnded)) throw error
      // A file that cannot be taken has no content to know it by.
      await this.#fail(name, taken?.sha256 ?? look, inOwnName(error, name, join(incoming, name)))
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
    this.#done.set(name, look)
  }

  /** Null where it went away. */
  async #copied(name: string, copy: string, most: number, signal: AbortSignal): Promise<Taken | null> {
    try {
      return await takeFile(join(this.#options.incoming, name), copy, name, most, signal)
    } catch (error) {
      if (systemCodeOf(error) === 'ENOENT') return null
      throw error
    }
  }

  /** What failed before is tried again by a watch that starts again: its cause may be gone. */
  #isKnown(name: string, { sha256 }: Taken): boolean {
    const known = this.#journal.of(name)
    return known?.outcome === 'answered' && known.sha256 === sha256 && known.model === this.#model
  }

  async #answer(name: string, { sha256 }: Taken, path: string, folder: string): Promise<void> {
    const { model, facts, questions, outgoing, form, now, onNews } = this.#options
    const entry = { name, sha256, model: this.#model, out: this.#outName(name) }
    const out = join(outgoing, entry.out)
    if (!this.#isOurs(name) && (await isThere(out))) {
      const sentence = `${name} cannot be answered: ${entry.out} is there already, and is not from this watch. Move it away.`
      throw new InputError('watch-file', sentence, { file: out })
    }
    const hadFailed = this.#journal.of(name)?.outcome === 'failed'
    this.#journal.note({ ...entry, outcome: 'begun' })
    const answered = await answerFile({ model, facts, questions, path, name, scratch: join(folder, 'work'), form, out, now: now() })
    this.#journal.note({ ...entry, outcome: 'answered' })
    if (hadFailed) await rm(this.#failureFile(name), { force: true })
    onNews({ kind: 'answered', name, out: entry.out, ...answered })
  }

  #outName(name: string): string {
    return `${name}.answers.${this.#options.form}`
  }

  /** Whether the file of answers, where there is one, was written by a watch. */
  #isOurs(name: string): boolean {
    const known = this.#journal.of(name)
    return known !== null && known.outcome !== 'failed' && known.out === this.#outName(name)
  }

  async #fail(name: string, sha256: string, error: unknown): Promise<void> {
    const sentence = error instanceof Error ? error.message : String(error)
    const [out, file] = [this.#outName(name), this.#failureFile(name)]
    // Answers to what the file held before would be taken for those to what it holds now.
    if (this.#isOurs(name)) await rm(join(this.#options.outgoing, out), { force: true })
    const isFree = this.#journal.of(name)?.outcome === 'failed' || !(await isThere(file))
    if (isFree) await writeFileAtomic(file, `${sentence}\n`)
    this.#journal.note({ name, sha256, model: this.#model, out, outcome: 'failed' })
    this.#options.onNews({ kind: 'failed', name, sentence })
  }

  #failureFile(name: string): string {
    return join(this.#options.outgoing, `${name}.failed.txt`)
  }
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false
  )
