/** One row of a request. */
export interface AskedRow {
  readonly text: string
  /** The second text where the model reads two, or the question where it answers questions. */
  readonly pair: string | null
}

/** What a model says of itself, as JSON. */
export interface ModelDescription {
  readonly name: string
  readonly problem: string
  readonly labels: readonly string[]
  /** What it asks of every text where nobody asks; left out where it answers no questions. */
  readonly questions?: readonly object[]
  readonly columns: { readonly pair: string | null }
  readonly [name: string]: unknown
}

/** The model behind the server. `shell` knows no runs: whoever composes it hands this in. */
export interface Answering {
  readonly model: ModelDescription
  /** Answers rows in their order. @throws InputError as `OpenModel.ask` */
  readonly answer: (
    rows: readonly AskedRow[],
    signal: AbortSignal
  ) => Promise<{ readonly answers: readonly object[]; readonly cut: number }>
}

/** Bounds on what may be asked. Each is told to whoever goes beyond it. */
export interface ServingLimits {
  /** Rows of a request. */
  readonly rows: number
  /** Bytes of a request. */
  readonly bytes: number
  /** Tokens of a request's rows together. */
  readonly tokens: number
  /** Requests that may wait. */
  readonly waiting: number
  /** Seconds in which a request must have arrived. */
  readonly seconds: number
  /** Connections at a time. */
  readonly connections: number
}

export const servingLimits: ServingLimits = {
  rows: 1000,
  bytes: 8 * 2 ** 20,
  tokens: 500_000,
  waiting: 32,
  seconds: 30,
  connections: 64
}
