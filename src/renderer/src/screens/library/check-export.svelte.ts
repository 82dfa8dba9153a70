import type { DatasetId, FileHandle } from '../../../../preload/contract/common.ts'
import type { ExportCheck, ExportStatus } from '../../../../preload/contract/exports.ts'
import { attuneError, type Api, type AttuneError } from '../../lib/api.ts'

/** An export's folder, or a pack in a folder, that is checked and may be reviewed. */
export class CheckExportState {
  #folder: FileHandle | null = null
  #check = $state.raw<ExportCheck | null>(null)
  #failure = $state.raw<AttuneError | null>(null)
  #packs = $state.raw<readonly string[]>([])
  #isChecking = $state.raw(false)
  #isLocked = $state.raw(false)
  /** The pack that is meant; empty for the folder itself. */
  pack = $state('')
  passphrase = $state('')
  /** The data to measure with; empty for none. */
  dataset = $state('')
  readonly #api: Pick<Api, 'exports' | 'choose'>

  constructor(api: Pick<Api, 'exports' | 'choose'>) {
    this.#api = api
  }

  get check(): ExportCheck | null {
    return this.#check
  }

  get failure(): AttuneError | null {
    return this.#failure
  }

  /** Packs of the chosen folder; empty where it is an export itself. */
  get packs(): readonly string[] {
    return this.#packs
  }

  get isChecking(): boolean {
    return this.#isChecking
  }

  /** Whether the pack needs a passphrase, or another one. */
  get isLocked(): boolean {
    return this.#isLocked
  }

  /** Asks for a folder and checks it, or the one pack in it. */
  async choose(): Promise<void> {
    const chosen = await this.#api.choose('folder')
    if (chosen === null) return
    this.#folder = chosen
    this.#packs = []
    this.pack = ''
    this.#forget()
    await this.#attempt(async () => {
      this.#packs = await this.#api.exports.packs(chosen)
      const [first = ''] = this.#packs
      this.pack = first
      if (this.#packs.length < 2) await this.#look(chosen)
    })
  }

  async choosePack(name: string): Promise<void> {
    this.pack = name
    this.#forget()
    await this.again()
  }

  /** Checks what is chosen, with the passphrase that was typed. */
  async again(): Promise<void> {
    const folder = this.#folder
    if (folder !== null) await this.#attempt(() => this.#look(folder))
  }

  /** Adds a signed statement. */
  async review(status: Exclude<ExportStatus, 'draft'>, name: string, note: string): Promise<void> {
    if (this.#folder === null || this.#check === null) return
    const of = this.#place(this.#folder)
    this.#check = { ...this.#check, ...(await this.#api.exports.review({ of, status, name, note })) }
  }

  #place(folder: FileHandle) {
    const secret = this.passphrase === '' ? null : this.passphrase
    return { folder, pack: this.pack === '' ? null : this.pack, passphrase: secret }
  }

  async #look(folder: FileHandle): Promise<void> {
    const dataset = this.dataset === '' ? null : (this.dataset as DatasetId) // One of the list's own.
    this.#check = await this.#api.exports.check({ ...this.#place(folder), dataset })
    this.#isLocked = false
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    this.#isChecking = true
    this.#check = this.#failure = null
    try {
      await work()
    } catch (thrown) {
      const failure = attuneError(thrown)
      this.#isLocked = failure.code === 'pack-locked' || failure.code === 'pack-passphrase'
      this.#failure = failure.code === 'pack-locked' ? null : failure
    } finally {
      this.#isChecking = false
    }
  }

  #forget(): void {
    this.#check = this.#failure = null
    this.#isLocked = false
    this.passphrase = ''
  }
}
