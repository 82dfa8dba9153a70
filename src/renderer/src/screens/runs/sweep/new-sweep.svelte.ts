import type { SweepId } from '../../../../../preload/contract/common.ts'
import type { RunDraft, SettingRow } from '../../../../../preload/contract/runs.ts'
import type { PriorSetting, SweepAxis, SweepPlan, SweepPrior, SweepRequest } from '../../../../../preload/contract/sweeps.ts'
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
  /** Where earlier runs say to begin. */
  readonly prior: Resource<SweepPrior | null>
  #axes = $state.raw<readonly [Chosen, Chosen]>([
    { path: FIRST, typed: '' },
    { path: '', typed: '' }
  ])
  #isStarting = $state(false)
  #wantsEnds = $state(true)
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
    this.prior = new Resource(async () => {
      const paths = this.#axes.map(({ path }) => path).filter((path) => path !== '')
      const asked = draft()
      return asked && api.prior({ draft: asked, paths })
    })
  }

  get chosen(): readonly [Chosen, Chosen] {
    return this.#axes
  }

  get isStarting(): boolean {
    return this.#isStarting
  }

  /** Whether poor runs shall be ended: wanted, and possible. */
  get endsEarly(): boolean {
    return this.#wantsEnds && this.plan.value?.endEarlyProblem === null
  }

  set endsEarly(wanted: boolean) {
    this.#wantsEnds = wanted
  }

  /** What the best of the earlier runs had at a path; null where nothing is known. */
  known(path: string): PriorSetting | null {
    return this.prior.value?.settings.find((each) => each.path === path) ?? null
  }

  /** Changes one of the two settings; what that would take follows once the hand rests. */
  change(which: 0 | 1, next: Partial<Chosen>): void {
    const [first, second] = this.#axes
    this.#axes = which === 0 ? [{ ...first, ...next }, second] : [first, { ...second, ...next }]
    if (next.path !== undefined) void this.prior.load()
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
    return { draft, axes: this.axes, endEarly: this.endsEarly }
  }
}
