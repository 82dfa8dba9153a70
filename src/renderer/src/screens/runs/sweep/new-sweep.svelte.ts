import type { SweepId } from '../../../../../preload/contract/common.ts'
import type { RunDraft, SettingRow } from '../../../../../preload/contract/runs.ts'
import type { SweepAxis, SweepPlan, SweepRequest } from '../../../../../preload/contract/sweeps.ts'
import type { Api } from '../../../lib/api.ts'
import { Resource } from '../../../lib/resource.svelte.ts'
import { valuesOf } from './values.ts'

const CALM = 250
const FIRST = 'training.learning_rate'

interface Chosen {
  readonly path: string
  readonly typed: string
}

/** A sweep before it starts: which settings, which values, and what that would take. */
export class NewSweep {
  readonly plan: Resource<SweepPlan>
  #axes = $state.raw<readonly [Chosen, Chosen]>([
    { path: FIRST, typed: '' },
    { path: '', typed: '' }
  ])
  #isStarting = $state(false)
  #timer: ReturnType<typeof setTimeout> | undefined
  readonly #api: Api['sweeps']
  readonly #draft: () => RunDraft | null
  readonly #rows: () => readonly SettingRow[]
  readonly axes = $derived.by((): readonly SweepAxis[] =>
    this.#axes.flatMap(({ path, typed }) => {
      const row = this.#rows().find((each) => each.path === path)
      return row ? [{ path, values: valuesOf(row, typed) }] : []
    })
  )
  readonly isReady = $derived.by(() => this.axes.length > 0 && this.axes.every(({ values }) => values.length > 0))
  readonly canStart = $derived.by(
    () => this.isReady && !this.#isStarting && !this.plan.reading && this.plan.value?.problem === null && !this.plan.failure
  )

  constructor(api: Api['sweeps'], draft: () => RunDraft | null, rows: () => readonly SettingRow[]) {
    this.#api = api
    this.#draft = draft
    this.#rows = rows
    this.plan = new Resource(async () => api.plan(this.#request()))
  }

  get chosen(): readonly [Chosen, Chosen] {
    return this.#axes
  }

  get isStarting(): boolean {
    return this.#isStarting
  }

  /** Changes one of the two settings; what that would take follows once the hand rests. */
  change(which: 0 | 1, next: Partial<Chosen>): void {
    const [first, second] = this.#axes
    this.#axes = which === 0 ? [{ ...first, ...next }, second] : [first, { ...second, ...next }]
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      if (this.isReady) void this.plan.load()
    }, CALM)
  }

  async start(): Promise<SweepId> {
    this.#isStarting = true
    try {
      return await this.#api.start(this.#request())
    } finally {
      this.#isStarting = false
    }
  }

  #request(): SweepRequest {
    const draft = this.#draft()
    if (!draft) throw new Error('No model is chosen yet.')
    return { draft, axes: this.axes }
  }
}
