import { open, readFile, rm } from 'node:fs/promises'
import { uptime } from 'node:os'
import { join } from 'node:path'
import { InputError, systemCodeOf } from '../base/errors.ts'

export interface FolderLock {
  readonly release: () => Promise<void>
  /** How whoever held it last went without letting go; null where they let go. */
  readonly cutShort: 'pc-restarted' | 'program-ended' | null
}

/** Keeps a second Attune off the same data folder. */
export async function lockFolder(folder: string, boot?: string): Promise<FolderLock> {
  const path = join(folder, 'attune.lock')
  const now = boot ?? (await bootOf())
  let cutShort: FolderLock['cutShort'] = null
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      const handle = await open(path, 'wx', 0o600)
      await handle.writeFile(`${process.pid} ${now}`)
      await handle.sync()
      await handle.close()
      return { release: () => rm(path, { force: true }), cutShort }
    } catch (error) {
      if (systemCodeOf(error) !== 'EEXIST') throw error
      const [pid = '', then = ''] = (await readFile(path, 'utf8').catch(() => '')).split(' ')
      // After a restart the number may be another program's.
      const hasRestarted = then !== '' && !isSameBoot(then, now)
      if (!hasRestarted && isAlive(Number(pid))) throw new InputError('already-open', alreadyOpen(Number(pid)), { file: folder })
      cutShort = hasRestarted ? 'pc-restarted' : 'program-ended'
      await rm(path, { force: true })
    }
  }
  throw new InputError('already-open', alreadyOpen(0), { file: folder })
}

const alreadyOpen = (pid: number): string =>
  `Attune is already open on this data folder${pid > 0 ? ` (process ${pid})` : ''}. Use that window, or close it first.`

/** What tells this start of the system from any other: Linux has a name for it, elsewhere its time will do. */
async function bootOf(): Promise<string> {
  const id = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '')
  return id.trim() === '' ? `at:${Math.round(Date.now() / 1000 - uptime())}` : id.trim()
}

/** Seconds by which the time of one start may seem to move: clocks are set. */
const TOLERANCE = 60

function isSameBoot(a: string, b: string): boolean {
  if (a === b) return true
  const [first, second] = [a, b].map((boot) => Number(/^at:(\d+)$/.exec(boot)?.[1] ?? Number.NaN))
  return Math.abs((first ?? Number.NaN) - (second ?? Number.NaN)) <= TOLERANCE
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  if (pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return systemCodeOf(error) === 'EPERM'
  }
}
