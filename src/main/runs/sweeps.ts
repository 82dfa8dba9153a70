import { randomBytes } from 'node:crypto'
import type { SweepCost } from '../../preload/contract/costs.ts'
import type { DatasetId, RunId, SettingValue, SweepId } from '../../preload/contract/common.ts'
import type { RunDraft, RunPlan, RunSummary, SettingRow } from '../../preload/contract/runs.ts'
import type { PriorRequest, Sweep, SweepAxis, SweepPlan, SweepPrior, SweepRequest, SweepRun } from '../../preload/contract/sweeps.ts'
import { InputError } from '../base/errors.ts'
import type { RunRow } from '../tracker/queries/runs.ts'
import { addSweep, findSweep, removeSweep, runsOfSweep, type SweepRow } from '../tracker/queries/sweeps.ts'
import type { WritableDb } from '../tracker/tracker.ts'
import type { Runs } from './runs.ts'
import { nearestFirst, priorOf } from './prior.ts'
import { endEarlyProblem, savedBy } from './pruning.ts'
import { draftOf } from './supervision.ts'

export interface SweepsOptions {
  readonly db: WritableDb
  readonly runs: Runs
  /** Whether less of a metric is better. */
  readonly isLess: (metric: string) => boolean
  /** Folds that a data set is tested by; null where its test is cut once. */
  readonly foldsOf: (dataset: DatasetId) => number | null
  /** What its runs took together; null where none has kept that yet. */
  readonly costOf: (rows: readonly RunRow[]) => Promise<SweepCost | null>
}

/** More would take days on a PC, and the best of very many is most often the luckiest. */
const MOST_RUNS = 24
const SEEDS = 'training.seeds'
const EPOCHS = 'training.num_train_epochs'

/** Groups of runs that differ in one or two settings. Validation chooses among them; test rows are left alone until one is chosen. */
export class Sweeps {
  readonly #options: SweepsOptions

  constructor(options: SweepsOptions) {
    this.#options = options
  }

  async plan(request: SweepRequest): Promise<SweepPlan> {
    const { runs } = this.#options
    const drafts = draftsOf(request)
    const nothing = { runs: drafts.length, time: null, endEarlyProblem: null }
    const problem = await this.#problem(request, drafts)
    if (problem !== null) return { ...nothing, problem }
    const { time, blocked } = await runs.plan(request.draft)
    const settings = await runs.settings(request.draft)
    const early = endEarlyProblem({
      axes: request.axes.map(({ path }) => path),
      drafts: drafts.map(({ changed }) => changed),
      settingOf: (path) => settings.find((row) => row.path === path)?.value ?? null
    })
    return { ...nothing, endEarlyProblem: early, time: await this.#timeOf(request.draft, drafts, time), problem: blocked?.failure.message ?? null }
  }

  async prior({ draft, paths }: PriorRequest): Promise<SweepPrior | null> {
    const { db, runs, isLess } = this.#options
    return priorOf({ db, isLess, facts: (each) => runs.facts(each), settings: (each) => runs.settings(each) }, draft, paths)
  }

  async start(request: SweepRequest): Promise<SweepId> {
    const { db, runs } = this.#options
    const drafts = draftsOf(request)
    const problem = await this.#problem(request, drafts)
    if (problem !== null) throw new InputError('sweep-settings', problem)
    const id = `s-${Date.now().toString(36)}-${randomBytes(3).toString('hex')}` as SweepId // Minted here.
    const name = request.draft.name ?? runs.freeName(request.draft.dataset, 'sweep')
    const axes = request.axes.map(({ path }) => path)
    addSweep(db, { id, name, tried: drafts.length, created_at: new Date().toISOString(), ends_early: request.endEarly === true ? 1 : 0, axes })
    // A good run early is what the others are measured by.
    const known = (await this.prior({ draft: request.draft, paths: axes }))?.settings ?? []
    for (const [i, draft] of nearestFirst(drafts, known).entries()) await runs.start({ ...draft, name: `${name}.${i + 1}` }, id)
    return id
  }

  async get(id: SweepId): Promise<Sweep> {
    const { axes, name, tried, ends_early } = this.#sweep(id)
    const rows = this.#rows(id)
    const metric = rows[0]?.best_metric ?? ''
    const isLess = this.#options.isLess(metric)
    const ranked = rows.map((row) => this.#runOf(row, axes)).toSorted(byValidation(isLess))
    const best = ranked[0]?.validation && !isEndedEarly(ranked[0].run) ? ranked[0].run.id : null
    return {
      id,
      name,
      axes,
      metric,
      lessIsBetter: isLess,
      tried,
      endsEarly: ends_early === 1,
      saved: savedBy(rows),
      runs: ranked.map((each) => ({ ...each, isBest: each.run.id === best })),
      cost: await this.#options.costOf(rows)
    }
  }

  pause(id: SweepId): void {
    this.#each(id, ({ state }) => ['queued', 'preparing', 'running'].includes(state), 'pause')
  }

  /** Those that were ended early stay where they are: each is resumed by itself. */
  resume(id: SweepId): void {
    this.#each(id, (row) => ['paused', 'stopped', 'failed'].includes(row.state) && row.interruption !== 'poorer', 'resume')
  }

  async stop(id: SweepId): Promise<void> {
    const rows = this.#rows(id)
    for (const { id: run, state, step } of rows) {
      const isWaiting = state === 'queued' || (state === 'paused' && step === 0)
      if (isWaiting) await this.#options.runs.discard(run as RunId)
      else if (['running', 'paused'].includes(state)) this.#options.runs.finish(run as RunId)
    }
  }

  async discard(id: SweepId): Promise<void> {
    // Those that wait first: else each would begin as the one before it goes.
    const isAtWork = ({ state }: RunRow): number => (['preparing', 'running', 'testing'].includes(state) ? 1 : 0)
    for (const row of this.#rows(id).toSorted((a, b) => isAtWork(a) - isAtWork(b))) await this.#options.runs.discard(row.id as RunId)
    removeSweep(this.#options.db, id)
  }

  test(run: RunId): void {
    this.#options.runs.test(run)
  }

  #each(id: SweepId, isMeant: (row: RunRow) => boolean, verb: 'pause' | 'resume'): void {
    // From the end: a pause of the one at work must not start the next.
    for (const row of this.#rows(id).toReversed().filter(isMeant)) this.#options.runs[verb](row.id as RunId)
  }

  #sweep(id: SweepId): SweepRow {
    const found = findSweep(this.#options.db, id)
    if (found) return found
    throw new InputError('sweep-gone', 'This sweep is no longer there. It may have been discarded.')
  }

  #rows(id: SweepId): readonly RunRow[] {
    this.#sweep(id)
    return runsOfSweep(this.#options.db, id)
  }

  #runOf(row: RunRow, axes: readonly string[]): Omit<SweepRun, 'isBest'> {
    const { best_value: value, best_low: low, best_high: high } = row
    const changed = draftOf(row)?.changed ?? {}
    return {
      run: this.#options.runs.get(row.id as RunId),
      values: axes.map((path) => changed[path] ?? null),
      validation: value === null ? null : { value, low, high }
    }
  }

  /** What keeps a sweep from starting: its own shape, or a value that no run may have. */
  async #problem({ axes, draft }: SweepRequest, drafts: readonly RunDraft[]): Promise<string | null> {
    const paths = axes.map(({ path }) => path)
    if (new Set(paths).size !== paths.length) return 'Choose two different settings.'
    if (paths.includes(SEEDS)) return 'Seeds are not tried against each other: chance alone would choose.'
    if (hasSeeds(draft)) return 'A sweep trains once with each value. Set seeds back first; then repeat the chosen run with several seeds.'
    if (this.#options.foldsOf(draft.dataset) !== null)
      return 'A sweep trains once with each value, and these data are tested by folds. Divide the rows once and for all first; then train the chosen values by folds.'
    if (drafts.length < 2) return 'Give at least two values.'
    if (drafts.length > MOST_RUNS) return `That would be ${drafts.length} runs; a sweep has ${MOST_RUNS} at most. Give fewer values.`
    for (const each of drafts) {
      try {
        await this.#options.runs.settings(each)
      } catch (error) {
        if (!(error instanceof InputError)) throw error
        return `${paths.map((path) => `${path} ${String(each.changed[path])}`).join(', ')}: ${error.message}`
      }
    }
    return null
  }

  /** Runs of more epochs take longer in proportion. */
  async #timeOf(draft: RunDraft, drafts: readonly RunDraft[], one: RunPlan['time']): Promise<RunPlan['time']> {
    if (one === null) return null
    const epochsOf = async (each: RunDraft): Promise<number> => valueIn(await this.#options.runs.settings(each), EPOCHS)
    const own = await epochsOf(draft)
    const epochs = await Promise.all(drafts.map(epochsOf))
    const factor = epochs.reduce((sum, each) => sum + each / own, 0)
    return { seconds: one.seconds * factor, spread: one.spread * factor }
  }
}

const valueIn = (rows: readonly SettingRow[], path: string): number => Number(rows.find((row) => row.path === path)?.value ?? 1)

function hasSeeds({ changed }: RunDraft): boolean {
  const value = changed[SEEDS]
  return typeof value === 'string' && value.includes(',')
}

/** A draft for each combination of values. */
function draftsOf({ draft, axes }: SweepRequest): RunDraft[] {
  const combinations = axes.reduce<Readonly<Record<string, SettingValue>>[]>(
    (all, { path, values }: SweepAxis) => all.flatMap((each) => [...new Set(values)].map((value) => ({ ...each, [path]: value }))),
    [{}]
  )
  return combinations.map((values) => ({ ...draft, changed: { ...draft.changed, ...values } }))
}

const isEndedEarly = ({ interruption }: RunSummary): boolean => interruption === 'poorer'

type Ranked = Pick<SweepRun, 'run' | 'validation'>

/** The best first, then those that were ended early, whose values are of another point; those without a value last, in their own order. */
const byValidation =
  (isLess: boolean) =>
  ({ run: runA, validation: a }: Ranked, { run: runB, validation: b }: Ranked): number => {
    const order = Number(isEndedEarly(runA)) - Number(isEndedEarly(runB))
    if (a === null || b === null) return Number(a === null) - Number(b === null) || order
    if (order !== 0) return order
    return isLess ? a.value - b.value : b.value - a.value
  }
