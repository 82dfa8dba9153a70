import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'
import { InputError } from '../../base/errors.ts'
import { lockedError } from '../../base/locked.ts'
import type { Dispatch } from '../../ipc/dispatch.ts'
import type { Events } from '../../ipc/events.ts'
import type { Outgoing } from '../../ipc/define.ts'
import { failureOf } from '../../ipc/failures.ts'
import { ownPort } from '../own-ports.ts'
import { pageHeaders, readPages, type Page } from '../pages.ts'
import { Downloads } from './downloads.ts'
import { FailedAttempts } from './failures.ts'
import { FolderPicker } from './folder-picker.ts'
import { refusalOf, upgradeRefusal, type Asked } from './guard.ts'
import { Handles } from '../handles.ts'
import { readJson } from './read-json.ts'
import { Sessions } from './sessions.ts'
import { Uploads } from './uploads.ts'

export interface LoopbackOptions {
  readonly dispatch: Dispatch
  readonly events: Events
  /** The folder of the built page. */
  readonly pages: string
  /** Where uploads are kept until they are opened. */
  readonly quarantine: () => string
  /** Finished files that the page is to save. */
  readonly outbox: Outgoing
  /** The folder below which the page may choose folders of this machine. */
  readonly root: string
  /** While nobody may see names, no file comes in or goes out. */
  readonly isLocked?: () => boolean
  /** Is told when the page was closed and none has come back for a while. */
  readonly onGone?: () => void
  /** Seconds of that while. */
  readonly grace?: number
  /** Bytes of all uploads together. */
  readonly quota?: number
  /** Seconds on a clock that only runs forward. */
  readonly now?: () => number
}

const locked = (({ code, message }) => ({ code, message }))(lockedError())
const HEADERS = pageHeaders("'self'")
const QUOTA = 16e9
/** Longer than a page takes to be loaded again. */
const GRACE = 30
/** Told to a page that another one has replaced; the bridge knows it. */
const REPLACED = 4001
/** Bytes that a page may leave unread before its events are cut off. */
const MOST_UNREAD = 32e6

/** The routes and the page over HTTP on 127.0.0.1, for one page at a time (security.md §2). */
export class LoopbackShell {
  readonly #options: LoopbackOptions
  readonly #pages: ReadonlyMap<string, Page>
  readonly #server: Server
  readonly #sockets = new WebSocketServer({ noServer: true, maxPayload: 1024, perMessageDeflate: false })
  readonly #sessions: Sessions
  readonly #failed: FailedAttempts
  readonly #handles: Handles
  readonly #folders: FolderPicker
  readonly #uploads: Uploads
  readonly #downloads: Downloads
  readonly #unsubscribe: () => void
  #page: WebSocket | null = null
  #port = 0
  #strike: () => void = () => undefined
  /** Runs out where no page has come back. */
  #leaving: NodeJS.Timeout | undefined

  private constructor(options: LoopbackOptions, handles: Handles, folders: FolderPicker) {
    this.#options = options
    this.#handles = handles
    this.#folders = folders
    const now = options.now ?? ((): number => performance.now() / 1000)
    this.#pages = readPages(options.pages)
    this.#failed = new FailedAttempts(now)
    this.#uploads = new Uploads(options.quarantine, options.quota ?? QUOTA, this.#handles)
    this.#sessions = new Sessions(
      now,
      () => this.#page !== null,
      () => this.#replaced()
    )
    this.#downloads = new Downloads(options.outbox, this.#sessions)
    this.#server = createServer((request, response) => void this.#answer(request, response))
    this.#server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head))
    // An upload of a large model takes its time.
    this.#server.requestTimeout = 3_600_000
    this.#unsubscribe = options.events.subscribe((events) => this.#send(events))
  }

  /** Listens on a port that the system chooses. */
  static async open(options: LoopbackOptions): Promise<LoopbackShell> {
    const handles = new Handles()
    const shell = new LoopbackShell(options, handles, await FolderPicker.below(options.root, handles))
    shell.#server.listen(0, '127.0.0.1')
    await once(shell.#server, 'listening')
    const address = shell.#server.address()
    shell.#port = typeof address === 'object' && address !== null ? address.port : 0
    shell.#strike = ownPort(shell.#port, 'page')
    return shell
  }

  get port(): number {
    return this.#port
  }

  /** An address that opens the page once, within a minute. */
  newAddress(): string {
    return `http://127.0.0.1:${this.#port}/#token=${this.#sessions.mintToken()}`
  }

  async dispose(): Promise<void> {
    this.#unsubscribe()
    clearTimeout(this.#leaving)
    const page = this.#page
    this.#page = null
    page?.terminate()
    await this.#downloads.clear()
    this.#sockets.close()
    this.#server.close()
    this.#server.closeAllConnections()
    await once(this.#server, 'close')
    this.#strike()
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const asked = askedOf(request)
      const refusal = refusalOf(asked, this.#port)
      if (refusal) return reply(response, refusal.status, { error: { code: 'refused', message: refusal.why } })
      if (asked.path.startsWith('/download') && this.#isLocked()) return reply(response, 423, { error: locked })
      if (asked.method === 'GET' && asked.path.startsWith('/download/')) return await this.#download(asked.path, response)
      if (asked.method === 'GET') return this.#file(asked.path, response)
      if (asked.path === '/session') return await this.#exchange(request, response)
      const session = this.#sessions.sessionOf(bearerOf(request))
      if (session === null) return await this.#turnAway(response, 401)
      await this.#post(asked.path, request, response, session)
    } catch (error) {
      const { code, message } = failureOf(error)
      reply(response, error instanceof InputError ? 400 : 500, { error: { code, message } })
    }
  }

  #file(path: string, response: ServerResponse): void {
    const page = this.#pages.get(path === '/' ? '/index.html' : path)
    if (!page) return reply(response, 404, { error: { code: 'not-found', message: 'There is no such page.' } })
    response.writeHead(200, { ...HEADERS, 'Content-Type': page.type, 'Content-Length': page.bytes.length }).end(page.bytes)
  }

  #isLocked(): boolean {
    return this.#options.isLocked?.() ?? false
  }

  async #download(path: string, response: ServerResponse): Promise<void> {
    if (!(await this.#downloads.send(path, response, HEADERS))) await this.#turnAway(response, 401)
  }

  /** Another page has taken over: this one hears no more, and what it was to save is nobody else's. */
  #replaced(): void {
    this.#page?.close(REPLACED, 'replaced')
    this.#folders.clear()
    // What cannot be deleted now is swept when Attune starts again.
    void Promise.all([this.#downloads.clear(), this.#options.outbox.clear()]).catch(() => undefined)
  }

  async #exchange(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { token } = await readJson(request)
    const outcome = this.#sessions.exchange(typeof token === 'string' ? token : '')
    if (outcome.kind === 'refused') return this.#turnAway(response, 401)
    if (outcome.kind === 'taken') return reply(response, 409, { takeover: outcome.takeover })
    reply(response, 200, { bearer: outcome.bearer })
  }

  async #turnAway(response: ServerResponse, status: number): Promise<void> {
    const wait = this.#failed.note()
    if (wait > 0) await new Promise((done) => setTimeout(done, 1000 * wait).unref())
    reply(response, wait > 0 ? 429 : status, {
      error: { code: 'session-ended', message: 'This page is not connected to Attune.' }
    })
  }

  async #post(path: string, request: IncomingMessage, response: ServerResponse, session: string): Promise<void> {
    if (path === '/ticket') return reply(response, 200, { ticket: this.#sessions.mintTicket(session) })
    if (!path.startsWith('/api/') && this.#isLocked()) return reply(response, 423, { error: locked })
    if (path === '/folder') {
      const { name, purpose } = await readJson(request)
      const kind = purpose === 'data-folder' ? purpose : 'model-folder'
      return reply(response, 200, {
        handle: await this.#uploads.folder(typeof name === 'string' ? name : 'folder', kind, session)
      })
    }
    if (path.startsWith('/folders/'))
      return reply(response, 200, await this.#chooseFolder(path, await readJson(request), session))
    if (path === '/download') return reply(response, 200, { address: this.#downloads.announce(await readJson(request), session) })
    if (path === '/upload') return reply(response, 200, { handle: await this.#upload(request, session) })
    if (!path.startsWith('/api/'))
      return reply(response, 404, { error: { code: 'not-found', message: 'There is no such address.' } })
    const { argument } = await readJson(request)
    reply(response, 200, await this.#options.dispatch(path.slice('/api/'.length), argument, this.#handles.callerOf(session)))
  }

  async #chooseFolder(path: string, asked: Readonly<Record<string, unknown>>, session: string): Promise<object> {
    const { folder = null, name, purpose } = asked
    if (path === '/folders/make') return this.#folders.make(folder, name, session)
    if (path === '/folders/choose') return { handle: await this.#folders.choose(folder, purpose, session) }
    return this.#folders.list(folder, session)
  }

  async #upload(request: IncomingMessage, session: string): Promise<string> {
    const name = decoded(headerOf(request, 'x-attune-name'))
    const folder = headerOf(request, 'x-attune-folder')
    if (folder !== '') return this.#uploads.intoFolder(request, name, folder, session)
    const purpose = /\.attune$/i.test(name) ? 'pack' : /\.age$/i.test(name) ? 'mapping' : null
    return purpose === null ? this.#uploads.table(request, name, session) : this.#uploads.whole(request, name, purpose, session)
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy())
    const refusal = upgradeRefusal(askedOf(request), this.#port)
    const ticket = new URLSearchParams((request.url ?? '').split('?')[1] ?? '').get('ticket') ?? ''
    const isAllowed = refusal === null && this.#sessions.redeem(ticket, 'ticket') !== null
    if (!isAllowed) {
      const wait = refusal === null ? this.#failed.note() : 0
      const answer = `HTTP/1.1 ${refusal?.status ?? 401} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`
      setTimeout(() => socket.end(answer), 1000 * wait)
      return
    }
    this.#sockets.handleUpgrade(request, socket, head, (page) => this.#hear(page))
  }

  /** A page has one stream of events: that of a reloaded or duplicated tab replaces the one before. */
  #hear(page: WebSocket): void {
    this.#page?.close(REPLACED, 'replaced')
    this.#page = page
    clearTimeout(this.#leaving)
    page.on('error', () => page.terminate())
    page.on('close', () => {
      if (this.#page !== page) return
      this.#page = null
      const { onGone, grace = GRACE } = this.#options
      this.#leaving = setTimeout(() => onGone?.(), 1000 * grace).unref()
    })
  }

  #send(events: readonly unknown[]): void {
    const page = this.#page
    if (page?.readyState !== page?.OPEN || !page) return
    // A page that does not read is cut off; it comes back and asks for everything anew.
    if (page.bufferedAmount > MOST_UNREAD) page.terminate()
    else page.send(JSON.stringify(events))
  }
}

function askedOf({ method = '', url = '', headers }: IncomingMessage): Asked {
  return { method, path: url.split('?', 1)[0] ?? '', headers }
}

const bearerOf = (request: IncomingMessage): string => (request.headers.authorization ?? '').replace(/^Bearer /, '')

function headerOf(request: IncomingMessage, name: string): string {
  const value = request.headers[name]
  return typeof value === 'string' ? value : ''
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    throw new InputError('bad-request', 'The name of the file could not be read. Rename it and try again.')
  }
}

function reply(response: ServerResponse, status: number, value: unknown): void {
  if (response.headersSent || response.destroyed) return
  const body = JSON.stringify(value)
  const headers = { ...HEADERS, 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }
  response.writeHead(status, headers).end(body)
}
