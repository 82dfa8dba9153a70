import { randomBytes } from 'node:crypto'
import type { AutoLock, Conversion, UnlockProof, VaultStatus } from '../../../preload/contract/vault.ts'
import { defined } from '../../base/assert.ts'
import { keyRing, type Belonging } from '../../base/sealed/key-ring.ts'
import { Vault, type Keyring } from '../../vault/vault.ts'
import type { Runs } from '../../runs/runs.ts'
import { encryptFiles } from './conversion.ts'
import { holdRuns, runUnderWay } from './hold-runs.ts'
import { IdleTimer } from './idle-timer.ts'
import { ProjectKeys } from './project-keys.ts'
import { sealingOf } from './ring.ts'
import { readProtectionSettings, writeProtectionSettings, type OwedEvent, type ProtectionSettings } from './settings.ts'

/** What stands open once the keys are at hand. */
export interface Inside {
  readonly runs: Runs
  /** Whether a file of the person's own is there. */
  readonly hasOwnFiles: () => boolean
  readonly encryptRecord: (key: string) => void
  /** What belongs to which project. */
  readonly belongings: () => readonly Belonging[]
  /** Writes down that something was done. */
  readonly record: (event: 'unlocked' | 'locked' | 'encrypted' | 'passphrase-changed' | OwedEvent) => void
  readonly dispose: () => Promise<void>
}

export interface ProtectionOptions<Open extends Inside> {
  readonly dataFolder: string
  readonly keyring: Keyring | null
  /** Opens the record, with its key where it is encrypted. */
  readonly open: (recordKey: string | undefined, protection: Protection<Open>) => Promise<Open>
  readonly onChange: (status: VaultStatus) => void
  /** Told when names may be seen, and when not. */
  readonly onLocked: (isLocked: boolean) => void
  readonly quit: () => void
  /** Seconds on a clock that only runs forward. */
  readonly now?: () => number
}

/** Whether the files of a data folder are encrypted, whether they may be seen now, and the way from the one to the other. */
export class Protection<Open extends Inside> {
  readonly #options: ProtectionOptions<Open>
  readonly #vault: Vault
  readonly #idle: IdleTimer
  /** What is emptied at every start is sealed with this; it is kept nowhere. */
  readonly #passing = { id: randomBytes(16).toString('hex'), hex: randomBytes(32).toString('hex') }
  /** Keys of projects. */
  readonly projectKeys: ProjectKeys
  #settings: ProtectionSettings
  #inside: Open | null = null
  #isLocked = false
  #conversion: Conversion | null = null
  /** The encryption of what was there before, as long as it lasts. */
  #converting: Promise<void> = Promise.resolve()

  private constructor(options: ProtectionOptions<Open>, vault: Vault, settings: ProtectionSettings) {
    this.#options = options
    this.#vault = vault
    this.projectKeys = new ProjectKeys(vault, options.dataFolder)
    this.#settings = settings
    this.#idle = new IdleTimer(() => this.lock(), options.now)
    this.#idle.after(settings.autoLock)
  }

  /** Opens what can be opened: everything where nothing is encrypted or the keyring has the key, else nothing until `unlock`. */
  static async open<Open extends Inside>(options: ProtectionOptions<Open>): Promise<Protection<Open>> {
    const { dataFolder, keyring, now } = options
    const vault = await Vault.open({ dataFolder, keyring, ...(now && { now }) })
    const protection = new Protection(options, vault, await readProtectionSettings(dataFolder))
    await protection.#begin()
    protection.tell()
    return protection
  }

  /** What stands open; null until it was unlocked. A lock hides it and closes nothing: training goes on. */
  get inside(): Open | null {
    return this.#inside
  }

  get isLocked(): boolean {
    return this.#isLocked
  }

  status(): VaultStatus {
    const { isProtected, ways, keyringAvailable, wait } = this.#vault
    const run = this.#inside && runUnderWay(this.#inside.runs.list())
    const isAsked = !isProtected && !this.#settings.isAnswered && (this.#inside?.hasOwnFiles() ?? false)
    return {
      state: !isProtected ? 'unprotected' : this.#isLocked ? 'locked' : 'open',
      isAsked,
      ways,
      keyringAvailable,
      autoLock: this.#settings.autoLock,
      conversion: this.#conversion,
      underWay: run && { secondsLeft: run.secondsLeft },
      wait
    }
  }

  /** Says how things stand to whoever listens. */
  tell(): void {
    this.#options.onChange(this.status())
  }

  /** Makes the keys, encrypts the record, and goes on with the files; runs wait meanwhile. Returns the recovery key. */
  async protect(passphrase: string | null, withKeyring: boolean): Promise<string> {
    const inside = defined(this.#inside, 'an open data folder')
    const release = await holdRuns(inside.runs)
    try {
      const recoveryKey = await this.#vault.protect(passphrase, withKeyring)
      this.#useKeys()
      await this.projectKeys.adopt(inside.belongings())
      inside.encryptRecord(this.#recordKey())
      inside.record('encrypted')
      await this.#change({ isAnswered: true })
      this.#converting = this.#convert().finally(release)
      return recoveryKey
    } catch (error) {
      release()
      throw error
    }
  }

  async postpone(): Promise<VaultStatus> {
    return this.#change({ isAnswered: true })
  }

  async unlock(proof: UnlockProof): Promise<VaultStatus> {
    await this.#vault.unlock(proof)
    await this.#enter()
    this.#inside?.record('unlocked')
    await this.#payOwed()
    this.#setLocked(false)
    return this.status()
  }

  /** Has something written down at the next unlocking. */
  async owe(event: OwedEvent): Promise<void> {
    await this.#change({ owed: [...this.#settings.owed, event] })
  }

  async #payOwed(): Promise<void> {
    const { owed } = this.#settings
    if (owed.length === 0) return
    for (const event of owed) this.#inside?.record(event)
    await this.#change({ owed: [] })
  }

  /** Hides everything until it is unlocked again. Nothing happens where nothing is encrypted. */
  lock(): VaultStatus {
    if (this.#vault.isProtected && !this.#isLocked) {
      this.#inside?.record('locked')
      this.#setLocked(true)
    }
    return this.status()
  }

  async changePassphrase(proof: UnlockProof, next: string | null): Promise<VaultStatus> {
    await this.#vault.changePassphrase(proof, next)
    this.#inside?.record('passphrase-changed')
    this.tell()
    return this.status()
  }

  async newRecoveryKey(proof: UnlockProof): Promise<string> {
    return this.#vault.renewRecoveryKey(proof)
  }

  async useKeyring(isOn: boolean): Promise<VaultStatus> {
    await this.#vault.useKeyring(isOn)
    this.tell()
    return this.status()
  }

  async setAutoLock(autoLock: AutoLock): Promise<VaultStatus> {
    this.#idle.after(autoLock)
    return this.#change({ autoLock })
  }

  touch(): void {
    if (!this.#isLocked) this.#idle.touch()
  }

  quit(): void {
    this.#options.quit()
  }

  async dispose(): Promise<void> {
    this.#idle.dispose()
    await this.#converting
    await this.#inside?.dispose()
    keyRing.use()
  }

  async #begin(): Promise<void> {
    keyRing.use()
    if (!this.#vault.isProtected) {
      this.#inside = await this.#options.open(undefined, this)
      return
    }
    const isIn = this.#vault.ways.keyring && (await this.#vault.unlock({ keyring: true }).then(yes, no))
    if (isIn) {
      await this.#enter()
      this.#inside?.record('unlocked')
      await this.#payOwed()
    } else this.#setLocked(true)
  }

  /** Opens the record if that has not happened yet, and goes on with whatever is still to be encrypted. */
  async #enter(): Promise<void> {
    if (this.#inside) return
    this.#useKeys()
    this.#inside = await this.#options.open(this.#recordKey(), this)
    this.#converting = this.#convert()
  }

  #useKeys(): void {
    keyRing.use(sealingOf(this.#vault, this.projectKeys, this.#options.dataFolder, this.#passing))
  }

  #recordKey(): string {
    return defined(this.#vault.keyOf('database'), 'the key of the record').hex
  }

  async #convert(): Promise<void> {
    // How much there is will be known in a moment; that there is something to do is known now.
    this.#conversion = { done: 0, total: 0, failure: null }
    await encryptFiles(this.#options.dataFolder, this.projectKeys.destroyedIds, (state) => {
      this.#conversion = state
      this.tell()
    })
  }

  async #change(change: Partial<ProtectionSettings>): Promise<VaultStatus> {
    this.#settings = { ...this.#settings, ...change }
    await writeProtectionSettings(this.#options.dataFolder, this.#settings)
    this.tell()
    return this.status()
  }

  #setLocked(isLocked: boolean): void {
    this.#isLocked = isLocked
    if (!isLocked) this.#idle.touch()
    this.#options.onLocked(isLocked)
    this.tell()
  }
}

const yes = (): boolean => true
const no = (): boolean => false
