import type { FileHandle } from './common.ts'

export type StorageKind = 'tracker' | 'data' | 'runs' | 'models' | 'bin' | 'caches' | 'former' | 'other'

/** A copy of all data that was made here. */
export interface BackupSummary {
  readonly id: string
  readonly name: string
  /** ISO 8601. */
  readonly madeAt: string
  /** The program's version that made it. */
  readonly version: string
  readonly bytes: number
}

/** Data that were set aside when a backup was restored. */
export interface AsideSummary {
  readonly id: string
  readonly name: string
  readonly bytes: number
}

export interface StorageProgress {
  readonly task: 'backup' | 'restore' | 'move' | 'delete'
  readonly phase: 'copying' | 'verifying' | 'checking' | 'closing' | 'deleting' | 'opening'
  /** Bytes; `total` is 0 while nobody knows. */
  readonly done: number
  readonly total: number
}

/** Where everything is and how large. Paths are shown; nothing takes one back. */
export interface StorageOverview {
  readonly folder: string
  readonly backupsFolder: string
  /** Bytes free on the disk of the data folder. */
  readonly free: number
  readonly sizes: readonly { readonly kind: StorageKind; readonly bytes: number }[]
  readonly total: number
  /** Bytes that the person wants to stay below; null where none were named. */
  readonly budget: number | null
  /** Why the folder's place is a bad one; null where nothing speaks against it. */
  readonly risk: 'network' | 'synchronised' | null
  readonly backups: readonly BackupSummary[]
  readonly asides: readonly AsideSummary[]
  readonly task: StorageProgress | null
}

export interface StorageApi {
  overview(): StorageOverview
  emptyCaches(): void
  setBudget(request: { readonly bytes: number | null }): void
  /** Copies everything into the chosen folder, or beside the data folder where none was chosen; resolves when the copy was read again. */
  backUp(request: { readonly to: FileHandle | null }): BackupSummary
  /** Puts a backup in the place of the present data, which are set aside: one of those listed, or the folder that was chosen. */
  restore(request: { readonly backup: string } | { readonly from: FileHandle }): void
  /** Moves the data folder into the chosen folder, or beside the present one where none was chosen. */
  move(request: { readonly to: FileHandle | null }): void
  /** Ends what is under way, as long as nothing of the present data has been touched. */
  cancel(): void
  removeBackup(id: string): void
  removeAside(id: string): void
  /** Deletes every file of Attune's. `confirmed` is the word that the person typed. */
  deleteAll(request: { readonly confirmed: string }): void
}

export interface StorageEvents {
  progress: StorageProgress
  /** The data folder was opened anew: every list is to be read again. */
  reopened: { readonly id: string }
}
