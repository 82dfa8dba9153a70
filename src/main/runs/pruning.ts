import type { SweepSaved } from '../../preload/contract/sweeps.ts'
import type { SettingValue } from '../../preload/contract/common.ts'
import { looksOfRun } from '../tracker/queries/metrics.ts'
import type { RunRow } from '../tracker/queries/runs.ts'
import { findSweep, runsOfSweep } from '../tracker/queries/sweeps.ts'
import type { ReadableDb } from '../tracker/tracker.ts'
import { draftOf } from './supervision.ts'

/** One look at the validation rows. */
export interface Look {
  readonly step: number
  readonly value: number
}

/** A run as the rule sees it; looks by ascending step. */
export interface Trial {
  readonly totalSteps: number
  readonly looks: readonly Look[]
  /** Whether it was trained to its end. */
  readonly isFinished: boolean
}

/** By what a run is poorer than others of its sweep. */
export interface Poorer {
  readonly step: number
  /** Its best so far; null where none was a number. */
  readonly value: number | null
  readonly median: number
  /** How many runs the median is of. */
  readonly others: number
}

/** Runs that are trained to their end before any is judged; as many values a median needs. */
const STARTUP_RUNS = 3
/** Looks at the validation rows, and the share of its training, before a run is judged: until then a learning rate may still be warming up. */
const WARM_UP_LOOKS = 2
const WARM_UP_SHARE = 0.2
/** With fewer runs there is next to none that could be ended after those that must finish. */
const LEAST_RUNS = 5

const EPOCHS = 'training.num_train_epochs'
const STEPS = 'training.max_steps'

/**
 * The median stopping rule (Golovin et al. 2017, Google Vizier, 3.2.2), in the form of Optuna's MedianPruner: at its newest look a run is poorer if the
 * best value that it has had so far is strictly worse than the median of what the others had at the same point. The same point is the same share of the
 * training, to half a step of the shorter one. Null where it goes on: it is no poorer, it is at its end, or there is too little to compare with.
 */
export function poorerThanMedian(own: Trial, others: readonly Trial[], isLess: boolean): Poorer | null {
  const newest = own.looks.at(-1)
  if (!newest || own.looks.length < WARM_UP_LOOKS || newest.step >= own.totalSteps) return null
  const share = newest.step / own.totalSteps
  if (share < WARM_UP_SHARE || others.filter(({ isFinished }) => isFinished).length < STARTUP_RUNS) return null
  const there = others.flatMap((other) => valueAt(other, share, own.totalSteps)).filter(Number.isFinite)
  if (there.length < STARTUP_RUNS) return null
  const values = own.looks.map(({ value }) => value).filter(Number.isFinite)
  const median = medianOf(there)
  const best = isLess ? Math.min(...values) : Math.max(...values)
  // Of no number at all that is an infinity, which is worse than any median.
  const isPoorer = isLess ? best > median : best < median
  return isPoorer ? { step: newest.step, value: values.length === 0 ? null : best, median, others: there.length } : null
}

/** What a run had at a share of its training: none or one value. */
function valueAt({ totalSteps, looks }: Trial, share: number, ownSteps: number): readonly number[] {
  const halfAStep = 0.5 / Math.min(totalSteps, ownSteps)
  const away = ({ step }: Look): number => Math.abs(step / totalSteps - share)
  const [nearest] = looks.filter((look) => away(look) <= halfAStep).toSorted((a, b) => away(a) - away(b))
  return nearest ? [nearest.value] : []
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

/**
 * The same of a run of a sweep as the tracker has it, after its newest look. Runs of other lengths are no measure: their learning rates fall at another
 * pace. One that was ended so before, was chosen, or belongs to no sweep that ends runs is never poorer.
 */
export function poorerInSweep(db: ReadableDb, row: RunRow, isLess: (metric: string) => boolean): Poorer | null {
  const { id, sweep_id: sweep, best_metric: metric, ended_step: before, is_tested } = row
  if (sweep === null || metric === null || before !== null || is_tested === 1) return null
  if (findSweep(db, sweep)?.ends_early !== 1) return null
  const trialOf = (each: RunRow): Trial => ({
    totalSteps: each.total_steps,
    looks: looksOfRun(db, each.id, metric),
    isFinished: each.state === 'finished' || each.is_tested === 1
  })
  const isAlike = (other: RunRow): boolean => other.id !== id && other.best_metric === metric && lengthOf(other) === lengthOf(row)
  return poorerThanMedian(trialOf(row), runsOfSweep(db, sweep).filter(isAlike).map(trialOf), isLess(metric))
}

/** How long a run of a sweep is to train, as far as its settings were changed. */
const lengthOf = (row: RunRow): string => lengthIn(draftOf(row)?.changed ?? {})

const lengthIn = (changed: Readonly<Record<string, SettingValue>>): string => JSON.stringify([changed[EPOCHS], changed[STEPS]])

/** What decides whether poor runs of a sweep can be ended early. */
export interface EarlyEnds {
  readonly axes: readonly string[]
  /** The changed settings of each of its runs. */
  readonly drafts: readonly Readonly<Record<string, SettingValue>>[]
  /** The value of a setting where no axis changes it. */
  readonly settingOf: (path: string) => SettingValue
}

/** Why none could be ended, one sentence; null where they can. */
export function endEarlyProblem({ axes, drafts, settingOf }: EarlyEnds): string | null {
  if (axes.some((path) => path.startsWith('data.')))
    return 'These runs are judged on different rows, so that none can be called poorer on its way.'
  const sizes = [...Map.groupBy(drafts, lengthIn).values()].map((alike) => alike.length)
  if (Math.max(...sizes) < LEAST_RUNS)
    return `Fewer than ${LEAST_RUNS} runs train equally long: the first ${STARTUP_RUNS} finish in any case, and then hardly one is left to end.`
  if (settingOf('training.eval_strategy') === 'no') return 'Validation rows are not looked at while these runs train.'
  const epochs = Math.max(...drafts.map((changed) => Number(changed[EPOCHS] ?? settingOf(EPOCHS))))
  if (settingOf('training.eval_steps') === null && epochs <= WARM_UP_LOOKS)
    return 'Validation rows are looked at after each epoch, and with so few epochs nothing would be left to save.'
  return null
}

/** What runs that were ended early did not do; null where there are none. */
export function savedBy(rows: readonly RunRow[]): SweepSaved | null {
  const ended = rows.filter(({ interruption }) => interruption === 'poorer')
  if (ended.length === 0) return null
  const left = ended.map((row) => ({ steps: Math.max(0, row.total_steps - row.step), each: row.ended_step_seconds }))
  return {
    runs: ended.length,
    steps: left.reduce((sum, { steps }) => sum + steps, 0),
    seconds: left.reduce<number | null>((sum, { steps, each }) => (sum === null || each === null ? null : sum + steps * each), 0)
  }
}
