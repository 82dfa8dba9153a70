import type { FileHandle } from '../../../preload/contract/common.ts'

/** A folder of the machine that Attune runs on: an id, never a path. */
export interface NamedFolder {
  readonly id: string
  readonly name: string
}

export interface FolderPage {
  readonly id: string
  /** From the root to the folder itself. */
  readonly crumbs: readonly NamedFolder[]
  readonly folders: readonly NamedFolder[]
  /** More folders than are listed. */
  readonly isCut: boolean
}

/** The folders that may be chosen, as the loopback shell gives them. */
export interface FolderSource {
  readonly purpose: 'model-folder' | 'data-folder' | 'cuda-folder' | 'folder'
  /** The root where `folder` is null. */
  readonly list: (folder: string | null) => Promise<FolderPage>
  readonly make: (folder: string, name: string) => Promise<FolderPage>
  readonly choose: (folder: string) => Promise<FileHandle>
  /** Copies a folder of the machine that the browser runs on instead; null where that is of no use. */
  readonly upload: (() => Promise<FileHandle | null>) | null
}

export type PickFolder = (source: FolderSource) => Promise<FileHandle | null>
