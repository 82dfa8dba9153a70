import type { DatasetId, ProjectId, RunId } from './common.ts'

/** What the models of a project are for. `inside`: used within the organisation; `commercial`: sold or given to others. */
export type ProjectPurpose = 'unsaid' | 'research' | 'inside' | 'commercial'

/** What one question's data and runs belong to. */
export interface ProjectSummary {
  readonly id: ProjectId
  readonly name: string
  /** Set for the practice data. */
  readonly sample: string | null
  /** What the person wrote about it. */
  readonly note: string
  readonly purpose: ProjectPurpose
  readonly datasets: number
  readonly runs: number
  readonly latestRun: RunId | null
  readonly latestDataset: DatasetId | null
  /** When something in it was last begun, ISO 8601. */
  readonly changedAt: string
}

export interface ProjectsApi {
  /** Those that hold something outside the bin, with the newest work first. */
  list(): readonly ProjectSummary[]
  rename(request: { readonly id: ProjectId; readonly name: string }): void
  note(request: { readonly id: ProjectId; readonly text: string }): void
  setPurpose(request: { readonly id: ProjectId; readonly purpose: ProjectPurpose }): void
  /** Into the bin, with all its data and runs; `record:restore` brings it back. */
  discard(id: ProjectId): void
  /** For good and at once, past the bin. */
  destroyNow(id: ProjectId): void
}

export interface ProjectsEvents {
  /** One was made, changed or went: the list is to be read again. */
  changed: { readonly id: ProjectId }
}
