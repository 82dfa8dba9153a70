import type { Failure, FileHandle, Reply } from '../../../preload/contract/common.ts'
import type { Bridge, NamedFile } from '../../../preload/contract/index.ts'
import { AttuneError } from './api.ts'
import type { FolderSource, PickFolder } from './folders.ts'

type Listener = (payload: unknown) => void

/** How the page asks whether it may take the place of another one that is open. */
export interface LoopbackOptions {
  /** Lets the person choose a folder of the machine that Attune runs on; null where they thought better of it. */
  readonly pickFolder: PickFolder
  readonly takeOver?: () => boolean | Promise<boolean>
}

const storedBearer = 'attune-session'
const uploadFailed = 'The file could not be copied to Attune. Try again.'
const sessionEnded = 'Attune is open in another tab, or was closed. Open it again from where you started it.'

/**
 * The bridge of a page that an ordinary browser shows. The one-time token of the address is exchanged for a bearer that lives in this tab's
 * `sessionStorage` and is sent as a header. Rejects with one sentence where the page was not opened by Attune.
 */
export async function makeLoopbackBridge(options: LoopbackOptions): Promise<Bridge> {
  const connection = new Connection(await bearerOf(options))
  return {
    shell: 'loopback',
    call: (channel, argument) => connection.call(channel, argument),
    on: (channel, listener) => connection.on(channel, listener),
    fileOf: (file) => connection.upload(file, null),
    folderOf: async (folder, contents) => uploadFiles(connection, folder.name, await contents()),
    dataFolderOf: async (folder, contents, onSent) => uploadData(connection, folder.name, await contents(), onSent),
    choose: (what) =>
      what === 'table' || what === 'pack' || what === 'mapping'
        ? chooseFiles(connection, what)
        : options.pickFolder(foldersOf(connection, what)),
    save: (ticket, suggestedName) => connection.save(ticket, suggestedName),
    // No page can write a PDF without the browser's print dialog.
    savePdf: null
  }
}

async function bearerOf({ takeOver = confirmTakeOver }: LoopbackOptions): Promise<string> {
  const token = new URLSearchParams(location.hash.replace(/^#\/?/, '')).get('token')
  if (token === null) {
    const kept = sessionStorage.getItem(storedBearer)
    if (kept === null) throw new Error('This page is opened by Attune. Start Attune again and use the address that it gives.')
    return kept
  }
  // The token is spent by the first use: neither the history nor a bookmark should keep it.
  history.replaceState(null, '', `${location.pathname}#/`)
  let answer = await exchange(token)
  if (answer.takeover !== undefined && (await takeOver())) answer = await exchange(answer.takeover)
  if (answer.bearer === undefined) throw new Error(answer.takeover === undefined ? sessionExpired : sessionEnded)
  sessionStorage.setItem(storedBearer, answer.bearer)
  return answer.bearer
}

const sessionExpired = 'This address has been used or is older than a minute. Ask Attune for a new one.'

const confirmTakeOver = (): boolean => window.confirm('Attune is open in another tab. Go on here instead?')

interface SessionAnswer {
  readonly bearer?: string
  /** A second, one-use token: another page is open, and this one may take its place. */
  readonly takeover?: string
}

async function exchange(token: string): Promise<SessionAnswer> {
  const response = await fetch('/session', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ token })
  })
  return response.status === 200 || response.status === 409 ? ((await response.json()) as SessionAnswer) : {} // Written by our own server.
}

function foldersOf(connection: Connection, purpose: FolderSource['purpose']): FolderSource {
  const ask = <T>(what: string, body: object): Promise<T> => connection.ask<T>(`/folders/${what}`, body)
  return {
    purpose,
    list: (folder) => ask('list', { folder }),
    make: (folder, name) => ask('make', { folder, name }),
    choose: async (folder) => (await ask<{ readonly handle: FileHandle }>('choose', { folder, purpose })).handle,
    // Libraries run on the machine that Attune runs on; a browser elsewhere has none for it.
    upload: purpose === 'folder' || purpose === 'cuda-folder' ? null : () => chooseFiles(connection, purpose)
  }
}

/** Asks for files with the browser's own picker, and copies them to Attune. */
async function chooseFiles(
  connection: Connection,
  what: 'table' | 'pack' | 'mapping' | 'model-folder' | 'data-folder'
): Promise<FileHandle | null> {
  const input = document.createElement('input')
  input.type = 'file'
  if (what === 'table')
    input.accept =
      '.csv,.tsv,.tab,.jsonl,.ndjson,.json,.parquet,.arrow,.feather,.xlsx,.conll,.conllu,.bio,.iob,.iob2,.bilou,.iobes,.ner'
  else if (what === 'pack') input.accept = '.attune'
  else if (what === 'mapping') input.accept = '.age'
  else input.webkitdirectory = true
  const chosen = await new Promise<readonly File[]>((resolve) => {
    input.addEventListener('change', () => resolve([...(input.files ?? [])]))
    input.addEventListener('cancel', () => resolve([]))
    input.click()
  })
  const [first] = chosen
  if (first === undefined) return null
  if (what === 'data-folder') return uploadData(connection, first.webkitRelativePath.split('/')[0] ?? 'folder', withNames(chosen))
  return what === 'model-folder' ? uploadFolder(connection, chosen) : connection.upload(first, null)
}

/** What a model folder can need; everything else in it stays where it is. */
const modelFile = /^(?:[\w.-]+\.safetensors|[\w.-]+\.json|vocab\.txt|merges\.txt|README\.md|LICENSE(?:\.\w+)?)$/i

async function uploadFolder(connection: Connection, files: readonly File[]): Promise<FileHandle> {
  // `folder/config.json`: files in folders below are not part of the model.
  const own = files.filter(({ webkitRelativePath }) => webkitRelativePath.split('/').length === 2)
  return uploadFiles(connection, files[0]?.webkitRelativePath.split('/')[0] ?? 'model', own)
}

/** Files of a chosen folder, each with its name within it. */
const withNames = (files: readonly File[]): readonly NamedFile[] =>
  files.map((file) => ({ file, name: file.webkitRelativePath.split('/').slice(1).join('/') }))

/** What systems and word processors leave behind. */
const LITTER = /(?:^|\/)(?:\.|~\$|thumbs\.db$|desktop\.ini$)/i
/** Endings of what is read in a folder with data; of everything else the name alone is sent, so that it can be listed as left out. */
const READ =
  /\.(?:csv|tsv|tab|jsonl|ndjson|json|parquet|arrow|feather|xlsx|conll|conllu|bio|iob2?|bilou|iobes|ner|ann|txt|text|md|markdown|docx|pdf|eml|html?)$/i

async function uploadData(
  connection: Connection,
  name: string,
  all: readonly NamedFile[],
  onSent: (done: number, total: number) => void = () => undefined
): Promise<FileHandle> {
  const files = all.filter((one) => !LITTER.test(one.name))
  const folder = await connection.newFolder(name, 'data-folder')
  for (const [i, { file, name: within }] of files.entries()) {
    await connection.upload(READ.test(within) ? file : new File([], file.name), folder, within)
    onSent(i + 1, files.length)
  }
  return folder
}

/** `files` lie directly in the folder. */
async function uploadFiles(connection: Connection, name: string, files: readonly File[]): Promise<FileHandle> {
  const folder = await connection.newFolder(name)
  for (const file of files) if (modelFile.test(file.name)) await connection.upload(file, folder)
  return folder
}

class Connection {
  readonly #bearer: string
  readonly #listeners = new Map<string, Set<Listener>>()
  #isOpening = false
  #socket: WebSocket | undefined
  #pause = 250

  constructor(bearer: string) {
    this.#bearer = bearer
  }

  async call(channel: string, argument: unknown): Promise<Reply<unknown>> {
    const body = JSON.stringify(argument === undefined ? {} : { argument })
    try {
      const response = await this.#send(`/api/${channel}`, body, 'application/json')
      if (response.status === 401) return failure('session-ended', sessionEnded)
      return (await response.json()) as Reply<unknown> // Written by our own server.
    } catch (error) {
      return failure('shell-gone', 'Attune does not answer. Start it again; nothing is lost.', String(error))
    }
  }

  on(channel: string, listener: Listener): () => void {
    const listeners = this.#listeners.get(channel) ?? new Set()
    this.#listeners.set(channel, listeners.add(listener))
    void this.#listen()
    return () => void listeners.delete(listener)
  }

  async newFolder(name: string, purpose = 'model-folder'): Promise<FileHandle> {
    return this.#handle(await this.#send('/folder', JSON.stringify({ name, purpose }), 'application/json'))
  }

  /** `name`: within the folder. */
  async upload(file: File, folder: FileHandle | null, name = file.name): Promise<FileHandle> {
    const headers = { 'X-Attune-Name': encodeURIComponent(name), ...(folder === null ? {} : { 'X-Attune-Folder': folder }) }
    return this.#handle(await this.#send('/upload', file, 'application/octet-stream', headers))
  }

  /** Asks the shell itself for something; throws what it refuses with. */
  async ask<T>(path: string, body: object): Promise<T> {
    const response = await this.#send(path, JSON.stringify(body), 'application/json')
    const answer = (await response.json()) as { readonly error?: { readonly code: string; readonly message: string } } // Written by our own server.
    if (answer.error) throw new AttuneError({ ...answer.error, detail: `${path}: ${answer.error.code}` })
    return answer as T // As above.
  }

  /** Hands a finished file to the browser's own downloads, by an address that works once. */
  async save(ticket: string, name: string): Promise<boolean> {
    const { address } = await this.ask<{ readonly address: string }>('/download', { ticket, name })
    const link = document.createElement('a')
    link.href = address
    link.download = ''
    link.click()
    return true
  }

  async #handle(response: Response): Promise<FileHandle> {
    const { handle, error } = (await response.json()) as {
      readonly handle?: FileHandle
      readonly error?: Omit<Failure, 'detail'>
    } // As above.
    if (handle === undefined)
      throw new AttuneError({ code: 'upload-failed', message: uploadFailed, ...error, detail: error?.code ?? '' })
    return handle
  }

  #send(path: string, body: BodyInit, type: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    const all = { ...headers, 'Content-Type': type, Authorization: `Bearer ${this.#bearer}` }
    return fetch(path, { method: 'POST', headers: all, body })
  }

  async #listen(): Promise<void> {
    if (this.#isOpening || this.#socket) return
    this.#isOpening = true
    try {
      const response = await this.#send('/ticket', '{}', 'application/json')
      if (response.status === 401) return
      const { ticket } = (await response.json()) as { readonly ticket: string }
      this.#open(new WebSocket(`ws://${location.host}/events?ticket=${ticket}`))
    } catch {
      this.#retry()
    } finally {
      this.#isOpening = false
    }
  }

  #open(socket: WebSocket): void {
    this.#socket = socket
    socket.addEventListener('open', () => (this.#pause = 250))
    socket.addEventListener('message', ({ data }) => {
      const events = JSON.parse(String(data)) as readonly (readonly [string, unknown])[]
      for (const [channel, payload] of events) for (const hear of this.#listeners.get(channel) ?? []) hear(payload)
    })
    socket.addEventListener('close', ({ code }) => {
      this.#socket = undefined
      if (code === takenOver) this.#tell('bridge:ended', { message: sessionEnded })
      else this.#retry()
    })
  }

  /** Comes back later and less and less often, at most every five seconds. */
  #retry(): void {
    setTimeout(() => void this.#listen(), this.#pause)
    this.#pause = Math.min(5000, this.#pause * 2)
  }

  #tell(channel: string, payload: unknown): void {
    for (const hear of this.#listeners.get(channel) ?? []) hear(payload)
  }
}

/** The code with which the server closes the events of a page that another one has replaced. */
const takenOver = 4001

const failure = (code: string, message: string, detail = message): Reply<never> => ({
  ok: false,
  error: { code, message, detail }
})
