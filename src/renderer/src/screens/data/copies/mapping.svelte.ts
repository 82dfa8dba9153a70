import type { FileHandle } from '../../../../../preload/contract/common.ts'
import type { Api } from '../../../lib/api.ts'

/** Characters that the passphrase has at least; main refuses a shorter one. */
const LEAST = 8

/** What stands for what: whether it is kept, and whether an earlier time is gone on from. One passphrase is for both. */
export class MappingState {
  isKept = $state(false)
  passphrase = $state('')
  again = $state('')
  #known = $state.raw<FileHandle | null>(null)
  readonly #api: Pick<Api, 'choose'>
  readonly #onchange: () => void
  readonly differs = $derived.by(() => this.#known === null && this.again !== '' && this.passphrase !== this.again)
  /** Whether the passphrase is there that these choices need. */
  readonly isReady = $derived.by(() => {
    if (this.#known !== null) return this.passphrase !== ''
    return !this.isKept || (this.passphrase.length >= LEAST && this.passphrase === this.again)
  })

  constructor(api: Pick<Api, 'choose'>, onchange: () => void) {
    this.#api = api
    this.#onchange = onchange
  }

  get hasKnown(): boolean {
    return this.#known !== null
  }

  get wish(): { readonly known: FileHandle | null; readonly passphrase: string | null } {
    return { known: this.#known, passphrase: this.#known !== null || this.isKept ? this.passphrase : null }
  }

  async chooseKnown(): Promise<void> {
    const handle = await this.#api.choose('mapping')
    if (handle !== null) this.#set(handle)
  }

  forgetKnown(): void {
    this.#set(null)
  }

  #set(known: FileHandle | null): void {
    this.#known = known
    this.passphrase = ''
    this.again = ''
    this.#onchange()
  }
}
