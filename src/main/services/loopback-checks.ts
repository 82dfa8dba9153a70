import { servedHeaders } from '../shell/loopback/own-headers.ts'
import { foreignConnections } from '../shell/sockets.ts'
import { outcome, type Check } from './evidence/check.ts'

/** What can be shown of the promise while the page is in an ordinary browser. `port`: where the page is served. */
export async function loopbackChecks(port: number): Promise<readonly Check[]> {
  return [await connections(), await policy(port), extensions]
}

const connectionsClaim = {
  id: 'connections',
  claim: 'Attune speaks to nothing but this machine.',
  how: 'Reads the list of connections that the system keeps for Attune and the trainers that it started.'
}

/** What Attune and the trainers that it started are connected to, in either shell. */
export async function connections(): Promise<Check> {
  const found = await foreignConnections()
  if (!found) return outcome(connectionsClaim, 'cannot-tell', 'This system does not list them. Look at its firewall.')
  const { loopback, foreign } = found
  return outcome(
    connectionsClaim,
    foreign === 0 ? 'holds' : 'fails',
    `${loopback} on this machine (127.0.0.1), ${foreign} elsewhere.`
  )
}

const policyClaim = {
  id: 'page-policy',
  claim: 'The page may load from and speak to Attune alone.',
  how: 'Asks the own server for the page and reads the policy that the browser is served.'
}

async function policy(port: number): Promise<Check> {
  const value = (await servedHeaders(port))['content-security-policy']
  const served = typeof value === 'string' ? value : ''
  const directives = new Map(
    served.split(';').map((text) => [text.trim().split(/\s+/)[0] ?? '', text.trim().split(/\s+/).slice(1)])
  )
  const sources = [...directives.values()].flat()
  const foreign = sources.filter((source) => !["'none'", "'self'", 'blob:', "'script'"].includes(source))
  const isClosed = directives.get('default-src')?.join() === "'none'" && directives.get('connect-src')?.join() === "'self'"
  return outcome(policyClaim, isClosed && foreign.length === 0 ? 'holds' : 'fails', served === '' ? 'There is none.' : served)
}

/** Nobody can promise this from inside of a page. */
const extensions: Check = outcome(
  {
    id: 'browser-extensions',
    claim: 'Nothing else reads this page.',
    how: 'Cannot be checked from here: extensions of your browser can read every page.'
  },
  'cannot-tell',
  'Use a browser profile without extensions for sensitive texts.'
)
