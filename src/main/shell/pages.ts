import { readdirSync, readFileSync } from 'node:fs'
import { extname, join, sep } from 'node:path'
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

/**
 * The built pages in `folder`, by their address (`/index.html`). They are listed and read once, here: an address is looked up in this list and
 * never becomes a path.
 */
export function readPages(folder: string): ReadonlyMap<string, Page> {
  const pages = new Map<string, Page>()
  for (const entry of listed(folder)) {
    const type = CONTENT_TYPES[extname(entry.name)]
    if (!entry.isFile() || type === undefined) continue
    const path = join(entry.parentPath, entry.name)
    pages.set(path.slice(folder.length).replaceAll(sep, '/'), { bytes: new Uint8Array(readFileSync(path)), type })
  }
  if (!pages.has('/index.html')) throw missing(folder)
  return pages
}

function listed(folder: string) {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
  } catch (error) {
    throw missing(folder, error)
  }
}

const missing = (folder: string, cause?: unknown): InputError =>
  new InputError('pages-missing', `The application's page is missing from ${folder}. Run npm start to build it.`, {}, { cause })
