import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { InputError } from '../base/errors.ts'

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2'
}

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'"
]

/** The headers of every answer. `connect`: what the page may connect to. */
export function pageHeaders(connect: "'none'" | "'self'"): Readonly<Record<string, string>> {
  return {
    'Content-Security-Policy': [...POLICY, `connect-src ${connect}`].join('; '),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cache-Control': 'no-store'
  }
}

export interface Page {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly type: string
}

/** What the build writes beside the pages: the address of each with the SHA-256 of its bytes, in hex. */
const LIST = 'pages.json'
const ADDRESS = /^(?:\/[\w-][\w.-]*)+$/

/**
 * The built pages in `folder`, by their address (`/index.html`): those that the build listed, and nothing else that may lie there. They are read
 * once, here; an address that is asked for is looked up and never becomes a path. Throws an InputError where a page is missing or was changed.
 */
export function readPages(folder: string): ReadonlyMap<string, Page> {
  const pages = new Map<string, Page>()
  for (const [address, hash] of listed(folder)) {
    const type = CONTENT_TYPES[extname(address)]
    if (type === undefined || !ADDRESS.test(address)) throw changed(address)
    const bytes = new Uint8Array(read(folder, address))
    if (createHash('sha256').update(bytes).digest('hex') !== hash) throw changed(address)
    pages.set(address, { bytes, type })
  }
  if (!pages.has('/index.html')) throw missing(folder)
  return pages
}

function listed(folder: string): readonly (readonly [string, unknown])[] {
  const list: unknown = JSON.parse(read(folder, LIST).toString('utf8'))
  return typeof list === 'object' && list !== null ? Object.entries(list) : []
}

function read(folder: string, name: string): Buffer {
  try {
    return readFileSync(join(folder, name))
  } catch (error) {
    throw missing(folder, error)
  }
}

const changed = (address: string): InputError =>
  new InputError(
    'pages-changed',
    `The application's page ${address} is not as it was built. Install Attune again, or run npm run build.`
  )

const missing = (folder: string, cause?: unknown): InputError =>
  new InputError('pages-missing', `The application's page is missing from ${folder}. Run npm start to build it.`, {}, { cause })
