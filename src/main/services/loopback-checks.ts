import { foreignConnections } from '../shell/sockets.ts'
import type { AppFactsOptions } from './app-facts.ts'

type Check = Awaited<ReturnType<AppFactsOptions['shellChecks']>>[number]

/** What can be shown of the promise while the page is in an ordinary browser. */
export async function loopbackChecks(): Promise<readonly Check[]> {
  return [await connections(), extensions]
}

async function connections(): Promise<Check> {
  const found = await foreignConnections()
  const shared = {
    id: 'connections',
    claim: 'Attune speaks to nothing but this machine.',
    how: 'Reads the list of connections that the system keeps for Attune and the trainers that it started.'
  }
  if (!found) return { ...shared, result: 'cannot-tell', found: 'This system does not list them. Look at its firewall.' }
  const { loopback, foreign } = found
  return {
    ...shared,
    result: foreign === 0 ? 'holds' : 'fails',
    found: `${loopback} on this machine (127.0.0.1), ${foreign} elsewhere.`
  }
}

/** Nobody can promise this from inside of a page. */
const extensions: Check = {
  id: 'browser-extensions',
  claim: 'Nothing else reads this page.',
  how: 'Cannot be checked from here: extensions of your browser can read every page.',
  result: 'cannot-tell',
  found: 'Use a browser profile without extensions for sensitive texts.'
}
