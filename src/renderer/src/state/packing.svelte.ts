import type { FileHandle, Progress } from '../../../preload/contract/common.ts'
import type { KeptPack, PackCandidate } from '../../../preload/contract/packs.ts'
import { attuneError, type Api, type AttuneError } from '../lib/api.ts'

/** A packed model or adapter on its way into the library: brought, unpacked aside and checked, shown, kept or not. */
export class Packing {
  #step = $state.raw<'closed' | 'bringing' | 'locked' | 'unpacking' | 'asking' | 'keeping' | 'failed'>('closed')
  #candidate = $state.raw<PackCandidate | null>(null)
  #progress = $state.raw<Progress | null>(null)
  #failure = $state.raw<AttuneError | null>(null)
  passphrase = $state('')
  #file: FileHandle | null = null
  readonly #api: Pick<Api, 'packs' | 'choose' | 'fileOf'>
  readonly #done: (kept: KeptPack) => void

  constructor(api: Pick<Api, 'packs' | 'choose' | 'fileOf'>, done: (kept: KeptPack) => void) {
    this.#api = api
    this.#done = done
  }

  get step() {
    return this.#step
  }

  get candidate(): PackCandidate | null {
    return this.#candidate
  }

  get progress(): Progress | null {
    return this.#progress
  }

  get failure(): AttuneError | null {
    return this.#failure
  }

  follow(): () => void {
    return this.#api.packs.on('unpacking', (progress) => {
      if (this.#step === 'unpacking') this.#progress = progress
    })
  }

  async choose(): Promise<void> {
    await this.#bring(() => this.#api.choose('pack'))
  }

  async drop(file: File): Promise<void> {
    await this.#bring(() => this.#api.fileOf(file))
  }

  /** Another file in the place of one that cannot be imported. */
  async again(): Promise<void> {
    await this.cancel()
    await this.choose()
  }

  /** Tries the passphrase that was typed. */
  async unlock(): Promise<void> {
    if (this.#step === 'locked' && this.passphrase !== '') await this.#open(this.passphrase)
  }

  async keep(): Promise<void> {
    const candidate = this.#candidate
    if (this.#step !== 'asking' || candidate?.problem !== null) return
    this.#step = 'keeping'
    this.#failure = null
    try {
      const kept = await this.#api.packs.keep(candidate.id)
      this.#close()
      this.#done(kept)
    } catch (thrown) {
      this.#failure = attuneError(thrown)
      this.#step = 'failed'
    }
  }

  /** Nothing of what was unpacked stays. */
  async cancel(): Promise<void> {
    const candidate = this.#candidate
    const isUnpacking = this.#step === 'unpacking'
    if (this.#step === 'keeping') return
    this.#close()
    if (isUnpacking) await this.#api.packs.stop()
    else if (candidate) await this.#api.packs.drop(candidate.id)
  }

  async #bring(find: () => Promise<FileHandle | null>): Promise<void> {
    if (this.#step !== 'closed') return
    this.#step = 'bringing'
    try {
      this.#file = await find()
    } catch (thrown) {
      this.#failure = attuneError(thrown)
      this.#step = 'failed'
      return
    }
    if (this.#file === null) this.#close()
    else await this.#open(null)
  }

  async #open(passphrase: string | null): Promise<void> {
    const file = this.#file
    if (file === null) return
    this.#step = 'unpacking'
    this.#failure = null
    try {
      const candidate = await this.#api.packs.open({ file, passphrase })
      // Whoever thought better of it meanwhile does not want to be asked.
      if (this.#file !== file) return await this.#api.packs.drop(candidate.id)
      this.#candidate = candidate
      this.passphrase = ''
      this.#step = 'asking'
    } catch (thrown) {
      if (this.#file === file) this.#refuse(attuneError(thrown))
    } finally {
      this.#progress = null
    }
  }

  #refuse(failure: AttuneError): void {
    const isLocked = failure.code === 'pack-locked' || failure.code === 'pack-passphrase'
    this.#failure = failure.code === 'pack-locked' ? null : failure
    this.#step = isLocked ? 'locked' : 'failed'
  }

  #close(): void {
    this.#step = 'closed'
    this.#candidate = null
    this.#failure = null
    this.#file = null
    this.#progress = null
    this.passphrase = ''
  }
}

/** Whether a file is a pack by its name. */
export const isPack = ({ name }: File): boolean => /\.attune$/i.test(name)
