import { randomBytes } from 'node:crypto'
import { createWriteStream as createPlainStream } from 'node:fs'
import { access, mkdir, rm } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { Transform, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { InputError } from '../../base/errors.ts'
import { safeFileName } from '../../base/file-name.ts'
import { notATable } from '../../base/file-types.ts'
import { createWriteStream } from '../../base/sealed/fs.ts'
import type { Handles } from '../handles.ts'

/** Endings of tables and documents that can be read; the copy keeps the ending and nothing else of the name. */
const tableEnding =
  /\.(csv|tsv|tab|jsonl|ndjson|json|parquet|arrow|feather|xlsx|conll|conllu|bio|iob2?|bilou|iobes|ner|txt|text|md|markdown|docx|pdf|eml|html?)$/i
/** Files of a model, all directly in its folder. */
const modelFile = /^(?:[A-Za-z0-9][\w.-]{0,99}\.(?:safetensors|json)|vocab\.txt|merges\.txt|README\.md|LICENSE(?:\.\w{1,8})?)$/i

/** Files that a page brings, copied into the quarantine folder until they are opened. */
export class Uploads {
  readonly #folder: () => string
  readonly #quota: number
  readonly #handles: Handles
  #used = 0
  /** Folders with data, by their handles, and how many files each has. */
  readonly #dataFolders = new Map<string, number>()

  /** `quota`: bytes of all uploads together. */
  constructor(folder: () => string, quota: number, handles: Handles) {
    this.#folder = folder
    this.#quota = quota
    this.#handles = handles
  }

  async table(request: IncomingMessage, name: string, session: string): Promise<string> {
    const ending = tableEnding.exec(name)?.[0].toLowerCase()
    if (ending === undefined) throw notATable(shownName(name))
    const path = join(this.#folder(), `${randomBytes(8).toString('hex')}${ending}`)
    await this.#write(request, path, () => createWriteStream(path, written))
    return this.#handles.mint({ path, name: shownName(name), purpose: 'table', session })
  }

  /** A pack or a mapping: opened later, or left to be swept. */
  async whole(request: IncomingMessage, name: string, purpose: 'pack' | 'mapping', session: string): Promise<string> {
    const ending = purpose === 'pack' ? 'attune' : 'age'
    const path = join(this.#folder(), `${randomBytes(8).toString('hex')}.${ending}`)
    await this.#write(request, path, () => createWriteStream(path, written))
    return this.#handles.mint({ path, name: shownName(name), purpose, session })
  }

  /** A folder for the files of a model, or for a folder with data. */
  async folder(name: string, purpose: 'model-folder' | 'data-folder', session: string): Promise<string> {
    const path = join(this.#folder(), randomBytes(8).toString('hex'))
    await mkdir(path, { mode: 0o700 })
    const handle = this.#handles.mint({ path, name: shownName(name), purpose, session })
    if (purpose === 'data-folder') this.#dataFolders.set(handle, 0)
    return handle
  }

  async intoFolder(request: IncomingMessage, name: string, folder: string, session: string): Promise<string> {
    if (this.#dataFolders.has(folder)) return this.#intoDataFolder(request, name, folder, session)
    const { path } = this.#handles.find(folder, 'model-folder', session)
    if (!modelFile.test(name)) throw new InputError('model-file', 'This file is no part of a model folder.')
    // The computing library maps a model's files: they stay as they are.
    await this.#write(request, join(path, name), () => createPlainStream(join(path, name), written))
    return folder
  }

  /** `name`: within the folder, with `/` between folders. Each part becomes one that every system can write, and never leads out. */
  async #intoDataFolder(request: IncomingMessage, name: string, folder: string, session: string): Promise<string> {
    const { path } = this.#handles.find(folder, 'data-folder', session)
    const count = 1 + (this.#dataFolders.get(folder) ?? 0)
    const parts = name.split('/')
    if (count > MOST_FILES || parts.length > MOST_DEPTH || name.length > MOST_NAME) throw tooManyFiles()
    this.#dataFolders.set(folder, count)
    const place = join(path, ...parts.slice(0, -1).map((part) => safeFileName(part)))
    await mkdir(place, { recursive: true, mode: 0o700 })
    const last = safeFileName(parts.at(-1) ?? '')
    const isTaken = await access(join(place, last)).then(
      () => true,
      () => false
    )
    // Two names may become one: the number of the file tells them apart.
    const file = join(place, isTaken ? `${count} ${last}` : last)
    await this.#write(request, file, () => createWriteStream(file, written))
    return folder
  }

  async #write(request: IncomingMessage, path: string, open: () => Writable): Promise<void> {
    const announced = Number(request.headers['content-length'] ?? 0)
    if (this.#used + announced > this.#quota) throw tooMuch(this.#quota)
    const counted = new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        this.#used += chunk.length
        done(this.#used > this.#quota ? tooMuch(this.#quota) : null, chunk)
      }
    })
    try {
      await pipeline(request, counted, open())
    } catch (error) {
      await rm(path, { force: true })
      throw error
    }
  }
}

/** What the page may put into one folder with data; reading it has bounds of its own. */
const [MOST_FILES, MOST_DEPTH, MOST_NAME] = [100_000, 32, 4096]

const tooManyFiles = (): InputError =>
  new InputError('folder-too-many', 'This folder holds more files, or folders in folders, than can be read. Choose a part of it.')

const written = { flags: 'wx', mode: 0o600 } as const

const tooMuch = (quota: number): InputError =>
  new InputError(
    'upload-quota',
    `The files are larger than ${(quota / 1e9).toFixed(0)} GB together. Start Attune again, or bring fewer.`
  )

/** The last part of a name, for sentences and lists. */
const shownName = (name: string): string =>
  name
    .replace(/^.*[\\/]/, '')
    .replace(/[\p{Cc}\p{Cf}]/gu, '')
    .slice(0, 200) || 'file'
