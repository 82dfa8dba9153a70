import { check, type Check } from './check.ts'
import { networkClaims } from './network.ts'
import { pageClaims } from './page.ts'
import { programClaims } from './program.ts'

/** What can be shown of the promise in a window of our own: each is read now, from Electron or from the page itself. */
export const windowChecks = (): Promise<readonly Check[]> =>
  Promise.all([...networkClaims, ...pageClaims, ...programClaims].map(check))
