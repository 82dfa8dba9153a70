import { open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { InputError, systemCodeOf } from '../base/errors.ts'

/** Keeps a second Attune off the same data folder. Resolves to the function that lets go. */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, 'attune.lock')
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      const handle = await open(path, 'wx', 0o600)
      await handle.writeFile(String(process.pid))
      await handle.close()
      return () => rm(path, { force: true })
    } catch (error) {
      if (systemCodeOf(error) !== 'EEXIST') throw error
      const owner = Number(await readFile(path, 'utf8').catch(() => ''))
      if (isAlive(owner)) throw new InputError('already-open', alreadyOpen(owner), { file: folder })
      // Whoever held it is gone without having let go.
      await rm(path, { force: true })
    }
  }
  throw new InputError('already-open', alreadyOpen(0), { file: folder })
}

const alreadyOpen = (pid: number): string =>
  `Attune is already open on this data folder${pid > 0 ? ` (process ${pid})` : ''}. Use that window, or close it first.`

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
