import { session } from 'electron'
import type { PrivacyCheck } from '../../../preload/contract/app.ts'
import { pageHeaders } from '../pages.ts'
import { cancelledRequests } from './harden.ts'

type Check = Omit<PrivacyCheck, 'checkedAt'>

/** What can be shown of the promise in a window of our own. */
export function windowChecks(): readonly Check[] {
  return [policy(), extensions()]
}

function policy(): Check {
  const served = pageHeaders("'none'")['Content-Security-Policy'] ?? ''
  return {
    id: 'page-policy',
    claim: 'The page may load from and speak to Attune alone.',
    how: 'Reads the policy that the page is served with, and counts the requests that were cancelled for leading elsewhere.',
    result: served.includes("default-src 'none'") && served.includes("connect-src 'none'") ? 'holds' : 'fails',
    found: `${cancelledRequests()} requests cancelled since Attune was opened. ${served}`
  }
}

function extensions(): Check {
  const names = session.defaultSession.extensions.getAllExtensions().map(({ name }) => name)
  return {
    id: 'window-extensions',
    claim: 'Nothing else reads this page.',
    how: 'Asks Electron for the extensions in this window.',
    result: names.length === 0 ? 'holds' : 'fails',
    found: names.length === 0 ? 'There are none.' : names.join(', ')
  }
}
