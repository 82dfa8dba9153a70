import type { SweepId } from '../../../../../preload/contract/common.ts'
import type { RunState, RunSummary } from '../../../../../preload/contract/runs.ts'
import type { Sweep } from '../../../../../preload/contract/sweeps.ts'
import type { Api } from '../../../lib/api.ts'
import { Resource } from '../../../lib/resource.svelte.ts'

/** The table is read again at most this often, in milliseconds. */
const BEAT = 500
const AT_WORK: readonly RunState[] = ['queued', 'preparing', 'running']
const AT_REST: readonly RunState[] = ['paused', 'stopped', 'failed']

const isEnded = ({ interruption }: RunSummary): boolean => interruption === 'poorer'

/** A sweep as its runs go on. */
export class SweepState {
  readonly sweep: Resource<Sweep>
  readonly id: SweepId
  readonly #api: Pick<Api, 'runs' | 'sweeps'>
  #timer: ReturnType<typeof setTimeout> | undefined
  readonly done = $derived.by(() => (this.sweep.value?.runs ?? []).filter(({ run }) => run.state === 'finished').length)
  readonly states = $derived.by(() => new Set((this.sweep.value?.runs ?? []).map(({ run }) => run.state)))
  readonly ended = $derived.by(() => (this.sweep.value?.runs ?? []).filter(({ run }) => isEnded(run)).length)
  readonly isAtWork = $derived.by(() => AT_WORK.some((state) => this.states.has(state)))
  /** Those that were ended early are resumed one by one. */
  readonly canResume = $derived.by(() =>
    (this.sweep.value?.runs ?? []).some(({ run }) => AT_REST.includes(run.state) && !isEnded(run))
  )
  /** From the least to the greatest bound of any interval. */
  readonly extent = $derived.by((): readonly [number, number] => {
    const bounds = (this.sweep.value?.runs ?? []).flatMap(({ validation: v }) => (v ? [v.low ?? v.value, v.high ?? v.value] : []))
    return bounds.length === 0 ? [0, 1] : [Math.min(...bounds), Math.max(...bounds)]
  })

  constructor(api: Pick<Api, 'runs' | 'sweeps'>, id: SweepId) {
    this.#api = api
    this.id = id
    this.sweep = new Resource(() => api.sweeps.get(id))
  }

  /** Reads it, and again as its runs change. Returns the function that stops it. */
  follow(): () => void {
    void this.sweep.load()
    const again = (): void => {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined
        void this.sweep.load()
      }, BEAT)
    }
    const stops = [
      this.#api.runs.on('changed', (run) => run.sweep === this.id && again()),
      this.#api.runs.on('removed', again)
    ]
    return () => {
      clearTimeout(this.#timer)
      stops.forEach((stop) => stop())
    }
  }

  /** Where a value stands between the bounds of the chart, in hundredths. */
  place(value: number): number {
    const [low, high] = this.extent
    return high === low ? 50 : (100 * (value - low)) / (high - low)
  }
}
