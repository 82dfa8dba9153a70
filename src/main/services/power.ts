import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { PowerState } from '../../preload/contract/supervision.ts'
import { readFile } from '../base/sealed/fs.ts'
import type { PowerSource } from '../runs/ports.ts'

/** How often Linux is asked, in milliseconds: it tells of nothing by itself without a bus that we do not speak. */
const EVERY = 5000

export interface PowerOptions {
  readonly platform?: NodeJS.Platform
  readonly folder?: string
  readonly every?: number
}

/** What this PC says of its power outside of Electron: Linux in its own files, other systems nothing. Call `dispose` at the end. */
export async function openPower(options: PowerOptions = {}): Promise<PowerSource & { readonly dispose: () => void }> {
  const { platform = process.platform, folder = '/sys/class/power_supply', every = EVERY } = options
  if (platform !== 'linux') return { state: () => 'unknown', follow: () => () => undefined, dispose: () => undefined }
  const listeners = new Set<() => void>()
  let state = await readPower(folder)
  let isLooking = false
  const look = async (): Promise<void> => {
    // Two looks at once would both tell of one change.
    if (isLooking) return
    isLooking = true
    const before = state
    state = await readPower(folder)
    isLooking = false
    if (state !== before) for (const listener of listeners) listener()
  }
  // A PC without a battery does not grow one.
  const timer = state === 'mains' || state === 'battery' ? setInterval(() => void look(), every) : undefined
  timer?.unref()
  return {
    state: () => state,
    follow: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    dispose: () => {
      clearInterval(timer)
      listeners.clear()
    }
  }
}

/** As https://www.kernel.org/doc/html/latest/power/power_supply_class.html has it: a battery that discharges while no mains is online. */
async function readPower(folder: string): Promise<PowerState> {
  const names = await readdir(folder).catch(() => null)
  if (names === null) return 'unknown'
  const read = (name: string, file: string): Promise<string> =>
    readFile(join(folder, name, file), 'utf8').then(
      (text) => text.trim(),
      () => ''
    )
  const supplies = await Promise.all(
    names.map(async (name) => ({
      type: await read(name, 'type'),
      // Batteries of mice and headsets say so.
      scope: await read(name, 'scope'),
      status: await read(name, 'status'),
      online: await read(name, 'online')
    }))
  )
  const own = supplies.filter(({ type, scope }) => type === 'Battery' && scope !== 'Device')
  if (own.length === 0) return 'none'
  const isOnline = supplies.some(({ type, online }) => type !== 'Battery' && online === '1')
  return !isOnline && own.some(({ status }) => status === 'Discharging') ? 'battery' : 'mains'
}
