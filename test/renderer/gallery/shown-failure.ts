import type { FailureCode, Way } from '../../../src/renderer/src/lib/failures.ts'

/** A code of the catalogue with what stands on the screen. */
export interface ShownFailure {
  readonly code: FailureCode
  readonly way: Way
  readonly message: string
}
