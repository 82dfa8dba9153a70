import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** Seconds that a token of an address, a takeover and a ticket are good for. */
export const LIFETIMES = { token: 60, takeover: 300, ticket: 30, download: 30 } as const

/** A session that was heard of so recently still has its page, even where its events are just being opened again. */
const STILL_THERE = 5

export type Exchange =
  | { readonly kind: 'opened'; readonly bearer: string }
  /** Another page is open; this one-use token takes its place. */
  | { readonly kind: 'taken'; readonly takeover: string }
  | { readonly kind: 'refused' }

interface Session {
  readonly id: string
  readonly bearer: Buffer
  lastSeen: number
}

interface Secret {
  readonly hash: Buffer
  readonly until: number
  readonly kind: keyof typeof LIFETIMES
  /** The session that a ticket belongs to. */
  readonly session: string | null
}

const secret = (): string => randomBytes(32).toString('base64url')
const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest()

/**
 * Who may speak: one page at a time. Tokens, takeovers and tickets are spent by their first use; only their hashes are kept, and hashes are
 * compared in constant time.
 */
export class Sessions {
  readonly #now: () => number
  readonly #hasPage: () => boolean
  readonly #onReplaced: () => void
  #secrets: Secret[] = []
  #session: Session | null = null

  /** `now`: seconds on a clock that only runs forward. `hasPage`: whether the session's events are being heard. */
  constructor(now: () => number, hasPage: () => boolean, onReplaced: () => void) {
    this.#now = now
    this.#hasPage = hasPage
    this.#onReplaced = onReplaced
  }

  /** A token for an address. */
  mintToken(): string {
    return this.#mint('token', null)
  }

  /** A ticket for the events of a session, since a WebSocket carries no header. */
  mintTicket(session: string): string {
    return this.#mint('ticket', session)
  }

  /** A ticket for one download of a session: an address that the browser fetches carries no header either. */
  mintDownload(session: string): string {
    return this.#mint('download', session)
  }

  /** Spends a token or a takeover. */
  exchange(text: string): Exchange {
    const found = this.#spend(text, ['token', 'takeover'])
    if (!found) return { kind: 'refused' }
    if (found.kind === 'token' && this.#isInUse()) return { kind: 'taken', takeover: this.#mint('takeover', null) }
    if (this.#session) this.#onReplaced()
    const bearer = secret()
    this.#session = { id: randomBytes(8).toString('hex'), bearer: hashOf(bearer), lastSeen: this.#now() }
    return { kind: 'opened', bearer }
  }

  /** The session of a bearer; null where it is none, or no longer. */
  sessionOf(bearer: string): string | null {
    const session = this.#session
    if (!session || !timingSafeEqual(hashOf(bearer), session.bearer)) return null
    session.lastSeen = this.#now()
    return session.id
  }

  /** Spends a ticket: the session that it was for, if that is still the one. */
  redeem(ticket: string, kind: 'ticket' | 'download'): string | null {
    const found = this.#spend(ticket, [kind])
    return found && found.session === this.#session?.id ? found.session : null
  }

  #isInUse(): boolean {
    return this.#session !== null && (this.#hasPage() || this.#now() - this.#session.lastSeen < STILL_THERE)
  }

  #mint(kind: Secret['kind'], session: string | null): string {
    const text = secret()
    this.#drop()
    this.#secrets.push({ hash: hashOf(text), until: this.#now() + LIFETIMES[kind], kind, session })
    return text
  }

  #spend(text: string, kinds: readonly Secret['kind'][]): Secret | null {
    this.#drop()
    const hash = hashOf(text)
    const found = this.#secrets.find((each) => kinds.includes(each.kind) && timingSafeEqual(each.hash, hash)) ?? null
    this.#secrets = this.#secrets.filter((each) => each !== found)
    return found
  }

  /** Forgets what is too old. */
  #drop(): void {
    this.#secrets = this.#secrets.filter(({ until }) => until > this.#now())
  }
}
