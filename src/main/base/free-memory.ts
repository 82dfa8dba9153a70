import { readFile } from 'node:fs/promises'
import { freemem } from 'node:os'
import { dirname, join } from 'node:path'

/** Reads a small file of the system; empty where there is none. */
export type ReadText = (path: string) => Promise<string>

const readText: ReadText = (path) => readFile(path, 'utf8').catch(() => '')

/** Bytes of memory that this process may still take without swapping, and what sets that bound. */
export interface FreeMemory {
  readonly bytes: number
  readonly bound: 'machine' | 'container'
}

/**
 * What the machine has free (file pages that it would let go included), or less where a container's limit leaves less. Linux's limits hold at each
 * level of control groups from the process's own upwards.
 */
export async function freeMemory(read: ReadText = readText): Promise<FreeMemory> {
  const available = kilobytesAt(await read('/proc/meminfo'), 'MemAvailable') ?? freemem()
  const groups = await read('/proc/self/cgroup')
  const left = Math.min(await leftInVersion2(groups, read), await leftInVersion1(groups, read))
  return left < available ? { bytes: Math.max(0, left), bound: 'container' } : { bytes: available, bound: 'machine' }
}

const kilobytesAt = (text: string, key: string): number | undefined => {
  const found = new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(text)?.[1]
  return found === undefined ? undefined : Number(found) * 1024
}

/** Of a `key value` list. */
const numberAt = (text: string, key: string): number => Number(new RegExp(`^${key} (\\d+)$`, 'm').exec(text)?.[1] ?? 0)

async function leftInVersion2(groups: string, read: ReadText): Promise<number> {
  const own = /^0::(\/.*)$/m.exec(groups)?.[1]
  if (own === undefined) return Infinity
  let left = Infinity
  for (let path = own; ; path = dirname(path)) {
    const folder = join('/sys/fs/cgroup', path)
    const limit = Number((await read(join(folder, 'memory.max'))) || 'max')
    if (Number.isFinite(limit)) {
      const used = Number(await read(join(folder, 'memory.current')))
      // Pages of files that nobody has used lately are let go before anything is refused.
      left = Math.min(left, limit - used + numberAt(await read(join(folder, 'memory.stat')), 'inactive_file'))
    }
    if (path === '/') return left
  }
}

async function leftInVersion1(groups: string, read: ReadText): Promise<number> {
  const own = /^\d+:(?:[^:]*,)?memory(?:,[^:]*)?:(\/.*)$/m.exec(groups)?.[1]
  if (own === undefined) return Infinity
  // Inside a container the group's own path may not be visible, but its files then lie at the top.
  for (const folder of [join('/sys/fs/cgroup/memory', own), '/sys/fs/cgroup/memory']) {
    const limit = Number((await read(join(folder, 'memory.limit_in_bytes'))) || Number.NaN)
    if (Number.isNaN(limit)) continue
    const used = Number(await read(join(folder, 'memory.usage_in_bytes')))
    return limit - used + numberAt(await read(join(folder, 'memory.stat')), 'total_inactive_file')
  }
  return Infinity
}
