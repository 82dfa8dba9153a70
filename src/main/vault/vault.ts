import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { assert, defined } from '../base/assert.ts'
import { InputError } from '../base/errors.ts'
import { Attempts } from './attempts.ts'
import { dataKeyIn, newDataKey, purposeOf, withDataKeys, withoutDataKey, type DataKey } from './data-keys.ts'
import { readKeysFile, replaceKeysFile, writeKeysFile, type KeysFile } from './keys-file.ts'
import { newRecoveryKey, readRecoveryKey } from './recovery-key.ts'
import { passphraseOf, recoveryOf } from './ways.ts'
import { keyOfPassphrase, keyOfRecovery, unwrapKey } from './wrapping.ts'

/** The operating system's store of secrets; only Electron reaches it. */
export interface Keyring {
  readonly isAvailable: () => boolean
  readonly wrap: (text: string) => Uint8Array
  readonly unwrap: (bytes: Uint8Array) => string
}

/** What opens the vault. */
export type Proof = { readonly passphrase: string } | { readonly recoveryKey: string } | { readonly keyring: true }

export interface VaultOptions {
  readonly dataFolder: string
  readonly keyring: Keyring | null
  /** Seconds on a clock that only runs forward. */
  readonly now?: () => number
}

/**
 * The keys of a data folder. One random key opens all others; it is stored wrapped by a passphrase, by the keyring, by a recovery key, in any
 * combination that holds the recovery key and one of the others.
 */
export class Vault {
  readonly #path: string
  readonly #keyring: Keyring | null
  readonly #attempts: Attempts
  #file: KeysFile | null
  #key: Buffer | null = null
  /** One thing after the other: tries side by side would not be counted one by one. */
  #turn: Promise<unknown> = Promise.resolve()

  private constructor({ dataFolder, keyring, now }: VaultOptions, file: KeysFile | null) {
    this.#path = join(dataFolder, 'keys.json')
    this.#keyring = keyring
    this.#attempts = new Attempts(now ?? ((): number => performance.now() / 1000))
    this.#file = file
  }

  /** @throws InputError where keys.json is damaged */
  static async open(options: VaultOptions): Promise<Vault> {
    return new Vault(options, await readKeysFile(join(options.dataFolder, 'keys.json')))
  }

  get isProtected(): boolean {
    return this.#file !== null
  }

  /** Whether the keys are at hand. */
  get isOpen(): boolean {
    return this.#key !== null
  }

  get ways(): { readonly passphrase: boolean; readonly keyring: boolean } {
    return { passphrase: this.#file?.passphrase != null, keyring: this.#file?.keyring != null }
  }

  get keyringAvailable(): boolean {
    return this.#keyring?.isAvailable() ?? false
  }

  /** Seconds until the next try is looked at. */
  get wait(): number {
    return this.#attempts.wait()
  }

  /** Makes the keys and opens the vault. Returns the recovery key, which is kept nowhere. */
  protect(passphrase: string | null, withKeyring: boolean): Promise<string> {
    return this.#inTurn(async () => {
      if (this.#file) throw new InputError('vault-exists', 'Your files are encrypted already.')
      if (passphrase === null && !withKeyring) throw nothingOpens()
      const [key, vault, shown] = [randomBytes(32), randomBytes(16).toString('hex'), newRecoveryKey()]
      const bare: KeysFile = {
        format: 'attune-keys-1',
        vault,
        passphrase: null,
        recovery: recoveryOf(vault, key, shown),
        keyring: withKeyring ? this.#ofKeyring(key) : null,
        keys: { database: newDataKey(vault, key, 'database'), own: newDataKey(vault, key, 'own') },
        destroyed: []
      }
      await this.#save({ ...bare, passphrase: passphrase === null ? null : await passphraseOf(vault, key, passphrase) })
      this.#key = key
      return shown
    })
  }

  /** Opens the vault, or shows that whoever asks could. @throws InputError that says what is wrong with the proof */
  unlock(proof: Proof): Promise<void> {
    return this.#inTurn(async () => {
      this.#key = await this.#prove(proof)
    })
  }

  /** Replaces the passphrase; null takes it away where the keyring still opens the vault. */
  changePassphrase(proof: Proof, next: string | null): Promise<void> {
    return this.#inTurn(async () => {
      const key = await this.#prove(proof)
      const file = this.#known()
      if (next === null && file.keyring === null) throw nothingOpens()
      await this.#save({ ...file, passphrase: next === null ? null : await passphraseOf(file.vault, key, next) })
    })
  }

  /** Another recovery key; the one before opens nothing any more. */
  renewRecoveryKey(proof: Proof): Promise<string> {
    return this.#inTurn(async () => {
      const key = await this.#prove(proof)
      const [file, shown] = [this.#known(), newRecoveryKey()]
      await this.#save({ ...file, recovery: recoveryOf(file.vault, key, shown) })
      return shown
    })
  }

  useKeyring(isOn: boolean): Promise<void> {
    return this.#inTurn(async () => {
      const file = this.#known()
      if (!isOn && file.passphrase === null) throw nothingOpens()
      await this.#save({ ...file, keyring: isOn ? this.#ofKeyring(this.#opened()) : null })
    })
  }

  /** The key of this name; null where it was destroyed, or never made. */
  keyOf(name: string): DataKey | null {
    return dataKeyIn(this.#known(), this.#opened(), name)
  }

  /** Makes the keys of these names that are not there, in one write. */
  makeKeys(names: readonly string[]): Promise<void> {
    return this.#inTurn(async () => {
      const file = this.#known()
      const next = withDataKeys(file, this.#opened(), names)
      if (next !== file) await this.#save(next)
    })
  }

  /** Takes a key away for good, if it is there. `isDestroyed`: it sealed something, and whatever of that is found is to be deleted. */
  removeKey(name: string, isDestroyed: boolean): Promise<void> {
    return this.#inTurn(async () => {
      const next = withoutDataKey(this.#known(), name, isDestroyed)
      await replaceKeysFile(this.#path, next)
      this.#file = next
    })
  }

  /** The names and ids of keys that were destroyed. */
  get destroyed(): KeysFile['destroyed'] {
    return this.#file?.destroyed ?? []
  }

  /** The names of all keys of data. */
  get names(): readonly string[] {
    return Object.keys(this.#file?.keys ?? {})
  }

  /** All keys of files, for the key ring. */
  fileKeys(): readonly DataKey[] {
    return this.names.flatMap((name) => (name === 'database' ? [] : (this.keyOf(name) ?? [])))
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work)
    this.#turn = result.catch(() => undefined)
    return result
  }

  async #prove(proof: Proof): Promise<Buffer> {
    this.#attempts.check()
    const key = await this.#keyBy(proof)
    if (key) {
      this.#attempts.succeeded()
      return key
    }
    if ('keyring' in proof)
      throw new InputError(
        'keyring-refused',
        'The keyring of this PC does not have the key. Use the passphrase or the recovery key.'
      )
    this.#attempts.failed()
    const sentence =
      'passphrase' in proof ? 'This is not the passphrase.' : 'This is a recovery key, but not the one of these files.'
    throw new InputError('passphrase' in proof ? 'passphrase-wrong' : 'recovery-wrong', sentence)
  }

  async #keyBy(proof: Proof): Promise<Buffer | null> {
    const { vault, passphrase, recovery } = this.#known()
    if ('passphrase' in proof) {
      if (!passphrase) throw new InputError('passphrase-none', 'No passphrase was set for these files. Use the recovery key.')
      return unwrapKey(passphrase.key, await keyOfPassphrase(proof.passphrase, passphrase.scrypt), purposeOf(vault, 'passphrase'))
    }
    if ('recoveryKey' in proof)
      return unwrapKey(recovery, keyOfRecovery(readRecoveryKey(proof.recoveryKey)), purposeOf(vault, 'recovery'))
    return this.#fromKeyring()
  }

  /** The vault key as the keyring has it, if it is the one of this vault: a key of data tells. */
  #fromKeyring(): Buffer | null {
    const { keyring, vault, keys } = this.#known()
    if (keyring === null || !this.keyringAvailable) return null
    try {
      const key = Buffer.from(defined(this.#keyring, 'the keyring').unwrap(Buffer.from(keyring, 'base64')), 'hex')
      const { database } = keys
      return database && key.length === 32 && unwrapKey(database.key, key, purposeOf(vault, 'database', database.id)) ? key : null
    } catch {
      // The keyring of another account or machine: the other ways remain.
      return null
    }
  }

  #ofKeyring(key: Buffer): string {
    if (!this.#keyring || !this.keyringAvailable)
      throw new InputError('keyring-absent', 'This PC offers no keyring here. Use a passphrase.')
    return Buffer.from(this.#keyring.wrap(key.toString('hex'))).toString('base64')
  }

  async #save(file: KeysFile): Promise<void> {
    await writeKeysFile(this.#path, file)
    this.#file = file
  }

  #known(): KeysFile {
    if (this.#file) return this.#file
    throw new InputError('vault-none', 'Your files are not encrypted.')
  }

  #opened(): Buffer {
    assert(this.#key, 'a key was asked of a closed vault')
    return this.#key
  }
}

const nothingOpens = (): InputError =>
  new InputError('vault-no-way', 'A passphrase or the keyring of this PC must open your files. Keep one of them.')
