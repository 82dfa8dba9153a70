import type { RunId } from '../../preload/contract/common.ts'
import type { ComparedPair, Comparison, UnfitRun } from '../../preload/contract/compare.ts'
import { defined } from '../base/assert.ts'
import { InputError } from '../base/errors.ts'
import { findRun } from '../tracker/queries/runs.ts'
import type { WritableDb } from '../tracker/tracker.ts'
import type { Outcome, TrainerTask } from '../worker/protocol.ts'
import { finishedOf } from './outcome.ts'
import type { TaskOptions } from './supervisor.ts'

export interface ComparingOptions {
  readonly db: WritableDb
  /** The trainer's program: thousands of resamples are nothing for the process that answers the screens. */
  readonly entry: string
  readonly runTask: (task: TrainerTask, options: TaskOptions) => Promise<Outcome>
}

/** What the trainer found: runs are places in the list that it was given. */
interface Found {
  readonly primary: string | null
  readonly rows: number
  readonly pairs: readonly (Omit<ComparedPair, 'first' | 'second' | 'better'> & {
    readonly first: number
    readonly second: number
    readonly verdict: 'first' | 'second' | 'neither'
  })[]
  readonly unfit: readonly (Omit<UnfitRun, 'run'> & { readonly run: number })[]
}

/** Tests finished runs against each other by the answers that they kept. */
export async function compareRuns({ db, entry, runTask }: ComparingOptions, ids: readonly RunId[]): Promise<Comparison> {
  const runFolders = ids.map((id) => {
    const row = findRun(db, id)
    if (!row) throw new InputError('run-gone', 'This run is no longer there. It may have been discarded.')
    // A run that never began has no folder, and so no answers.
    return row.folder ?? ''
  })
  const outcome = await runTask({ kind: 'compare', runFolders }, { entry, onEvent: () => undefined })
  const found = finishedOf(outcome) as unknown as Found // Made by the trainer.
  const idAt = (place: number): RunId => defined(ids[place], 'a compared run')
  return {
    metric: found.primary,
    rows: found.rows,
    pairs: found.pairs.map(({ first, second, verdict, difference, tests }) => ({
      first: idAt(first),
      second: idAt(second),
      difference: difference && { value: difference.value, low: difference.low, high: difference.high },
      tests,
      better: verdict === 'neither' ? null : idAt(verdict === 'first' ? first : second)
    })),
    unfit: found.unfit.map(({ run, reason, shared }) => ({ run: idAt(run), reason, shared }))
  }
}
