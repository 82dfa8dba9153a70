import { createContext } from 'svelte'
import type { AutoLock, UnlockProof, VaultStatus } from '../../../preload/contract/vault.ts'
import { attuneError, type Api, type AttuneError } from '../lib/api.ts'

/** Milliseconds between two words to main that a hand is on the page. */
const TOUCH_EVERY = 30_000

/** Whether the files are encrypted, and whether they may be seen: above everything else, because all else depends on it. */
export class VaultState {
  readonly #api: Api['vault']
  #status = $state.raw<VaultStatus | null>(null)
  #failure = $state.raw<AttuneError | null>(null)
  #touched = 0

  constructor(api: Api) {
    this.#api = api.vault
  }

  get status(): VaultStatus | null {
    return this.#status
  }

  /** Why it could not be found out. */
  get failure(): AttuneError | null {
    return this.#failure
  }

  /** Reads how things stand and keeps it current. Returns the function that stops it. */
  follow(): () => void {
    void this.load()
    return this.#api.on('changed', (status) => (this.#status = status))
  }

  async load(): Promise<void> {
    try {
      this.#status = await this.#api.status()
      this.#failure = null
    } catch (thrown) {
      this.#failure = attuneError(thrown)
    }
  }

  /** Encrypts the files and returns the recovery key. */
  async protect(passphrase: string | null, keyring: boolean): Promise<string> {
    const recoveryKey = await this.#api.protect({ passphrase, keyring })
    await this.load()
    return recoveryKey
  }

  async postpone(): Promise<void> {
    this.#status = await this.#api.postpone()
  }

  async unlock(proof: UnlockProof): Promise<void> {
    this.#status = await this.#api.unlock(proof)
  }

  async lock(): Promise<void> {
    this.#status = await this.#api.lock()
  }

  async changePassphrase(proof: UnlockProof, next: string | null): Promise<void> {
    this.#status = await this.#api.changePassphrase({ proof, next })
  }

  async newRecoveryKey(proof: UnlockProof): Promise<string> {
    return this.#api.newRecoveryKey(proof)
  }

  async useKeyring(isOn: boolean): Promise<void> {
    this.#status = await this.#api.useKeyring(isOn)
  }

  async setAutoLock(minutes: AutoLock): Promise<void> {
    this.#status = await this.#api.setAutoLock(minutes)
  }

  async quit(): Promise<void> {
    await this.#api.quit()
  }

  /** A hand is on the page; main hears of it now and then. */
  touch(): void {
    const now = performance.now()
    if (this.#status?.state !== 'open' || now - this.#touched < TOUCH_EVERY) return
    this.#touched = now
    // A lost word about a hand is followed by the next one.
    void this.#api.touch().catch(() => undefined)
  }
}

export const [getVault, setVault] = createContext<VaultState>()
