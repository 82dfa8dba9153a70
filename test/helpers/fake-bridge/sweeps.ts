import type { RunId, SweepId } from '../../../src/preload/contract/common.ts'
import type { SweepCost } from '../../../src/preload/contract/costs.ts'
import type { EndedEarly, RunSummary } from '../../../src/preload/contract/runs.ts'
import type { PriorRequest, Sweep, SweepRequest, SweepsApi } from '../../../src/preload/contract/sweeps.ts'

type Handlers = { readonly [Name in keyof SweepsApi]: (argument: never) => unknown }

const rates = [1e-3, 2e-3, 5e-4, 4e-3]
const RATE = 'training.learning_rate'
const ranks = [8, 16]

const FEW = 'Fewer than 5 runs train equally long: the first 3 finish in any case, and then hardly one is left to end.'

/** A run that was poorer than half of the others. */
export const ENDED: EndedEarly = { metric: 'macro_f1', step: 100, value: 0.734, median: 0.822, others: 5 }

/** A sweep of eight runs, five of them trained. `like` is what its runs look like. */
export function sweepHandlers(like: () => RunSummary): Handlers {
  const tested = new Map<RunId, RunSummary['test']>()
  const sweep = (id: SweepId): Sweep => {
    if (id !== ('s-1' as SweepId)) throw new Error('This sweep is no longer there. It may have been discarded.')
    const runs = rates.flatMap((rate, i) =>
      ranks.map((rank, j) => {
        const place = 2 * i + j
        const isEnded = place === 4
        const name = `Urgency sweep 1.${place + 1}`
        const state = isEnded ? 'stopped' : place < 5 ? 'finished' : place === 5 ? 'running' : 'queued'
        const value = 0.85 - 0.021 * place
        const run: RunSummary = {
          ...like(),
          id: `w${place}` as RunId,
          name,
          state,
          sweep: id,
          test: tested.get(`w${place}` as RunId) ?? null,
          failure: null,
          ...(isEnded && {
            interruption: 'poorer',
            endedEarly: { ...ENDED, value, others: 4 }
          })
        }
        const validation = place < 5 ? { value, low: isEnded ? null : value - 0.06, high: isEnded ? null : value + 0.05 } : null
        return { run, values: [rate, rank], validation, isBest: place === 0 }
      })
    )
    const cost: SweepCost = {
      ...{ runs: 5, isPartial: false, seconds: 1620, busySeconds: 2980, tokens: 1_482_300, gridIntensity: 380 },
      energy: { method: 'assumed', low: 8940, high: 44_700 },
      reused: { passes: 19_200, found: 1536, seconds: 480, texts: 1920 }
    }
    const axes = [RATE, 'method.r']
    return {
      id,
      name: 'Urgency sweep 1',
      axes,
      metric: 'macro_f1',
      lessIsBetter: false,
      tried: 8,
      endsEarly: true,
      saved: { runs: 1, steps: 158, seconds: 48 },
      runs,
      cost
    }
  }
  return {
    plan: ({ axes }: SweepRequest) => {
      const runs = axes.reduce((product, { values }) => product * values.length, 1)
      const problem = runs > 24 ? `That would be ${runs} runs; a sweep has 24 at most. Give fewer values.` : null
      return { runs, time: { seconds: 300 * runs, spread: 90 * runs }, problem, endEarlyProblem: runs < 5 ? FEW : null }
    },
    prior: ({ paths }: PriorRequest) => ({
      run: { id: 'r3' as RunId, name: 'Urgency v3' },
      ...{ metric: 'macro_f1', value: 0.812, among: 4 },
      settings: paths.includes(RATE) ? [{ path: RATE, value: 0.002, around: [0.002, 0.001, 0.004, 5e-4, 0.008] }] : []
    }),
    start: () => 's-1',
    get: sweep,
    pause: () => undefined,
    resume: () => undefined,
    stop: () => undefined,
    discard: () => undefined,
    test: (id: RunId) => tested.set(id, { metric: 'macro_f1', measured: { value: 0.82, low: 0.76, high: 0.87 } })
  }
}
