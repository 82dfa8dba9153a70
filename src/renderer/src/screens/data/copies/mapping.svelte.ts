import type { KeptMapping, KnownMapping } from '../../../../../preload/contract/mappings.ts'
import type { Api } from '../../../lib/api.ts'

/** Characters that the passphrase has at least; main refuses a shorter one. */
const LEAST = 8

type MappingCalls = Pick<Api, 'choose' | 'mappings'>

/** What stands for what: whether it is kept, and whether an earlier time is gone on from. One passphrase is for both. */
export class MappingState {
  isKept = $state(false)
  passphrase = $state('')
  again = $state('')
  #known = $state.raw<KnownMapping | null>(null)
  #beside = $state.raw<readonly KeptMapping[]>([])
  readonly #api: MappingCalls
  readonly #onchange: () => void
  readonly differs = $derived.by(() => this.#known === null && this.again !== '' && this.passphrase !== this.again)
  /** Whether the passphrase is there that these choices need. */
  readonly isReady = $derived.by(() => {
    if (this.#known !== null) return this.passphrase !== ''
    return !this.isKept || (this.passphrase.length >= LEAST && this.passphrase === this.again)
  })

  constructor(api: MappingCalls, onchange: () => void) {
    this.#api = api
    this.#onchange = onchange
  }

  get known(): KnownMapping | null {
    return this.#known
  }

  /** Those that lie beside versions of data sets. */
  get beside(): readonly KeptMapping[] {
    return this.#beside
  }

  get wish(): { readonly known: KnownMapping | null; readonly passphrase: string | null } {
    return { known: this.#known, passphrase: this.#known !== null || this.isKept ? this.passphrase : null }
  }

  async load(): Promise<void> {
    this.#beside = await this.#api.mappings.list()
  }

  async chooseKnown(): Promise<void> {
    const file = await this.#api.choose('mapping')
    if (file !== null) this.#set({ file })
  }

  goOnFrom({ dataset }: KeptMapping): void {
    this.#set({ dataset })
  }

  forgetKnown(): void {
    this.#set(null)
  }

  #set(known: KnownMapping | null): void {
    this.#known = known
    this.passphrase = ''
    this.again = ''
    this.#onchange()
  }
}
