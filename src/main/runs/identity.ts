import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { writeJsonAtomic } from '../base/files.ts'
import type { Attached } from './attached.ts'
import type { RunRow } from '../tracker/queries/runs.ts'
import type { SweepRow } from '../tracker/queries/sweeps.ts'

/** What must be known of a run besides what its trainer writes, so that the tracker can be made again from the folders. */
export const identityColumns = [
  'id',
  'name',
  'state',
  'task',
  'method',
  'dataset_id',
  'dataset_name',
  'project_id',
  'model_id',
  'model_name',
  'must_not_miss',
  'config_file',
  'created_at',
  'draft',
  'interruption',
  'micro_batch',
  'is_quiet',
  'is_tested',
  'sweep_id',
  'ended_step',
  'ended_value',
  'ended_median',
  'ended_others',
  'ended_step_seconds',
  'device',
  'failure_code',
  'failure_message',
  'failure_detail'
] as const satisfies readonly (keyof RunRow)[]

export type RunIdentity = Pick<RunRow, (typeof identityColumns)[number]>

/** Writes it beside the run's run.yaml, for a run that has no folder yet, and into its folder. */
export async function writeIdentity(
  configurations: string,
  row: RunRow,
  beside: Attached & { readonly sweep: SweepRow | null }
): Promise<void> {
  const identity = { ...Object.fromEntries(identityColumns.map((column) => [column, row[column]])), ...beside }
  await mkdir(configurations, { recursive: true, mode: 0o700 })
  await writeJsonAtomic(join(configurations, `${row.id}.json`), identity)
  if (row.folder !== null) await writeJsonAtomic(join(row.folder, 'attune.json'), identity)
}
