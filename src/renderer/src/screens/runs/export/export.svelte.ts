import type { FileHandle, RunId } from '../../../../../preload/contract/common.ts'
import type {
  ExportCheck,
  ExportContents,
  ExportDtype,
  ExportForm,
  ExportId,
  ExportOptions,
  ExportPlace,
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
  readonly bytes: number
}

export const variantId = ({ format, dtype }: Pick<Variant, 'format' | 'dtype'>): string => `${format} ${dtype}`

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
  readonly exports: Resource<readonly ExportSummary[]>
  #use = $state.raw<Use | null>(null)
  #variant = $state.raw<string | null>(null)
  #chosen = $state.raw<{ readonly handle: FileHandle; readonly place: ExportPlace } | null>(null)
  #checks = $state.raw<ReadonlyMap<ExportId, Checked>>(new Map())
  #contents = $state.raw<ExportContents>({ card: true, report: true, examples: false })
  #isStarting = $state(false)
  readonly #api: Pick<Api, 'exports' | 'choose'>
  readonly #run: RunId
  readonly uses = $derived.by(() => USES.filter(({ id }) => this.formsOf(id).length > 0).map(({ id }) => id))
  /** What was chosen; else the first that this run can take. */
  readonly use = $derived.by((): Use => this.#use ?? this.uses.find((use) => this.refusal(use) === null) ?? 'python')
  /** Every form for the chosen use that this run can take. */
  readonly variants = $derived.by((): readonly Variant[] =>
    this.formsOf(this.use).flatMap(({ format, sizes }) => sizes.map(({ dtype, bytes }) => ({ format, dtype, bytes })))
  )
  readonly variant = $derived.by(() => this.variants.find((one) => variantId(one) === this.#variant) ?? this.variants[0])
  readonly place = $derived.by(() => this.#chosen?.place ?? this.options.value?.last ?? null)
  readonly working = $derived.by(() => this.exports.value?.find(({ state }) => state === 'working'))
  /** What the check shows: the newest of all. */
  readonly newest = $derived.by(() => this.exports.value?.[0])
  readonly hasRoom = $derived.by(() => !this.variant || !this.place || this.place.free > 1.05 * this.variant.bytes)
  readonly isSecret = $derived.by(() => this.use === 'attune' && this.isEncrypted)
  readonly hasSecret = $derived.by(() => !this.isSecret || (this.passphrase.length >= LEAST && this.passphrase === this.again))
  readonly canStart = $derived.by(
    () => this.variant !== undefined && this.place !== null && this.hasRoom && this.hasSecret && !this.working && !this.#isStarting
  )

  constructor(api: Pick<Api, 'exports' | 'choose'>, run: RunId) {
    this.#api = api
    this.#run = run
    this.options = new Resource(() => api.exports.options(run))
    this.exports = new Resource(() => api.exports.list(run))
  }

  get contents(): ExportContents {
    return this.#contents
  }

  /** Examples stand in the report: without it there are none. */
  include(next: Partial<ExportContents>): void {
    const contents = { ...this.#contents, ...next }
    this.#contents = { ...contents, examples: contents.examples && contents.report }
  }

  /** Reads it and hears how exports come along. Returns the function that stops it. */
  follow(): () => void {
    void this.options.load()
    void this.exports.load()
    return this.#api.exports.on('changed', (one) => {
      if (one.run !== this.#run) return
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
    const { format, dtype } = variant
    this.#isStarting = true
    const passphrase = this.isSecret ? this.passphrase : null
    try {
      await this.#api.exports.start({ run: this.#run, format, dtype, to: this.#chosen?.handle ?? null, contents: this.#contents, passphrase })
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
