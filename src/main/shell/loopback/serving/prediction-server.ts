import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { InputError, systemCodeOf } from '../../../base/errors.ts'
import { ownPort } from '../../own-ports.ts'
import { FailedAttempts } from '../failures.ts'
import { servingLimits, type Answering, type ServingLimits } from './answering.ts'
import { descriptionPage, PAGE_POLICY, type Description } from './description-page.ts'
import { openApi } from './openapi.ts'
import { Problem, problemOf } from './problem.ts'
import { readBody, rowsOf } from './read-request.ts'

/** What was done for one request; nothing of what it said. */
export interface Served {
  readonly status: number
  readonly rows: number
  readonly milliseconds: number
}

export interface PredictionServerOptions {
  readonly answering: Answering
  /** What `Authorization: Bearer` must hold. */
  readonly token: string
  /** 0: one that the system chooses. */
  readonly port: number
  /** Version of Attune. */
  readonly version: string
  readonly onServed?: (served: Served) => void
  readonly limits?: Partial<ServingLimits>
  /** Seconds on a clock that only runs forward. */
  readonly now?: () => number
}

/** A token of 256 random bits. */
export const makeToken = (): string => randomBytes(32).toString('base64url')

const HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': PAGE_POLICY,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store'
}

const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest()

/** Answers programs of this machine over HTTP on 127.0.0.1 (docs/decisions/0027). Web pages are not answered: there is no CORS, and `Host` is a constant. */
export class PredictionServer {
  readonly #options: PredictionServerOptions
  readonly #limits: ServingLimits
  readonly #token: Buffer
  readonly #server: Server
  readonly #failed: FailedAttempts
  #port = 0
  #strike: () => void = () => undefined
  #open = 0
  #onIdle: () => void = () => undefined
  #isClosing = false

  private constructor(options: PredictionServerOptions) {
    this.#options = options
    this.#limits = { ...servingLimits, ...options.limits }
    this.#token = hashOf(options.token)
    this.#failed = new FailedAttempts(options.now ?? ((): number => performance.now() / 1000))
    const milliseconds = 1000 * this.#limits.seconds
    const timing = { requestTimeout: milliseconds, headersTimeout: milliseconds, connectionsCheckingInterval: milliseconds / 10 }
    this.#server = createServer(timing, (request, response) => void this.#hear(request, response))
    this.#server.maxConnections = this.#limits.connections
  }

  /** Listens. @throws InputError where the port is taken or not ours to use */
  static async open(options: PredictionServerOptions): Promise<PredictionServer> {
    const server = new PredictionServer(options)
    server.#server.listen(options.port, '127.0.0.1')
    try {
      await once(server.#server, 'listening')
    } catch (error) {
      throw portProblem(options.port, error)
    }
    const address = server.#server.address()
    server.#port = typeof address === 'object' && address !== null ? address.port : 0
    server.#strike = ownPort(server.#port, 'programs')
    return server
  }

  get port(): number {
    return this.#port
  }

  /** Takes no more requests and resolves once those that are there have been answered, or after `patience` milliseconds. */
  async close(patience = 10_000): Promise<void> {
    this.#isClosing = true
    this.#server.close()
    this.#server.closeIdleConnections()
    if (this.#open > 0) {
      const { promise, resolve } = Promise.withResolvers<undefined>()
      this.#onIdle = () => resolve(undefined)
      const late = setTimeout(this.#onIdle, patience)
      await promise
      clearTimeout(late)
    }
    this.#server.closeAllConnections()
    this.#strike()
  }

  async #hear(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const began = performance.now()
    this.#open++
    let rows = 0
    try {
      rows = await this.#answer(request, response)
    } catch (error) {
      const { status, code, message, retryAfter } = problemOf(error)
      const retry: Readonly<Record<string, string>> = retryAfter === null ? {} : { 'Retry-After': String(retryAfter) }
      this.#reply(response, status, { error: { code, message } }, retry)
      if (!request.complete) letFinish(request)
    } finally {
      this.#open--
      if (this.#open === 0) this.#onIdle()
      this.#options.onServed?.({ status: response.statusCode, rows, milliseconds: performance.now() - began })
    }
  }

  /** Resolves to the number of rows that were answered. */
  async #answer(request: IncomingMessage, response: ServerResponse): Promise<number> {
    const { method = '', url = '' } = request
    const path = url.split('?', 1)[0] ?? ''
    this.#requireOwn(request)
    if (method !== 'GET' && method !== 'POST') throw new Problem(405, 'method', 'Only GET and POST are answered.')
    if (method === 'GET' && path === '/') return this.#page(response)
    await this.#requireToken(request)
    const { model } = this.#options.answering
    if (method === 'GET' && path === '/v1/model') return this.#reply(response, 200, { ...model, limits: this.#limits })
    if (method === 'GET' && path === '/openapi.json') return this.#reply(response, 200, this.#description(true))
    if (path !== '/v1/predict')
      throw new Problem(404, 'not-found', 'There is no such address. GET / describes those that there are.')
    if (method === 'GET') throw new Problem(405, 'method', 'Texts are sent with POST.')
    return this.#predict(request, response)
  }

  async #predict(request: IncomingMessage, response: ServerResponse): Promise<number> {
    const type = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase()
    if (type !== 'application/json') throw new Problem(415, 'content-type', 'The content must be application/json.')
    const { model, answer } = this.#options.answering
    const rows = rowsOf(await readBody(request, this.#limits.bytes), model, this.#limits)
    const gone = new AbortController()
    response.on('close', () => gone.abort())
    const answered = await answer(rows, gone.signal)
    this.#reply(response, 200, answered)
    return rows.length
  }

  /** `Host` is compared with the constant: a name that was bound to 127.0.0.1 would equal its own `Origin`. Browsers name the page that asks. */
  #requireOwn({ headers }: IncomingMessage): void {
    const own = `127.0.0.1:${this.#port}`
    if (headers.host !== own) throw new Problem(421, 'host', 'This address is not that of the prediction server.')
    const { origin, 'sec-fetch-site': site } = headers
    const isOwn =
      (origin === undefined || origin === `http://${own}`) && (site === undefined || site === 'same-origin' || site === 'none')
    if (!isOwn) throw new Problem(403, 'origin', 'Web pages are not answered.')
  }

  async #requireToken({ headers }: IncomingMessage): Promise<void> {
    const given = /^Bearer ([\x21-\x7e]{1,500})$/.exec(headers.authorization ?? '')?.[1] ?? ''
    if (timingSafeEqual(hashOf(given), this.#token)) return
    const wait = this.#failed.note()
    if (wait > 0) await new Promise((done) => setTimeout(done, 1000 * wait).unref())
    throw new Problem(
      wait > 0 ? 429 : 401,
      'token',
      'The token is missing or wrong. It was shown when the server started.',
      wait > 0 ? wait : null
    )
  }

  #page(response: ServerResponse): number {
    const bytes = Buffer.from(descriptionPage(this.#description(false)))
    const headers = { ...HEADERS, 'Content-Type': 'text/html; charset=utf-8', 'Content-Length': bytes.length }
    response.writeHead(200, headers).end(bytes)
    return 0
  }

  #description(withModel: boolean): Description {
    const { answering, version } = this.#options
    return openApi(this.#port, this.#limits, version, withModel ? answering.model : null)
  }

  #reply(response: ServerResponse, status: number, value: unknown, more: Readonly<Record<string, string>> = {}): number {
    if (response.headersSent || response.destroyed) return 0
    const body = JSON.stringify(value)
    // Said while the client still sends, it would cut the connection before the answer is read.
    const isLast = (this.#isClosing || status >= 400) && response.req.complete
    const closing: Readonly<Record<string, string>> = isLast ? { Connection: 'close' } : {}
    const own = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }
    response.writeHead(status, { ...HEADERS, ...closing, ...more, ...own }).end(body)
    return 0
  }
}

/** Milliseconds in which a client that is still sending can finish, and read why it was refused. */
const LINGER = 2000

/** A connection that is cut while its client sends loses the answer: what comes is dropped for a while. */
function letFinish(request: IncomingMessage): void {
  const late = setTimeout(() => request.destroy(), LINGER)
  request.on('close', () => clearTimeout(late))
  request.resume()
}

function portProblem(port: number, error: unknown): unknown {
  const code = systemCodeOf(error)
  if (code !== 'EADDRINUSE' && code !== 'EACCES') return error
  const why = code === 'EACCES' ? 'this system does not let you use it' : 'another program uses it'
  return new InputError(
    'serve-port',
    `Port ${port} cannot be used: ${why}. Choose another, or none: then a free one is found.`,
    {},
    { cause: error }
  )
}
