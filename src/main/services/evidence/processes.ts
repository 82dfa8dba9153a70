// eslint-disable-next-line no-restricted-imports -- These are files of the system.
import { readdir, readFile, readlink } from 'node:fs/promises'
import { sep } from 'node:path'
import { family } from '../../shell/sockets.ts'
import { outcome, type Check } from './check.ts'

const telemetryClaim = {
  id: 'runtime-telemetry',
  claim: 'The computing library tells nobody that it was used.',
  how: 'Reads the switch in this process and in each that it started. The library is not loaded without it.'
}

/** Whether the switch is set here and in every trainer. */
export async function telemetry(pid = process.pid): Promise<Check> {
  if (process.env['ORT_DISABLE_TELEMETRY'] !== '1') return outcome(telemetryClaim, 'fails', 'The switch is not set.')
  // The library uses the events of the system there, which the switch does not govern.
  if (process.platform === 'win32')
    return outcome(
      telemetryClaim,
      'cannot-tell',
      'The switch is set. On Windows the library can still write events into the log of the system.'
    )
  if (process.platform !== 'linux') return outcome(telemetryClaim, 'holds', 'The switch is set; started processes inherit it.')
  const [, ...started] = await family(pid)
  const open: number[] = []
  for (const each of started) {
    const environment = await readFile(`/proc/${each}/environ`, 'latin1').catch(() => '')
    if (environment !== '' && !environment.split('\0').includes('ORT_DISABLE_TELEMETRY=1')) open.push(each)
  }
  if (open.length > 0) return outcome(telemetryClaim, 'fails', `The switch is not set in process ${open.join(', ')}.`)
  return outcome(telemetryClaim, 'holds', `The switch is set in this process and in ${started.length} that it started.`)
}

const filesClaim = {
  id: 'files',
  claim: 'Everything is written into the one data folder.',
  how: 'Compares each file that is open for writing, here and in every trainer, with the data folder.'
}

/** Files that this process and its trainers hold open for writing outside of `folder`; Linux only. */
export async function openFiles(folder: string, pid = process.pid): Promise<Check> {
  if (process.platform !== 'linux') return outcome(filesClaim, 'cannot-tell', 'This system does not list them.')
  const paths = (await Promise.all((await family(pid)).map(written))).flat()
  const outside = paths.filter((path) => !path.startsWith(folder + sep))
  if (outside.length === 0) return outcome(filesClaim, 'holds', `${paths.length} are open for writing, all within.`)
  return outcome(filesClaim, 'fails', `${outside.length} of ${paths.length} lie outside: ${outside.join(', ')}.`)
}

/** Paths of a process's regular files that are open for writing; what it prints to is not among them. */
async function written(pid: number): Promise<string[]> {
  const found: string[] = []
  for (const fd of await readdir(`/proc/${pid}/fd`).catch(() => [])) {
    if (Number(fd) <= 2) continue
    const path = await readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')
    if (!path.startsWith('/') || /^\/(?:dev|proc|sys|memfd:)/.test(path)) continue
    const flags = /^flags:\s*(\d+)/m.exec(await readFile(`/proc/${pid}/fdinfo/${fd}`, 'utf8').catch(() => ''))?.[1] ?? '0'
    const isWritten = (Number.parseInt(flags, 8) & 3) !== 0
    if (isWritten) found.push(path.replace(/ \(deleted\)$/, ''))
  }
  return found
}
