import type { AnswererId, Failure } from './common.ts'
import type { ExportId } from './exports.ts'

/** What can answer other programs: whatever answers in Use, or an export. */
export type ServedId = AnswererId | ExportId

/** How other programs of this PC are answered. It is in no file and ends with the window. */
export interface ServingStatus {
  readonly of: ServedId
  readonly name: string
  readonly state: 'opening' | 'open' | 'failed'
  /** `http://127.0.0.1:PORT`; empty while the model is being opened. */
  readonly address: string
  /** What each request has to carry. */
  readonly token: string
  /** Whether a row has a second text. */
  readonly pairs: boolean
  /** Whether a question has to be sent with each text. */
  readonly asks: boolean
  /** ISO 8601. */
  readonly since: string
  readonly requests: number
  readonly refused: number
  /** Texts that were answered. */
  readonly rows: number
  /** How often the process of the model was lost and another started. */
  readonly restarts: number
  /** What whoever uses the model should know: that an export was retired. */
  readonly note: string | null
  readonly failure: Failure | null
}

export interface ServingApi {
  /** Null where nothing is answered. */
  status(): ServingStatus | null
  /** Returns at once; `changed` tells the rest. `port`: one that is free where null. */
  start(request: { readonly of: ServedId; readonly port: number | null }): ServingStatus
  stop(): void
}

export interface ServingEvents {
  changed: { readonly status: ServingStatus | null }
}
