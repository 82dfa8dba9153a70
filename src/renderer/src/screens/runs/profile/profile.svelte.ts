import type { RunId } from '../../../../../preload/contract/common.ts'
import type { ProfilesEvents, RunProfile, TimeRow } from '../../../../../preload/contract/profiles.ts'
import { attuneError, type Api, type AttuneError } from '../../../lib/api.ts'
import { Resource } from '../../../lib/resource.svelte.ts'
import type { ChartTable } from '../../../lib/save-chart.ts'
import { words } from '../../../lib/words/index.ts'

/** A part of a step, in milliseconds. */
export interface StepPart {
  readonly name: string
  readonly milliseconds: number
  /** Of the step. */
  readonly share: number
}

/** Where the time of one run's step goes. */
export class ProfileState {
  readonly profile: Resource<RunProfile | null>
  readonly #api: Api['profiles']
  readonly #id: RunId
  #progress = $state.raw<ProfilesEvents['progress'] | null>(null)
  #isMeasuring = $state(false)
  #failure = $state.raw<AttuneError | null>(null)
  #turn = 0

  constructor(api: Api['profiles'], id: RunId) {
    this.#api = api
    this.#id = id
    this.profile = new Resource(() => api.get(id))
  }

  get progress(): ProfilesEvents['progress'] | null {
    return this.#progress
  }

  get isMeasuring(): boolean {
    return this.#isMeasuring
  }

  get failure(): AttuneError | null {
    return this.#failure
  }

  /** Reads what was measured and hears how a measurement comes along. Returns the function that ends both. */
  follow(): () => void {
    void this.profile.load()
    const unhear = this.#api.on('progress', (news) => {
      if (news.id === this.#id) this.#progress = news
    })
    return () => {
      unhear()
      this.stop()
    }
  }

  async measure(): Promise<void> {
    const turn = ++this.#turn
    this.#isMeasuring = true
    this.#progress = null
    this.#failure = null
    try {
      const profile = await this.#api.measure(this.#id)
      if (turn === this.#turn) this.profile.set(profile)
    } catch (thrown) {
      // One that the person stopped has nothing to tell.
      if (turn === this.#turn) this.#failure = attuneError(thrown)
    } finally {
      if (turn === this.#turn) this.#isMeasuring = false
    }
  }

  stop(): void {
    if (!this.#isMeasuring) return
    this.#turn++
    this.#isMeasuring = false
    void this.#api.stop()
  }
}

/** Milliseconds of a step: batches are prepared beside it. */
export const stepTime = ({ computing, norm, optimizer }: RunProfile): number => computing + norm + optimizer

export function partsOf(profile: RunProfile): readonly StepPart[] {
  const { computing, norm, optimizer, operators } = profile
  const { profile: say } = words
  const inside: readonly (readonly [string, number])[] =
    operators === null
      ? [[say.computing, computing]]
      : [
          [say.forward, operators.parts.forward],
          ...(operators.parts.recomputed > 0 ? ([[say.recomputed, operators.parts.recomputed]] as const) : []),
          [say.backward, operators.parts.backward],
          [say.between, Math.max(0, computing - operators.milliseconds)]
        ]
  const all = [...inside, [say.norm, norm] as const, [say.optimizer, optimizer] as const]
  const step = stepTime(profile)
  return all.map(([name, milliseconds]) => ({ name, milliseconds, share: step === 0 ? 0 : milliseconds / step }))
}

/** All that was measured as one table. */
export function tableOf(profile: RunProfile): ChartTable {
  const { profile: say } = words
  const line = (table: string, { name, calls, parts, milliseconds, share, gflopPerSecond }: TimeRow) => [
    ...[table, name, calls, parts.forward, parts.recomputed, parts.backward, milliseconds, share, gflopPerSecond]
  ]
  return {
    columns: say.columns,
    rows: [
      ...partsOf(profile).map(({ name, milliseconds, share }) => [
        ...[say.partsTitle, name, null, null, null, null, milliseconds, share, null]
      ]),
      ...(profile.operators?.blocks ?? []).map((row) => line(say.layers, row)),
      ...(profile.operators?.operators ?? []).map((row) => line(say.operators, row))
    ]
  }
}
