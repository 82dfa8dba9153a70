import type { DatasetId, ProjectId, RunId } from './common.ts'

/** Something in the bin. What went with its project is counted there and not listed by itself. */
export interface BinEntry {
  readonly id: ProjectId | DatasetId | RunId
  readonly kind: 'project' | 'dataset' | 'run'
  readonly name: string
  /** The project it belongs to. */
  readonly project: string
  /** ISO 8601. */
  readonly discardedAt: string
  /** When it goes for good. */
  readonly until: string
  readonly bytes: number
  /** Data sets and runs in it; 1 where it is one of them itself. */
  readonly items: number
}

/** A file that a run made. */
export interface Artifact {
  readonly name: string
  readonly kind: 'report' | 'predictions' | 'weights' | 'settings' | 'export'
  readonly bytes: number
  readonly sha256: string
  /** ISO 8601. */
  readonly madeAt: string
}

export type AuditEvent =
  | 'dataset-opened'
  | 'roles-changed'
  | 'run-started'
  | 'run-resumed'
  | 'run-ended'
  | 'test-consulted'
  | 'answers-given'
  | 'discarded'
  | 'restored'
  | 'destroyed'
  | 'renamed'
  | 'model-added'
  | 'model-removed'
  | 'exported'
  | 'serving-started'
  | 'serving-ended'
  | 'unlocked'
  | 'locked'
  | 'encrypted'
  | 'passphrase-changed'
  | 'threshold-fixed'
  | 'backed-up'
  | 'backup-restored'
  | 'moved'
  | 'caches-emptied'

/** Something that was done: ids and counts, no cells and no names of files. */
export interface AuditLine {
  /** ISO 8601. */
  readonly at: string
  readonly event: AuditEvent
  readonly subject: string | null
  /** Rows, looks, answers or bytes, as the event counts; null where it counts nothing. */
  readonly amount: number | null
}

export interface RecordApi {
  /** What can be put back, the newest first. */
  bin(): readonly BinEntry[]
  restore(id: BinEntry['id']): void
  destroy(id: BinEntry['id']): void
  emptyBin(): void
  tag(request: { readonly id: RunId; readonly tags: readonly string[] }): void
  note(request: { readonly id: RunId; readonly text: string }): void
  artifacts(id: RunId): readonly Artifact[]
  /** What was done, the newest first. */
  log(request: { readonly from: number; readonly count: number }): {
    readonly total: number
    readonly lines: readonly AuditLine[]
  }
  /** The whole log as CSV, the oldest first: a ticket for the finished file. */
  logCsv(): string
}
