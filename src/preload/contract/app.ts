/** What the program knows of itself and the machine. */
export interface AppFacts {
  readonly version: string
  readonly platform: string
  /** `electron`, or `loopback`: a page in an ordinary browser, where extensions can read along. */
  readonly shell: 'electron' | 'loopback'
  /** What the automatic choice takes for a large run, in words: `CPU, 2 threads`, or a card's name. */
  readonly device: string
  /** Why, in a sentence; null while no device was tried. */
  readonly deviceWhy: string | null
  readonly threads: number
  /** Bytes. */
  readonly memory: { readonly total: number; readonly free: number }
  readonly disk: { readonly free: number }
}

/** One claim of the Privacy screen and what came of checking it. */
export interface PrivacyCheck {
  readonly id: string
  readonly claim: string
  readonly how: string
  /** ISO 8601. */
  readonly checkedAt: string
  readonly result: 'holds' | 'fails' | 'cannot-tell'
  readonly found: string
}

export interface AppApi {
  facts(): AppFacts
  privacy(): readonly PrivacyCheck[]
}
