import type { IncomingHttpHeaders } from 'node:http'

/** What a request says of itself. */
export interface Asked {
  readonly method: string
  /** The address without what follows `?`. */
  readonly path: string
  readonly headers: IncomingHttpHeaders
}

export interface Refusal {
  readonly status: 400 | 403 | 405 | 415 | 421
  readonly why: string
}

const refuse = (status: Refusal['status'], why: string): Refusal => ({ status, why })

/**
 * Refuses what did not come from our own page (security.md §2). `Host` is compared with the constant, never with `Origin`: a name that was
 * bound to 127.0.0.1 makes those two equal.
 */
export function refusalOf({ method, path, headers }: Asked, port: number): Refusal | null {
  if (headers.host !== `127.0.0.1:${port}`) return refuse(421, 'This address is not that of Attune.')
  if (method === 'GET') return path === '/' || isOwnSite(headers) ? null : refuse(403, 'Another page asked for this.')
  if (method !== 'POST') return refuse(405, 'Only GET and POST are answered.')
  if (!isOwnOrigin(headers, port)) return refuse(403, 'Another page asked for this.')
  if (headers['sec-fetch-site'] !== 'same-origin') return refuse(403, 'Another page asked for this.')
  const wanted = path === '/upload' ? 'application/octet-stream' : 'application/json'
  const type = headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase()
  return type === wanted ? null : refuse(415, `The content must be ${wanted}.`)
}

/** The same for the events: browsers need not say where a WebSocket comes from but for its origin. */
export function upgradeRefusal({ method, path, headers }: Asked, port: number): Refusal | null {
  if (headers.host !== `127.0.0.1:${port}`) return refuse(421, 'This address is not that of Attune.')
  if (method !== 'GET' || path !== '/events') return refuse(400, 'There are no such events.')
  return isOwnOrigin(headers, port) && isOwnSite(headers) ? null : refuse(403, 'Another page asked for this.')
}

const isOwnOrigin = (headers: IncomingHttpHeaders, port: number): boolean => headers.origin === `http://127.0.0.1:${port}`

/** Files of the page are asked for by the page itself, or by the person (`none`). */
function isOwnSite({ 'sec-fetch-site': site }: IncomingHttpHeaders): boolean {
  return site === undefined || site === 'same-origin' || site === 'none'
}
