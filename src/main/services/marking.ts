import type { RunId } from '../../preload/contract/common.ts'
import { InputError } from '../base/errors.ts'
import type { Datasets } from '../data/datasets/datasets.ts'
import type { FoundPassages } from '../data/marking/advice.ts'
import { Marking } from '../data/marking/marking.ts'
import { passageAgreement } from '../engine/evaluation/index.ts'
import { finishedOf } from '../runs/outcome.ts'
import type { Runs } from '../runs/runs.ts'
import type { RunTask } from '../runs/serving/standby.ts'
import { findRun } from '../tracker/queries/runs.ts'
import type { Tracker } from '../tracker/tracker.ts'
import type { Datasheets } from './datasheets.ts'
import { makeOrder } from './order-texts.ts'
import type { PassagesInText } from '../worker/passages-in-texts.ts'

interface MarkingParts {
  readonly db: Tracker
  readonly datasets: Datasets
  readonly datasheets: Pick<Datasheets, 'replace'>
  readonly runs: Runs
  /** The trainer's program. */
  readonly entry: string
  readonly runTask: RunTask
}

/** Marking passages, with suggestions from the newest finished run on the same file that marks them. */
export function makeMarking({ db, datasets, datasheets, runs, entry, runTask }: MarkingParts): Marking {
  return new Marking({
    datasets,
    suggesterOf: ({ id }) => {
      const versions = new Set<string>(datasets.versions(id).map((one) => one.id))
      const isFit = (run: ReturnType<Runs['list']>[number]): boolean =>
        run.state === 'finished' && run.task === 'token-classification' && versions.has(run.dataset.id)
      const found = runs.list().find(isFit)
      return found === undefined ? null : { run: found.id, name: found.name }
    },
    find: async ({ id, texts }) => {
      const isTraining = runs.list().some(({ state }) => state === 'running' || state === 'preparing' || state === 'testing')
      const task = { kind: 'passages', runFolder: folderOf(db, id), texts } as const
      const outcome = await runTask(task, { entry, priority: isTraining ? 'low' : 'below', onEvent: () => undefined })
      const found = finishedOf(outcome)['found'] as readonly PassagesInText[] // Made by the trainer.
      return found.map(({ marks, sureness }): FoundPassages => ({
        sureness,
        passages: marks.map(({ start, end, label, confidence }) => ({ start, end, kind: label, confidence }))
      }))
    },
    order: makeOrder(runTask, entry),
    compare: (data) => passageAgreement(data, { seed: 0 }),
    keepGuideline: (id, before, after) => datasheets.replace(id, 'labelling_rules', before, after),
    now: () => new Date().toISOString()
  })
}

function folderOf(db: Tracker, id: RunId): string {
  const folder = findRun(db, id)?.folder ?? null
  if (folder !== null) return folder
  throw new InputError('run-gone', 'This run is no longer there. It may have been discarded.')
}
