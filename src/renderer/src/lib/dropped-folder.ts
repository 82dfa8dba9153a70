import type { NamedFile } from '../../../preload/contract/index.ts'

/** A folder that was dropped on the page. */
export interface DroppedFolder {
  readonly file: File
  /** The files that lie directly in it. */
  readonly contents: () => Promise<readonly File[]>
}

/** The folder among what was dropped; null where there is none. To be asked while the event is being handled. */
export function droppedFolder(transfer: DataTransfer | null): DroppedFolder | null {
  for (const item of transfer?.items ?? []) {
    const entry = item.webkitGetAsEntry()
    const file = item.getAsFile()
    if (entry?.isDirectory && file) return { file, contents: () => filesIn(entry as FileSystemDirectoryEntry) } // It says that it is one.
  }
  return null
}

/** A dropped folder with data, and everything in it. */
export interface DroppedDataFolder {
  readonly file: File
  readonly contents: () => Promise<readonly NamedFile[]>
}

/** What was dropped, where it is one folder and nothing else; null otherwise. To be asked while the event is being handled. */
export function droppedDataFolder(transfer: DataTransfer): DroppedDataFolder | null {
  const [item, ...others] = transfer.items
  const entry = item?.webkitGetAsEntry()
  const file = item?.getAsFile()
  if (others.length > 0 || entry?.isDirectory !== true || !file) return null
  return { file, contents: () => everythingIn(entry as FileSystemDirectoryEntry, '') } // It says that it is one.
}

async function everythingIn(folder: FileSystemDirectoryEntry, prefix: string): Promise<readonly NamedFile[]> {
  const reader = folder.createReader()
  const found: NamedFile[] = []
  for (;;) {
    const entries = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (entries.length === 0) return found
    for (const entry of entries) {
      const name = `${prefix}${entry.name}`
      // They say which of the two they are.
      if (entry.isFile) found.push({ name, file: await fileOf(entry as FileSystemFileEntry) })
      else found.push(...(await everythingIn(entry as FileSystemDirectoryEntry, `${name}/`)))
    }
  }
}

/** A reader gives a hundred entries at a time, and none when it is through. */
async function filesIn(folder: FileSystemDirectoryEntry): Promise<readonly File[]> {
  const reader = folder.createReader()
  const files: File[] = []
  for (;;) {
    const entries = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (entries.length === 0) return files
    for (const entry of entries) if (entry.isFile) files.push(await fileOf(entry as FileSystemFileEntry)) // It says that it is one.
  }
}

const fileOf = (entry: FileSystemFileEntry): Promise<File> => new Promise((resolve, reject) => entry.file(resolve, reject))
