import type { RunRow } from '../../src/main/tracker/queries/runs.ts'

/** A run as the tracker has it, waiting for nothing. */
export const runRow = (id: string, change: Partial<RunRow> = {}): RunRow => ({
  id,
  name: id,
  state: 'queued',
  task: 'text-classification',
  dataset_id: 'd-1',
  dataset_name: 'letters.csv',
  model_id: 'm-1',
  model_name: 'tiny',
  method: 'lora',
  must_not_miss: null,
  config_file: `/c/${id}.yaml`,
  folder: null,
  created_at: `2026-01-0${id.at(-1) ?? 1}T00:00:00Z`,
  queue_order: null,
  step: 0,
  total_steps: 0,
  best_metric: null,
  best_value: null,
  best_step: null,
  test_metric: null,
  test_value: null,
  test_low: null,
  test_high: null,
  failure_code: null,
  failure_message: null,
  failure_detail: null,
  ...change
})
