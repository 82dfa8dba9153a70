import { request, type IncomingHttpHeaders } from 'node:http'

/** The headers of the page as it is served now, asked of our own server on this machine. */
export function servedHeaders(port: number): Promise<IncomingHttpHeaders> {
  return new Promise((resolve, reject) => {
    const asking = request({ host: '127.0.0.1', port, path: '/', agent: false, timeout: 5000 }, (response) => {
      response.resume()
      resolve(response.headers)
    })
    asking.on('timeout', () => asking.destroy(new Error('The page was not served in time.')))
    asking.on('error', reject)
    asking.end()
  })
}
