import type { AdapterId, DatasetId, ModelId, RunId, SettingValue } from '../../../../preload/contract/common.ts'
import type { ImportedAdapter } from '../../../../preload/contract/adapters.ts'
import type { DatasetReport, DatasetSummary } from '../../../../preload/contract/data.ts'
import type { DeviceId } from '../../../../preload/contract/devices.ts'
import type { ModelSummary } from '../../../../preload/contract/models.ts'
import type { RunDraft, RunPlan, SettingRow } from '../../../../preload/contract/runs.ts'
import type { DeviceGuess } from '../../../../preload/contract/speed.ts'
import type { PowerState } from '../../../../preload/contract/supervision.ts'
import type { Api } from '../../lib/api.ts'
import { Resource } from '../../lib/resource.svelte.ts'

const BALANCED = 2
const CALM = 150
const SEEDS = 'training.seeds'
const CURVE = 'data.learning_curve'
const DEVICE = 'training.device'
/** Settings that some devices alone can compute. */
const OF_DEVICE = new Set(['training.precision', 'training.tf32', 'training.frozen_weights', 'training.optim', DEVICE])
/** The seed of a run that names none. */
const FIRST_SEED = 42

/** A run before it starts: what the person chose, and what that would mean. */
export class TrainState {
  readonly id: DatasetId
  readonly dataset: Resource<DatasetSummary>
  readonly report: Resource<DatasetReport>
  readonly models: Resource<readonly ModelSummary[]>
  readonly adapters: Resource<readonly ImportedAdapter[]>
  readonly plan: Resource<RunPlan>
  readonly settings: Resource<readonly SettingRow[]>
  /** How long a trial step says it takes, where no earlier run does. */
  readonly measured: Resource<RunPlan['time']>
  readonly power: Resource<PowerState>
  /** What would compute it if that were left open. */
  readonly guess: Resource<DeviceGuess>
  /** Whether the draft could be kept for another day. */
  readonly keeping: Resource<void>
  #draft = $state.raw<RunDraft | null>(null)
  #isStarting = $state(false)
  /** How many times it is being read just now: what stood there before may no longer hold. */
  #readings = $state(0)
  readonly #api: Pick<Api, 'adapters' | 'data' | 'drafts' | 'models' | 'runs' | 'supervision'>
  readonly #drafts: Map<string, RunDraft>
  readonly #ownModel: () => ModelId | null
  readonly #ownAdapter: () => AdapterId | null
  #timer: ReturnType<typeof setTimeout> | undefined
  readonly usable = $derived.by(() => (this.models.value ?? []).filter(({ state }) => state === 'ready'))
  readonly model = $derived.by(() => this.usable.find(({ id }) => id === this.#draft?.model))
  /** Adapters that it can start from: those of the chosen model. */
  readonly starts = $derived.by(() =>
    (this.adapters.value ?? []).filter(({ model, problem }) => model.id === this.#draft?.model && problem === null)
  )
  readonly changed = $derived.by(() => Object.keys(this.#draft?.changed ?? {}).length)
  readonly classes = $derived.by(() => this.report.value?.classes ?? null)
  readonly canStart = $derived.by(() => {
    const { value, reading, failure } = this.plan
    return value?.blocked === null && !reading && failure === null && !this.#isStarting && this.#readings === 0
  })

  constructor(
    api: Pick<Api, 'adapters' | 'data' | 'drafts' | 'models' | 'runs' | 'supervision'>,
    id: DatasetId,
    drafts: Map<string, RunDraft> = new Map(),
    ownModel: () => ModelId | null = () => null,
    known: {
      readonly dataset?: DatasetSummary | undefined
      readonly models?: readonly ModelSummary[] | undefined
      readonly adapter?: () => AdapterId | null
    } = {}
  ) {
    this.#api = api
    this.id = id
    this.#drafts = drafts
    this.#ownModel = ownModel
    this.#ownAdapter = known.adapter ?? (() => null)
    this.dataset = new Resource(() => api.data.get(id), known.dataset)
    this.report = new Resource(() => api.data.report(id))
    this.models = new Resource(() => api.models.list(), known.models)
    this.adapters = new Resource(() => api.adapters.list())
    this.plan = new Resource(async () => api.runs.plan(this.#ready()))
    this.measured = new Resource(async () => api.supervision.measure(this.#ready()))
    this.power = new Resource(() => api.supervision.power())
    this.guess = new Resource(async () => api.supervision.guessDevice(this.#ready()))
    this.keeping = new Resource(async () => api.drafts.keep(this.#ready()))
    this.settings = new Resource(async () => api.runs.settings(this.#ready()))
  }

  get draft(): RunDraft | null {
    return this.#draft
  }

  get isStarting(): boolean {
    return this.#isStarting
  }

  async load(): Promise<void> {
    this.#readings++
    void this.power.load()
    try {
      // A large table is looked through for a while: what can be chosen meanwhile is there at once.
      const report = this.report.load()
      await Promise.all([this.dataset.load(), this.models.load(), this.adapters.load()])
      await Promise.all([report, this.#begin()])
    } finally {
      this.#readings--
    }
  }

  async #begin(): Promise<void> {
    const model = this.#firstModel()
    if (!model) return
    this.#draft = (await this.#lastDraft()) ?? {
      dataset: this.id,
      model,
      adapter: this.#adapterOf(model, this.#ownAdapter()),
      thoroughness: BALANCED,
      changed: {},
      mustNotMiss: null,
      quietly: false,
      name: null
    }
    await this.#work()
  }

  /** What was chosen last for these data, in this window or before it was opened. */
  async #lastDraft(): Promise<RunDraft | null> {
    const here = this.#drafts.get(this.id)
    if (here) return { ...here, adapter: this.#adapterOf(here.model, here.adapter ?? null) }
    const before = await this.#api.drafts.get(this.id)
    const model = this.#ownModel() ?? this.usable.find(({ id }) => id === before?.model)?.id ?? this.#firstModel()
    if (!before || model === undefined) return null
    return { ...before, model, adapter: this.#adapterOf(model, this.#ownAdapter() ?? before.adapter ?? null) }
  }

  /** An adapter that is gone, or of another model, is none to start from. */
  #adapterOf(model: ModelId, adapter: AdapterId | null): AdapterId | null {
    return (this.adapters.value ?? []).find((each) => each.id === adapter && each.model.id === model)?.id ?? null
  }

  /** Changes the draft; what it would mean follows once the hand rests. */
  change(next: Partial<RunDraft>): void {
    if (!this.#draft) return
    this.#draft = { ...this.#draft, ...next }
    this.#drafts.set(this.id, this.#draft)
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void Promise.all([this.keeping.load(), this.#work()]), CALM)
  }

  /** Another model has other adapters. */
  chooseModel(model: ModelId): void {
    this.change({ model, adapter: null })
  }

  /** Where it computes; what only another device computes is taken back. */
  chooseDevice(device: DeviceId | 'auto'): void {
    const rest = Object.entries(this.#draft?.changed ?? {}).filter(([path]) => !OF_DEVICE.has(path))
    this.change({ changed: { ...Object.fromEntries(rest), [DEVICE]: device } })
  }

  set(path: string, value: SettingValue): void {
    this.change({ changed: { ...this.#draft?.changed, [path]: value } })
  }

  reset(path: string): void {
    this.change({ changed: Object.fromEntries(Object.entries(this.#draft?.changed ?? {}).filter(([key]) => key !== path)) })
  }

  /** Takes over the settings with which it can start. */
  fit(): void {
    const instead = this.plan.value?.blocked?.instead
    if (instead) this.change({ changed: { ...this.#draft?.changed, ...instead } })
  }

  yaml(): Promise<string> {
    return this.#api.runs.yaml(this.#ready())
  }

  async start(): Promise<RunId> {
    this.#isStarting = true
    try {
      return await this.#api.runs.start(this.#ready())
    } finally {
      this.#isStarting = false
    }
  }

  /** Ends the trial step; the time is then known after the first steps. */
  stopMeasuring(): void {
    this.measured.set(null)
    void this.#api.supervision.stopMeasuring()
  }

  /** How often it trains: once for each seed. */
  get seeds(): number {
    const value = this.#draft?.changed[SEEDS]
    return typeof value === 'string' ? value.split(',').length : 1
  }

  /** Whether it learns from shares of the rows as well, for a learning curve. */
  get hasCurve(): boolean {
    return this.#draft?.changed[CURVE] === true
  }

  /** Trains on an eighth, a quarter and a half of the rows as well. */
  trace(): void {
    const rest = Object.entries(this.#draft?.changed ?? {}).filter(([key]) => key !== SEEDS)
    this.change({ changed: { ...Object.fromEntries(rest), [CURVE]: true } })
  }

  /** Repeats the run with other seeds, to see what chance alone does. */
  repeat(times: number): void {
    if (this.hasCurve) this.reset(CURVE)
    if (times < 2) return this.reset(SEEDS)
    this.set(SEEDS, Array.from({ length: times }, (_, i) => FIRST_SEED + i).join(', '))
  }

  async #work(): Promise<void> {
    if (this.measured.reading) this.stopMeasuring()
    this.measured.set(null)
    await Promise.all([this.plan.load(), this.settings.load(), this.guess.load()])
    const { value, failure } = this.plan
    if (value?.time === null && value.blocked === null && failure === null) void this.measured.load()
  }

  /** What was chosen in the library; else the practice model for the practice data, and a model of the person's own for theirs. */
  #firstModel(): ModelId | undefined {
    const isSample = (this.dataset.value?.sample ?? null) !== null
    const chosen = this.usable.find(({ id }) => id === this.#ownModel())
    return (chosen ?? this.usable.find(({ bundled }) => bundled === isSample) ?? this.usable[0])?.id
  }

  #ready(): RunDraft {
    if (!this.#draft) throw new Error('No model is chosen yet.')
    return this.#draft
  }
}
