import type { PrivacyCheck } from '../../../preload/contract/app.ts'

/** One claim and what came of checking it; when is said for all of them at once. */
export type Check = Omit<PrivacyCheck, 'checkedAt'>

/** What of a promise is the same for every outcome. */
export type Claim = Pick<Check, 'id' | 'claim' | 'how'>

export const outcome = (claim: Claim, result: Check['result'], found: string): Check => ({ ...claim, result, found })
