import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { InputError } from '../base/errors.ts'
import type { FolderLock } from '../shell/folder-lock.ts'
import { encryptDatabase } from '../tracker/encrypt.ts'
import { relocate } from '../storage/relocate.ts'
import { movePaths } from '../tracker/queries/places.ts'
import { Tracker } from '../tracker/tracker.ts'
import { rebuild } from './rebuild.ts'
import { recordFolders } from './record.ts'

/** The tracker, made again from the folders where its file is damaged or gone. */
export async function openTracker(
  dataFolder: string,
  key: string | undefined,
  log: (line: string) => void,
  cutShort: FolderLock['cutShort']
): Promise<Tracker> {
  const files = { file: join(dataFolder, 'attune.sqlite'), backups: join(dataFolder, 'backups'), key }
  // A crash came between the making of the keys and this.
  if (key !== undefined) encryptDatabase(files.file, key)
  let db: Tracker
  try {
    db = new Tracker(files)
  } catch (error) {
    if (!(error instanceof InputError) || error.code !== 'tracker-unreadable') throw error
    log(`${error.message} It was set aside and is made again from the folders.`)
    const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14)
    for (const ending of ['', '-wal', '-shm'])
      await rename(files.file + ending, `${files.file}.damaged-${stamp}${ending}`).catch(() => undefined)
    db = new Tracker(files)
  }
  await relocate(dataFolder, (former, present) => movePaths(db, former, present))
  await rebuild(db, recordFolders(dataFolder), cutShort)
  return db
}
