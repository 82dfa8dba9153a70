import { attuneError, type AttuneError } from '../../lib/api.ts'
import { words } from '../../lib/words/index.ts'
import type { VaultState } from '../../state/vault.svelte.ts'

/** The way from a passphrase typed twice to a recovery key that was written down. */
export class Protecting {
  readonly #vault: VaultState
  passphrase = $state('')
  again = $state('')
  keyring = $state(false)
  #isBusy = $state(false)
  #problem = $state.raw<string | null>(null)
  #failure = $state.raw<AttuneError | null>(null)
  #recoveryKey = $state.raw<string | null>(null)

  constructor(vault: VaultState) {
    this.#vault = vault
  }

  get isBusy(): boolean {
    return this.#isBusy
  }

  /** What keeps it from beginning, in a sentence. */
  get problem(): string | null {
    return this.#problem ?? this.#failure?.message ?? null
  }

  /** Shown until it was written down. */
  get recoveryKey(): string | null {
    return this.#recoveryKey
  }

  async protect(): Promise<void> {
    this.#problem = this.passphrase === this.again ? null : words.vault.differ
    this.#failure = null
    if (this.#problem !== null || this.#isBusy) return
    this.#isBusy = true
    try {
      this.#recoveryKey = await this.#vault.protect(this.passphrase, this.keyring)
    } catch (thrown) {
      this.#failure = attuneError(thrown)
    } finally {
      this.#isBusy = false
    }
  }

  /** Forgets everything that was typed and shown. */
  done(): void {
    this.passphrase = ''
    this.again = ''
    this.#recoveryKey = null
  }
}
