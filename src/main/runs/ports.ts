import type { ReadAtOnce } from '../data/datasets/length-finding.ts'
import type { AuditEvent } from '../../preload/contract/record.ts'
import type { PowerState } from '../../preload/contract/supervision.ts'
import type { RunRow } from '../tracker/queries/runs.ts'
import type { RunDraft, RunResult, RunSummary, RunsEvents, SettingRow } from '../../preload/contract/runs.ts'
import type { DeviceGuess } from '../../preload/contract/speed.ts'

/** What a draft comes to, as the configuration layer says. All of it throws an InputError where the draft cannot be meant. */
export interface Drafting {
  readonly settings: (draft: RunDraft) => Promise<readonly SettingRow[]>
  /** The run.yaml, its paths absolute. */
  readonly yaml: (draft: RunDraft) => Promise<string>
  readonly facts: (draft: RunDraft) => Promise<DraftFacts>
  /** What would compute the run if that were left open. */
  readonly device: (draft: RunDraft) => Promise<DeviceGuess>
  /** How the run would read its texts, and the model's folder; null where the model says nothing of its length. */
  readonly reading: (draft: RunDraft) => Promise<(ReadAtOnce & { readonly folder: string }) | null>
}

export interface DraftFacts {
  readonly task: RunSummary['task']
  /** The method's name in run.yaml. */
  readonly method: string
  /** The validation metric that chooses the best checkpoint. */
  readonly metric: string
  readonly batchSize: number
  readonly accumulation: number
  /** How often it trains: once for each seed or fold. */
  readonly trainings: number
}

/** What a run says on the Result screen. Throws an InputError where it has not been tested. */
export type ReadResult = (run: RunRow) => Promise<Omit<RunResult, 'id'>>

/** What this PC says of its power. */
export interface PowerSource {
  readonly state: () => PowerState
  /** Hears of changes until the returned function is called. */
  readonly follow: (onChange: () => void) => () => void
}

/** Whom the runs tell of what happens. */
export interface RunListener {
  readonly changed: (run: RunSummary) => void
  readonly curves: (news: RunsEvents['curves']) => void
  readonly log: (news: RunsEvents['log']) => void
  readonly removed: (gone: RunsEvents['removed']) => void
}

/** Writes down that something was done to a run; `amount` counts what the event counts. */
export type RecordRun = (event: AuditEvent, run: string, amount?: number) => void

/** The folders of the data folder that runs use. */
export interface RunFolders {
  /** Run folders, one for each run. */
  readonly runs: string
  /** Each run's run.yaml, under the run's id. */
  readonly configurations: string
  /** Configurations of plans, which are thrown away. */
  readonly temporary: string
  /** What was discarded. */
  readonly bin: string
}
