import { InputError } from '../base/errors.ts'
import type { FinishedEvent, Outcome } from '../worker/protocol.ts'

/** What a task came to. Throws an InputError where the input was at fault or the person stopped it, an Error where Attune was. */
export function finishedOf(outcome: Outcome): FinishedEvent {
  if (outcome.event !== 'failed') return outcome
  if (outcome.exitCode === 1) throw new Error(outcome.detail)
  throw new InputError(outcome.code, outcome.inApp ?? outcome.message)
}
