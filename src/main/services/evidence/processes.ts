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
  let looked = 0
  for (const each of started) {
    if (await isChromiums(each)) continue
    looked++
    const environment = await readFile(`/proc/${each}/environ`, 'latin1').catch(() => '')
    // What has written its title over its environment shows no variable at all.
    const variables = environment.split('\0').filter((entry) => /^[A-Za-z_]\w*=/.test(entry))
    if (variables.length > 0 && !variables.includes('ORT_DISABLE_TELEMETRY=1')) open.push(each)
  }
  if (open.length > 0) return outcome(telemetryClaim, 'fails', `The switch is not set in process ${open.join(', ')}.`)
  return outcome(telemetryClaim, 'holds', `The switch is set in this process and in ${looked} that it started.`)
}

/**
 * Whether a process is one of Chromium's own in the desktop shell: a page, its graphics, or what they are made from. They never load the library, are
 * begun before the switch is set, and write their title over their environment.
 */
async function isChromiums(pid: number): Promise<boolean> {
  const words = (await readFile(`/proc/${pid}/cmdline`, 'latin1').catch(() => '')).split(/[\0 ]/)
  const has = (word: string): boolean => words.includes(word)
  return words.some((word) => word.startsWith('--type=')) && !has('--utility-sub-type=node.mojom.NodeService')
}

const filesClaim = {
  id: 'files',
  claim: 'Everything is written into the one data folder.',
  how: 'Compares each file that is open for writing, here and in every trainer, with the data folder.'
}

/**
 * Files that this process and its trainers hold open for writing outside of `folder`; Linux only. What it was handed by the program that started it is
 * that program's: `npm start > log.txt` gives the log to everything that runs.
 */
export async function openFiles(folder: string, pid = process.pid): Promise<Check> {
  if (process.platform !== 'linux') return outcome(filesClaim, 'cannot-tell', 'This system does not list them.')
  const open = (await Promise.all((await family(pid)).map(written))).flat()
  const given = new Set([
    ...open.filter(({ fd }) => fd <= 2).map(({ path }) => path),
    ...(await written(await parentOf(pid))).map(({ path }) => path)
  ])
  const isOutside = (path: string): boolean => !path.startsWith(folder + sep)
  const all = [...new Set(open.map(({ path }) => path))]
  const [paths, handed] = [
    all.filter((path) => !isOutside(path) || !given.has(path)),
    all.filter((path) => isOutside(path) && given.has(path))
  ]
  const outside = paths.filter(isOutside)
  if (outside.length > 0)
    return outcome(filesClaim, 'fails', `${outside.length} of ${paths.length} lie outside: ${outside.join(', ')}.`)
  const besides =
    handed.length === 0
      ? ''
      : ` Not counted: ${handed.length} that the program which started Attune writes and handed on, as a log of what it prints.`
  return outcome(filesClaim, 'holds', `${paths.length} are open for writing, all within.${besides}`)
}

/** The process that started another; 0 where it cannot be told, which has no files. */
async function parentOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Number(/^PPid:\s*(\d+)/m.exec(status)?.[1] ?? 0)
}

interface Written {
  readonly fd: number
  readonly path: string
}

/** A process's regular files that are open for writing. */
async function written(pid: number): Promise<Written[]> {
  const found: Written[] = []
  for (const fd of await readdir(`/proc/${pid}/fd`).catch(() => [])) {
    const path = await readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')
    if (!path.startsWith('/') || /^\/(?:dev|proc|sys|memfd:)/.test(path)) continue
    const flags = /^flags:\s*(\d+)/m.exec(await readFile(`/proc/${pid}/fdinfo/${fd}`, 'utf8').catch(() => ''))?.[1] ?? '0'
    const isWritten = (Number.parseInt(flags, 8) & 3) !== 0
    if (isWritten) found.push({ fd: Number(fd), path: path.replace(/ \(deleted\)$/, '') })
  }
  return found
}
