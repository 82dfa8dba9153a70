import type { Failure } from '../../preload/contract/common.ts'
import { InputError, sentenceInApp } from '../base/errors.ts'

/** Anything that a route threw, as the screens show it: what the person can mend in its own words, a bug of ours in one sentence. */
export function failureOf(error: unknown): Failure {
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error)
  if (error instanceof InputError) return { code: error.code, message: sentenceInApp(error), detail }
  const message = 'Something went wrong inside Attune. Nothing of yours is lost; try again, and look at the details if it stays.'
  return { code: 'internal', message, detail }
}
