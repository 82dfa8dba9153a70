import { InputError } from '../../../base/errors.ts'

/** A refusal as HTTP tells it. */
export class Problem extends Error {
  readonly status: number
  readonly code: string
  /** Seconds after which to ask again. */
  readonly retryAfter: number | null

  constructor(status: number, code: string, message: string, retryAfter: number | null = null) {
    super(message)
    this.name = 'Problem'
    this.status = status
    this.code = code
    this.retryAfter = retryAfter
  }
}

/** What the model's refusals are in HTTP; every other one is the fault of what was asked. */
const statuses: Readonly<Record<string, readonly [status: number, retryAfter: number | null]>> = {
  'answer-busy': [429, 1],
  'answer-lost': [503, 2],
  'answer-tokens': [413, null]
}

/** Anything that was thrown, as HTTP tells it. What we failed at is not described: it may quote a text. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (!(error instanceof InputError)) return new Problem(500, 'internal', 'Attune failed over this request.')
  const [status, retryAfter] = statuses[error.code] ?? [400, null]
  return new Problem(status, error.code, error.message, retryAfter)
}
