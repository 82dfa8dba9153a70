import { readdirSync, readFileSync } from 'node:fs'
import { extname, join, sep } from 'node:path'
import { InputError } from '../../base/errors.ts'

/** Scheme and origin of the application's own pages. */
export const ORIGIN = 'app://attune'

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
  "connect-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'"
].join('; ')

const HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': POLICY,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store'
}

/**
 * Answers requests for the built pages in `folder`. The files are listed and read once, here: an address is looked up in that list
 * and never becomes a path.
 */
export function servePages(folder: string): (request: Request) => Response {
  const pages = new Map<string, { readonly bytes: Uint8Array<ArrayBuffer>; readonly type: string }>()
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const type = CONTENT_TYPES[extname(entry.name)]
    if (!entry.isFile() || type === undefined) continue
    const path = join(entry.parentPath, entry.name)
    pages.set(path.slice(folder.length).replaceAll(sep, '/'), { bytes: new Uint8Array(readFileSync(path)), type })
  }
  if (!pages.has('/index.html'))
    throw new InputError('pages-missing', `The application's page is missing from ${folder}. Run npm start to build it.`)
  return (request) => {
    const { pathname, host } = new URL(request.url)
    const page = request.method === 'GET' && host === 'attune' ? pages.get(pathname) : undefined
    if (page === undefined) return new Response('Not found', { status: 404, headers: HEADERS })
    return new Response(page.bytes, { headers: { ...HEADERS, 'Content-Type': page.type } })
  }
}
