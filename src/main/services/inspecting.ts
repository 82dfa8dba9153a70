import { findRows, type FindingInput, type FindingRows } from '../data/datasets/finding-rows.ts'
import type { DataEvents, DatasetReport } from '../../preload/contract/data.ts'
import { reportOn } from '../data/datasets/report.ts'
import type { Inspect } from '../data/datasets/reports.ts'
import { superseded } from '../base/errors.ts'
import { finishedOf } from '../runs/outcome.ts'
import type { LiveEvent } from '../runs/read-event.ts'
import { runTaskBehind as runTask } from '../runs/supervisor.ts'

/** Up to here a table is looked through in less time than a process takes to start. */
const FEW_ROWS = 5000

export interface Inspecting {
  readonly report: Inspect
  readonly rows: (input: FindingInput, rows: number) => Promise<FindingRows>
}

/** Looks through large tables in a process of their own, so that the screens are answered meanwhile and its memory goes with it. */
export function makeInspecting(entry: string, onLooking: (news: DataEvents['looking']) => void = () => undefined): Inspecting {
  const options = { entry, onEvent: () => undefined }
  return {
    report: async (input, signal) => {
      if (input.rows <= FEW_ROWS) return reportOn(input)
      const onEvent = (news: LiveEvent): void => {
        if (news.event === 'progress') onLooking({ id: input.id, phase: news.phase, done: news.done, total: news.total })
      }
      const outcome = await runTask({ kind: 'inspect-data', input }, { entry, killSignal: signal, onEvent })
      if (signal.aborted) throw superseded()
      const found = finishedOf(outcome)
      return found['report'] as DatasetReport // Made by reportOn.
    },
    rows: async (input, rows) => {
      if (rows <= FEW_ROWS) return findRows(input)
      const found = finishedOf(await runTask({ kind: 'find-rows', input }, options))
      return found['found'] as FindingRows // Made by findRows.
    }
  }
}
