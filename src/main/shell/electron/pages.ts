import { pageHeaders, readPages } from '../pages.ts'

/** Scheme and origin of the application's own pages. */
export const ORIGIN = 'app://attune'

const HEADERS = pageHeaders("'none'")

/** Answers requests for the built pages in `folder`. */
export function servePages(folder: string): (request: Request) => Response {
  const pages = readPages(folder)
  return (request) => {
    const { pathname, host } = new URL(request.url)
    const page = request.method === 'GET' && host === 'attune' ? pages.get(pathname) : undefined
    if (page === undefined) return new Response('Not found', { status: 404, headers: HEADERS })
    return new Response(page.bytes, { headers: { ...HEADERS, 'Content-Type': page.type } })
  }
}
