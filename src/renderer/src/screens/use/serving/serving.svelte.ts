import type { ExportSummary } from '../../../../../preload/contract/exports.ts'
import type { ServedId, ServingStatus } from '../../../../../preload/contract/serving.ts'
import type { Api } from '../../../lib/api.ts'
import { Resource } from '../../../lib/resource.svelte.ts'
import { words } from '../../../lib/words/index.ts'
import { canServe } from '../../runs/export/uses.ts'
import type { Answerer } from '../answerers.ts'

type Made = Pick<ExportSummary, 'id' | 'name' | 'format'>

/** What a person chooses before other programs are answered, and the way to stop it. */
export class ServingForm {
  readonly exports: Resource<readonly Made[]>
  port = $state('')
  #chosen = $state.raw<string | null>(null)
  #isBusy = $state(false)
  readonly #api: Pick<Api, 'exports' | 'serving'>
  readonly #answerers: () => readonly Answerer[]
  readonly options = $derived.by((): readonly { readonly value: ServedId; readonly label: string }[] => [
    ...this.#answerers().map(({ id, label }) => ({ value: id, label })),
    ...(this.exports.value ?? []).filter(canServe).map(({ id, name }) => ({ value: id, label: words.serving.exported(name) }))
  ])
  readonly of = $derived.by(() => (this.options.find(({ value }) => value === this.#chosen) ?? this.options[0])?.value)
  /** The port that was typed; null for any, undefined where it is none. */
  readonly wantedPort = $derived.by(() => portOf(this.port))
  readonly canStart = $derived.by(() => this.of !== undefined && this.wantedPort !== undefined && !this.#isBusy)

  constructor(api: Pick<Api, 'exports' | 'serving'>, answerers: () => readonly Answerer[], first: string | null) {
    this.#api = api
    this.#answerers = answerers
    this.#chosen = first
    this.exports = new Resource(() => api.exports.made())
  }

  get isBusy(): boolean {
    return this.#isBusy
  }

  choose(of: string): void {
    this.#chosen = of
  }

  async start(): Promise<ServingStatus | null> {
    const { of, wantedPort } = this
    if (of === undefined || wantedPort === undefined) return null
    return this.#busy(() => this.#api.serving.start({ of, port: wantedPort }))
  }

  stop(): Promise<void> {
    return this.#busy(() => this.#api.serving.stop())
  }

  async #busy<T>(work: () => Promise<T>): Promise<T> {
    this.#isBusy = true
    try {
      return await work()
    } finally {
      this.#isBusy = false
    }
  }
}

function portOf(text: string): number | null | undefined {
  if (text.trim() === '') return null
  const port = /^\d{4,5}$/.test(text.trim()) ? Number(text) : Number.NaN
  return port >= 1024 && port <= 65_535 ? port : undefined
}
