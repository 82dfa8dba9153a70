import type { DatasetReport } from '../../preload/contract/data.ts'
import { findRows, type FindingInput, type FindingRows } from '../data/datasets/finding-rows.ts'
import { reportOn, type ReportInput } from '../data/datasets/report.ts'
import { finishedOf } from '../runs/outcome.ts'
import { runTask } from '../runs/supervisor.ts'

/** Up to here a table is looked through in less time than a process takes to start. */
const FEW_ROWS = 5000

export interface Inspecting {
  readonly report: (input: ReportInput) => Promise<DatasetReport>
  readonly rows: (input: FindingInput, rows: number) => Promise<FindingRows>
}

/** Looks through large tables in a process of their own, so that the screens are answered meanwhile and its memory goes with it. */
export function makeInspecting(entry: string): Inspecting {
  const options = { entry, onEvent: () => undefined }
  return {
    report: async (input) => {
      if (input.rows <= FEW_ROWS) return reportOn(input)
      const found = finishedOf(await runTask({ kind: 'inspect-data', input }, options))
      return found['report'] as DatasetReport // Made by reportOn.
    },
    rows: async (input, rows) => {
      if (rows <= FEW_ROWS) return findRows(input)
      const found = finishedOf(await runTask({ kind: 'find-rows', input }, options))
      return found['found'] as FindingRows // Made by findRows.
    }
  }
}
