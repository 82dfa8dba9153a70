import type { FileHandle, RunId } from '../../../../../preload/contract/common.ts'
import type {
  ExportCheck,
  ExportContents,
  ExportDtype,
  ExportForm,
  ExportId,
  ExportOptions,
  ExportPlace,
  ExportQuantization,
  ExportSummary
} from '../../../../../preload/contract/exports.ts'
import { attuneError, type Api, type AttuneError } from '../../../lib/api.ts'
import { Resource } from '../../../lib/resource.svelte.ts'
import { USES, type Use } from './uses.ts'

/** Characters that a pack's passphrase has at least; main refuses a shorter one. */
const LEAST = 8

/** A form with an element type. */
export interface Variant {
  readonly format: string
  readonly dtype: ExportDtype
  readonly quantization: ExportQuantization | null
  readonly bytes: number
}

type Named = Pick<Variant, 'format' | 'dtype'> & { readonly quantization?: ExportQuantization | null }

export const variantId = ({ format, dtype, quantization }: Named): string =>
  `${format} ${dtype}${quantization === 'static' ? ' static' : ''}`

/** A form once for each way that it can be written in. */
const variantsOf = ({ format, sizes, quantizations }: ExportForm): readonly Variant[] =>
  sizes.flatMap(({ dtype, bytes }) =>
    (quantizations.length > 0 ? quantizations : [null]).map((quantization) => ({ format, dtype, quantization, bytes }))
  )

export type Checked =
  | { readonly state: 'checking' }
  | { readonly state: 'whole'; readonly check: ExportCheck }
  | { readonly state: 'failed'; readonly failure: AttuneError }

/** A run on its way out: in which form, where to, and what came of it. */
export class ExportState {
  readonly options: Resource<ExportOptions>
  /** Whether a pack is encrypted, and what with; forgotten once it is begun. */
  isEncrypted = $state(false)
  passphrase = $state('')
  again = $state('')
  /** Whether the person confirmed that it may leave though a licence speaks against it; asked each time. */
  despite = $state(false)
  readonly exports: Resource<readonly ExportSummary[]>
  #use = $state.raw<Use | null>(null)
  #variant = $state.raw<string | null>(null)
  #chosen = $state.raw<{ readonly handle: FileHandle; readonly place: ExportPlace } | null>(null)
  #checks = $state.raw<ReadonlyMap<ExportId, Checked>>(new Map())
  #contents = $state.raw<ExportContents>({ card: true, report: true, examples: false, groups: [] })
  #isStarting = $state(false)
  readonly #api: Pick<Api, 'exports' | 'choose'>
  readonly run: RunId
  readonly uses = $derived.by(() => USES.filter(({ id }) => this.formsOf(id).length > 0).map(({ id }) => id))
  /** What was chosen; else the first that this run can take. */
  readonly use = $derived.by((): Use => this.#use ?? this.uses.find((use) => this.refusal(use) === null) ?? 'python')
  /** Every form for the chosen use that this run can take. */
  readonly variants = $derived.by((): readonly Variant[] =>
    this.formsOf(this.use).flatMap(variantsOf)
  )
  readonly variant = $derived.by(() => this.variants.find((one) => variantId(one) === this.#variant) ?? this.variants[0])
  readonly place = $derived.by(() => this.#chosen?.place ?? this.options.value?.last ?? null)
  readonly working = $derived.by(() => this.exports.value?.find(({ state }) => state === 'working'))
  /** What the check shows: the newest of all. */
  readonly newest = $derived.by(() => this.exports.value?.[0])
  readonly hasRoom = $derived.by(() => !this.variant || !this.place || this.place.free > 1.05 * this.variant.bytes)
  readonly isSecret = $derived.by(() => this.use === 'attune' && this.isEncrypted)
  readonly hasSecret = $derived.by(() => !this.isSecret || (this.passphrase.length >= LEAST && this.passphrase === this.again))
  readonly isAllowed = $derived.by(() => this.despite || (this.options.value?.conflict ?? null) === null)
  readonly canStart = $derived.by(() => {
    const isReady = this.variant !== undefined && this.place !== null && this.hasRoom && this.hasSecret && this.isAllowed
    return isReady && !this.working && !this.#isStarting
  })

  constructor(api: Pick<Api, 'exports' | 'choose'>, run: RunId) {
    this.#api = api
    this.run = run
    this.options = new Resource(() => api.exports.options(run))
    this.exports = new Resource(() => api.exports.list(run))
  }

  get contents(): ExportContents {
    return this.#contents
  }

  /** Examples and groups stand in the report: without it there are none. */
  include(next: Partial<ExportContents>): void {
    const { card, report, examples, groups } = { ...this.#contents, ...next }
    this.#contents = { card, report, examples: report && examples, groups: report ? groups : [] }
  }

  /** Has the report grouped by a column, or no longer. */
  group(column: string, isIn: boolean): void {
    const others = this.#contents.groups.filter((each) => each !== column)
    this.include({ groups: isIn ? [...others, column] : others })
  }

  /** Reads it and hears how exports come along. Returns the function that stops it. */
  follow(): () => void {
    void this.options.load()
    void this.exports.load()
    return this.#api.exports.on('changed', (one) => {
      if (one.run !== this.run) return
      const rest = (this.exports.value ?? []).filter(({ id }) => id !== one.id)
      this.exports.set([one, ...rest])
    })
  }

  formsOf(use: Use): readonly ExportForm[] {
    const formats = USES.find(({ id }) => id === use)?.formats ?? []
    return formats.flatMap((format) => this.options.value?.forms.find((form) => form.format === format) ?? [])
  }

  /** Why this run cannot be used so; null where it can. */
  refusal(use: Use): string | null {
    const forms = this.formsOf(use)
    return forms.every(({ unsupported }) => unsupported !== null) ? (forms[0]?.unsupported ?? null) : null
  }

  choose(use: Use, variant: string | null = null): void {
    this.#use = use
    this.#variant = variant
  }

  async chooseFolder(): Promise<void> {
    const handle = await this.#api.choose('folder')
    if (handle !== null) this.#chosen = { handle, place: await this.#api.exports.place(handle) }
  }

  async start(): Promise<void> {
    const { variant } = this
    if (!variant) return
    const { bytes: _bytes, ...form } = variant
    this.#isStarting = true
    const passphrase = this.isSecret ? this.passphrase : null
    const to = this.#chosen?.handle ?? null
    try {
      const { despite } = this
      await this.#api.exports.start({ run: this.run, ...form, to, contents: this.#contents, passphrase, despite })
      this.despite = false
      this.passphrase = ''
      this.again = ''
    } finally {
      this.#isStarting = false
    }
  }

  async stop(): Promise<void> {
    if (this.working) await this.#api.exports.stop(this.working.id)
  }

  checkOf(id: ExportId): Checked | undefined {
    return this.#checks.get(id)
  }

  async check(id: ExportId): Promise<void> {
    const tell = (checked: Checked): void => {
      this.#checks = new Map(this.#checks).set(id, checked)
    }
    tell({ state: 'checking' })
    try {
      tell({ state: 'whole', check: await this.#api.exports.verify(id) })
    } catch (thrown) {
      tell({ state: 'failed', failure: attuneError(thrown) })
    }
  }

  /** Says, signed, that an export is not to be used any more. */
  async retire(id: ExportId, name: string, note: string): Promise<void> {
    await this.#api.exports.review({ of: { id }, status: 'retired', name, note })
    await this.exports.load()
  }

  async forget(id: ExportId): Promise<void> {
    await this.#api.exports.forget(id)
    await this.exports.load()
  }
}
