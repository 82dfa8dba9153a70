import { readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { syncFolder } from '../../base/files.ts'
import { systemCodeOf } from '../../base/errors.ts'
import { ifThere } from '../../base/if-there.ts'

const pattern = /^\.writing-(\d+)-\d+-/
const ours = new Set<string>()
let count = 0

/**
 * Lets `write` make a file or folder under a temporary name beside `target`, then `place` (by default a rename) puts it there and the
 * parent folder is flushed. Whatever goes wrong, the temporary is removed; after a crash `sweepAside` removes it.
 */
export async function writeAside<T>(
  target: string,
  write: (aside: string) => Promise<T>,
  place: (aside: string, target: string) => Promise<void> = rename
): Promise<T> {
  const aside = join(dirname(target), `.writing-${process.pid}-${count++}-${basename(target)}`)
  ours.add(aside)
  try {
    const result = await write(aside)
    await place(aside, target)
    await syncFolder(dirname(target))
    return result
  } catch (error) {
    // The first failure is the one to report; what cannot be removed now is swept later.
    await rm(aside, { recursive: true, force: true }).catch(() => undefined)
    throw error
  } finally {
    ours.delete(aside)
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return systemCodeOf(error) === 'EPERM'
  }
}

/** Removes temporaries of `writeAside` in `folder` that a process which is gone left behind. A missing folder has none. */
export async function sweepAside(folder: string): Promise<void> {
  const names = (await ifThere(readdir(folder))) ?? []
  for (const name of names) {
    const path = join(folder, name)
    const pid = Number(pattern.exec(name)?.[1] ?? Number.NaN)
    if (Number.isNaN(pid) || ours.has(path) || (pid !== process.pid && isAlive(pid))) continue
    await rm(path, { recursive: true, force: true }).catch(() => undefined)
  }
}
