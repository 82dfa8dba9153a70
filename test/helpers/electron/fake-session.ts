import { EventEmitter } from 'node:events'
import { strict } from './strict.ts'

type Note = (name: string, ...given: readonly unknown[]) => void
type BeforeRequest = (details: { readonly url: string }, answer: (response: { readonly cancel?: boolean }) => void) => void

/** What of a session the application uses. */
type Used = Pick<
  Electron.Session,
  | 'setPermissionRequestHandler'
  | 'setPermissionCheckHandler'
  | 'setDevicePermissionHandler'
  | 'setDisplayMediaRequestHandler'
  | 'setSpellCheckerEnabled'
  | 'isSpellCheckerEnabled'
  | 'resolveProxy'
  | 'on'
> & {
  readonly webRequest: { readonly onBeforeRequest: (listener: BeforeRequest) => void }
  readonly protocol: { readonly handle: (scheme: string, handler: (request: Request) => Response | Promise<Response>) => void }
  readonly extensions: { readonly getAllExtensions: () => readonly Pick<Electron.Extension, 'name'>[] }
  readonly resolveHost: (host: string) => Promise<Electron.ResolvedHost>
  readonly fetch: (url: string) => Promise<Response>
}

/** A session that obeys what it was told: requests pass its filter, its schemes are answered, permissions are asked for. */
export class FakeSession extends EventEmitter {
  extensions: readonly string[] = []
  /** Chromium checks spelling until it is told otherwise. */
  isSpelling = true
  /** Set where a test breaks what the switches say. */
  resolves = false
  proxy: string | null = null
  readonly schemes = new Map<string, (request: Request) => Response | Promise<Response>>()
  readonly native: Electron.Session
  readonly #note: Note
  readonly #switches: ReadonlyMap<string, string>
  #filter: BeforeRequest | null = null
  #permits: (() => boolean) | null = null

  /** `switches`: those of Chromium's command line. */
  constructor(note: Note, switches: ReadonlyMap<string, string>) {
    super()
    this.#note = note
    this.#switches = switches
    this.native = strict('session', this.#used()) as unknown as Electron.Session // The rest of it throws.
  }

  /** Whether a page is granted what it asks for; without a handler Electron grants everything. */
  permits(): boolean {
    return this.#permits?.() ?? true
  }

  #used(): Used {
    const note = this.#note
    return {
      webRequest: {
        onBeforeRequest: (listener) => {
          note('webRequest.onBeforeRequest', listener)
          this.#filter = listener
        }
      },
      protocol: {
        handle: (scheme, handler) => {
          note('protocol.handle', scheme, handler)
          if (this.schemes.has(scheme)) throw new Error(`Failed to register protocol: ${scheme}`)
          this.schemes.set(scheme, handler)
        }
      },
      setPermissionRequestHandler: (handler) => note('session.setPermissionRequestHandler', handler),
      setPermissionCheckHandler: (handler) => {
        note('session.setPermissionCheckHandler', handler)
        this.#permits = handler as unknown as (() => boolean) | null // Ours looks at none of its arguments.
      },
      setDevicePermissionHandler: (handler) => note('session.setDevicePermissionHandler', handler),
      setDisplayMediaRequestHandler: (handler) => note('session.setDisplayMediaRequestHandler', handler),
      setSpellCheckerEnabled: (isEnabled) => {
        note('session.setSpellCheckerEnabled', isEnabled)
        this.isSpelling = isEnabled
      },
      isSpellCheckerEnabled: () => this.isSpelling,
      extensions: { getAllExtensions: () => this.extensions.map((name) => ({ name })) },
      resolveProxy: async () => this.proxy ?? (this.#switches.has('no-proxy-server') ? 'DIRECT' : 'PROXY proxy.example:3128'),
      resolveHost: async (host) => {
        if (!this.resolves && this.#switches.has('host-resolver-rules')) throw new Error('net::ERR_NAME_NOT_RESOLVED')
        return { endpoints: [{ address: host === 'localhost' ? '127.0.0.1' : '192.0.2.1', family: 'ipv4' }] }
      },
      fetch: (url) => this.#fetch(url),
      on: this.on.bind(this) as unknown as Electron.Session['on'] // An emitter's `on` serves every overload.
    }
  }

  async #fetch(url: string): Promise<Response> {
    let isCancelled = false
    this.#filter?.({ url }, ({ cancel }) => void (isCancelled = cancel === true))
    if (isCancelled) throw new Error('net::ERR_BLOCKED_BY_CLIENT')
    const handler = this.schemes.get(new URL(url).protocol.slice(0, -1))
    if (!handler) throw new Error('net::ERR_CONNECTION_REFUSED')
    return handler(new Request(url))
  }
}
