import type { PrivacyCheck } from '../../../../preload/contract/app.ts'
import { messageOf } from '../../../base/errors.ts'

/** One claim and what came of checking it; when is said for all of them at once. */
export type Check = Omit<PrivacyCheck, 'checkedAt'>

export interface Claim {
  readonly id: string
  readonly claim: string
  readonly how: string
  /** Looks at the real thing. What throws cannot be told. */
  readonly look: () => Promise<Finding> | Finding
}

export interface Finding {
  /** Null where it cannot be told. */
  readonly holds: boolean | null
  readonly found: string
}

/** Milliseconds that a page or Chromium is waited for. */
const PATIENCE = 5000

/** Checks a claim now. */
export async function check({ id, claim, how, look }: Claim): Promise<Check> {
  const about = { id, claim, how }
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<Finding>((done) => {
    timer = setTimeout(() => done({ holds: null, found: 'There was no answer in 5 seconds. Check again.' }), PATIENCE)
  })
  try {
    const { holds, found } = await Promise.race([(async () => look())(), late])
    return { ...about, result: holds === null ? 'cannot-tell' : holds ? 'holds' : 'fails', found }
  } catch (error) {
    return { ...about, result: 'cannot-tell', found: `It could not be looked at: ${messageOf(error)}` }
  } finally {
    clearTimeout(timer)
  }
}

/** What is not as it ought to be, in words; or that all of it is. */
export const faultsOr = (faults: readonly string[], good: string): Finding => ({
  holds: faults.length === 0,
  found: faults.length === 0 ? good : `${faults.join('; ')}.`
})
