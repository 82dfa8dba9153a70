import type { DatasetId, FileHandle } from './common.ts'

/** What stands for what in a clean version of a data set: an age file that lies beside it. */
export interface KeptMapping {
  /** The version beside which it lies. */
  readonly dataset: DatasetId
  readonly name: string
  readonly version: number
}

/** One that an earlier time wrote: a file that the person chose, or what lies beside a version. */
export type KnownMapping = { readonly file: FileHandle } | { readonly dataset: DatasetId }

/** What is to be done with what stands for what; `passphrase` is that of the known one, and of the one that is kept. */
export interface MappingWish {
  readonly keeps: boolean
  readonly known: KnownMapping | null
  readonly passphrase: string
}

/** What stands for what in clean versions. Nothing here tells a value: whoever has the file and its passphrase reads it elsewhere. */
export interface MappingsApi {
  /** Every one that lies beside a version, the newest first. */
  list(): readonly KeptMapping[]
  /** The one beside this version, or beside the nearest that it was made from; null where there is none. */
  of(id: DatasetId): KeptMapping | null
  /** Offers the encrypted file to be saved elsewhere. */
  save(id: DatasetId): { readonly ticket: string; readonly name: string }
  /** Destroys the file. The version stays as it is; nothing can be undone or gone on from then. */
  destroy(id: DatasetId): void
}
