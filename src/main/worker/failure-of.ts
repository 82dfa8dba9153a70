import { InputError, messageOf, sentenceInApp } from '../base/errors.ts'
import type { FailedEvent } from './protocol.ts'

/** For the log. */
export const detailOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error))

/** What is told of anything that was thrown: the person's own sentence where the input is at fault, else that we failed. */
export function failureOf(error: unknown): FailedEvent {
  const detail = detailOf(error)
  if (!(error instanceof InputError))
    return { event: 'failed', exitCode: 1, code: 'internal', message: `Attune failed: ${messageOf(error)}`, detail }
  const { code, message } = error
  const inApp = sentenceInApp(error)
  return { event: 'failed', exitCode: 2, code, message, detail, ...(inApp === message ? {} : { inApp }) }
}
