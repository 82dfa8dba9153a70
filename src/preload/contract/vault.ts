/** What stands between others and the person's own files on this disk. */
export interface VaultStatus {
  /** `unprotected`: files lie as they are. `locked`: nothing but this is answered. `open`: encrypted, and unlocked. */
  readonly state: 'unprotected' | 'locked' | 'open'
  /** Whether the person is to be asked now: the first file of their own is there, and nobody has answered yet. */
  readonly isAsked: boolean
  /** What opens the files besides the recovery key. */
  readonly ways: { readonly passphrase: boolean; readonly keyring: boolean }
  /** Whether this system keeps secrets for Attune. */
  readonly keyringAvailable: boolean
  /** Minutes without a hand on the page after which Attune locks itself; 0 for never. */
  readonly autoLock: AutoLock
  /** Files that were there before and are being encrypted; null where there is nothing left to do. */
  readonly conversion: Conversion | null
  /** A run is under way, of which nothing else is said while Attune is locked. */
  readonly underWay: { readonly secondsLeft: number | null } | null
  /** Seconds until another try to unlock is looked at. */
  readonly wait: number
}

export type AutoLock = 0 | 5 | 15 | 60

export interface Conversion {
  readonly done: number
  readonly total: number
  /** Why it stopped; it goes on when Attune is opened again. */
  readonly failure: string | null
}

/** What shows that somebody may open the files. */
export type UnlockProof = { readonly passphrase: string } | { readonly recoveryKey: string } | { readonly keyring: true }

export interface VaultApi {
  status(): VaultStatus
  /** Encrypts the files. Returns the recovery key, which is shown once and kept nowhere. */
  protect(ways: { readonly passphrase: string | null; readonly keyring: boolean }): string
  /** *Not now*: the question is not asked again; Settings has it. */
  postpone(): VaultStatus
  unlock(proof: UnlockProof): VaultStatus
  lock(): VaultStatus
  /** A new passphrase; null takes it away where the keyring still opens the files. */
  changePassphrase(change: { readonly proof: UnlockProof; readonly next: string | null }): VaultStatus
  /** A new recovery key; the one before opens nothing any more. */
  newRecoveryKey(proof: UnlockProof): string
  useKeyring(isOn: boolean): VaultStatus
  setAutoLock(minutes: AutoLock): VaultStatus
  /** A hand is on the page. */
  touch(): void
  /** Closes Attune; a run stops at a checkpoint. */
  quit(): void
}

export interface VaultEvents {
  changed: VaultStatus
}
