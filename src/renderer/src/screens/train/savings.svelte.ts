import type { SettingValue } from '../../../../preload/contract/common.ts'
import type { RunDraft, SettingRow } from '../../../../preload/contract/runs.ts'
import type { RunEffort } from '../../../../preload/contract/speed.ts'
import { attuneError, type Api, type AttuneError } from '../../lib/api.ts'
import type { TrainState } from './train.svelte.ts'

type Changes = Readonly<Record<string, SettingValue>>
/** What may be chosen instead. */
export type SavingName = 'checkpointing' | 'optim' | 'int8' | 'batch'

export interface Saving {
  readonly name: SavingName
  readonly changes: Changes
  readonly effort: RunEffort
}

/** What the run takes as it is chosen, and what it would take with one more setting that saves memory or time. */
interface Weighed {
  readonly draft: RunDraft
  readonly own: RunEffort
  readonly savings: readonly Saving[]
}

/** What would save memory or time, worked out by the planner for the run as it is chosen. */
export class SavingsState {
  readonly #api: Pick<Api['supervision'], 'effort' | 'stopEffort'>
  readonly #train: Pick<TrainState, 'draft' | 'settings' | 'change'>
  #known = $state.raw<Weighed | null>(null)
  #done = $state.raw<{ readonly done: number; readonly all: number } | null>(null)
  #failure = $state.raw<AttuneError | null>(null)
  #turn = 0
  /** What is known of the run as it is chosen now; null where another was weighed, or none. */
  readonly known = $derived.by(() => (this.#known?.draft === this.#train.draft ? this.#known : null))

  constructor(api: Pick<Api['supervision'], 'effort' | 'stopEffort'>, train: Pick<TrainState, 'draft' | 'settings' | 'change'>) {
    this.#api = api
    this.#train = train
  }

  get done(): { readonly done: number; readonly all: number } | null {
    return this.#done
  }

  get failure(): AttuneError | null {
    return this.#failure
  }

  /** Works out one after the other; `isTried` measures their time with a trial step each. */
  async weigh(isTried: boolean): Promise<void> {
    const draft = this.#train.draft
    if (!draft) return
    const turn = ++this.#turn
    const ways = waysOf(this.#train.settings.value ?? [])
    this.#failure = null
    try {
      const efforts: RunEffort[] = []
      for (const changes of [{}, ...ways.map((way) => way.changes)]) {
        this.#done = { done: efforts.length, all: ways.length + 1 }
        const asked = { ...draft, changed: { ...draft.changed, ...changes } }
        const effort = await this.#api.effort({ draft: asked, isTried })
        if (turn !== this.#turn) return
        efforts.push(effort)
      }
      const [own, ...others] = efforts
      const savings = ways.flatMap((way, i) => (others[i]?.problem === null ? [{ ...way, effort: others[i] }] : []))
      if (own) this.#known = { draft, own, savings }
    } catch (thrown) {
      if (turn === this.#turn) this.#failure = attuneError(thrown)
    } finally {
      if (turn === this.#turn) this.#done = null
    }
  }

  stop(): void {
    if (this.#done === null) return
    this.#turn++
    this.#done = null
    void this.#api.stopEffort()
  }

  use({ changes }: Saving): void {
    this.#train.change({ changed: { ...this.#train.draft?.changed, ...changes } })
  }
}

/** Settings that save memory and are not chosen yet. */
function waysOf(rows: readonly SettingRow[]): readonly Omit<Saving, 'effort'>[] {
  const row = (key: string): SettingRow | undefined => rows.find(({ path }) => path === `training.${key}`)
  const way = (name: SavingName, key: string, value: SettingValue): Omit<Saving, 'effort'>[] =>
    row(key)?.choices?.includes(String(value)) === true && String(row(key)?.value) !== value
      ? [{ name, changes: { [`training.${key}`]: value } }]
      : []
  const batch = Number(row('per_device_train_batch_size')?.value ?? 1)
  const parts = Number(row('gradient_accumulation_steps')?.value ?? 1)
  const half = {
    'training.per_device_train_batch_size': batch / 2,
    'training.gradient_accumulation_steps': 2 * parts
  }
  return [
    ...way('checkpointing', 'gradient_checkpointing', 'true'),
    ...(row('optim')?.value === 'adamw' ? way('optim', 'optim', 'adamw_8bit') : []),
    ...way('int8', 'frozen_weights', 'int8'),
    ...(batch >= 2 && batch % 2 === 0 ? [{ name: 'batch', changes: half } as const] : [])
  ]
}
