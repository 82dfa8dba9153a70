import type { DatasetId, ModelId, Progress, ProjectId, RunId, SweepId } from '../../preload/contract/common.ts'
import type { RunCost } from '../../preload/contract/costs.ts'
import type { RunSummary } from '../../preload/contract/runs.ts'
import type { RunRow } from '../tracker/queries/runs.ts'
import type { Attached } from './attached.ts'

/** What is known of a run only while it is under way. */
export interface Live {
  readonly progress: Progress | null
  readonly secondsLeft: number | null
  readonly cost: RunCost | null
}

const idle: Live = { progress: null, secondsLeft: null, cost: null }

/** A run as the screens see it. `place` counts from 1 in the queue. */
export function summaryOf(row: RunRow, place: number | null, attached: Attached, live: Live = idle): RunSummary {
  // The ids were minted by main and only travelled through the database.
  return {
    id: row.id as RunId,
    project: row.project_id as ProjectId,
    name: row.name,
    state: row.state,
    task: row.task,
    dataset: { id: row.dataset_id as DatasetId, name: row.dataset_name },
    model: { id: row.model_id as ModelId, name: row.model_name },
    method: row.method,
    createdAt: row.created_at,
    step: row.step,
    totalSteps: row.total_steps,
    ...live,
    best: bestOf(row),
    test: testOf(row),
    failure: failureOf(row),
    place,
    interruption: row.interruption,
    sweep: row.sweep_id as SweepId | null,
    endedEarly: endedEarlyOf(row),
    ...attached
  }
}

function bestOf({ best_metric: metric, best_value: value, best_step: step }: RunRow): RunSummary['best'] {
  return metric === null || value === null || step === null ? null : { metric, value, step }
}

function testOf({ test_metric: metric, test_value: value, test_low: low, test_high: high }: RunRow): RunSummary['test'] {
  return metric === null || value === null ? null : { metric, measured: { value, low, high } }
}

function failureOf({ failure_code: code, failure_message: message, failure_detail: detail }: RunRow): RunSummary['failure'] {
  return code === null || message === null ? null : { code, message, detail: detail ?? message }
}

function endedEarlyOf(row: RunRow): RunSummary['endedEarly'] {
  const { interruption, best_metric: metric, ended_step: step, ended_value: value, ended_median: median, ended_others: others } = row
  if (interruption !== 'poorer' || metric === null || step === null || median === null || others === null) return null
  return { metric, step, value, median, others }
}
