import { readFileSync } from 'node:fs'
import { getHeapSpaceStatistics } from 'node:v8'

/** Memory of this process, in bytes. */
export interface ProcessMemory {
  /** Everything resident. */
  readonly resident: number
  /** Resident, without pages of mapped files (the program itself, libraries, weights): the system can drop those. */
  readonly own: number
  /** Pages of mapped files. 0 where the system does not tell them apart. */
  readonly mapped: number
  /** The most that was ever resident: VmHWM on Linux, the peak working set on Windows. */
  readonly peak: number
}

/** Synchronous, because a step reads it between two others; the file is made by the kernel on the spot (some 30 µs) and lies on no disk. */
const readStatus = (): string => {
  if (process.platform !== 'linux') return ''
  try {
    return readFileSync('/proc/self/status', 'utf8')
  } catch {
    // A container may hide /proc; what Node itself knows is used then.
    return ''
  }
}

/** What this process takes now. `status` is the text of Linux's `/proc/self/status`. */
export function processMemory(status = readStatus()): ProcessMemory {
  const bytesAt = (key: string): number => 1024 * Number(new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0)
  const resident = bytesAt('VmRSS')
  if (resident > 0) {
    const mapped = bytesAt('RssFile')
    return { resident, own: resident - mapped, mapped, peak: bytesAt('VmHWM') }
  }
  const whole = process.memoryUsage.rss()
  // maxRSS is in kilobytes on every system.
  return { resident: whole, own: whole, mapped: 0, peak: process.resourceUsage().maxRSS * 1024 }
}

/**
 * V8 keeps young objects in two halves, which grow as a program works: to this many MiB in processes that are started with it as a bound (runs/heap-flags.ts),
 * else to 64 where the machine has much memory.
 */
export const YOUNG_HALF = 4

/** Bytes that the process will yet take for young objects, once it has worked for a while. */
export function youngToCome(): number {
  const young = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')?.physical_space_size ?? 0
  return Math.max(0, 2 * YOUNG_HALF * 2 ** 20 - young)
}

/**
 * The most memory of its own that this process has taken. The kernel keeps the peak of everything resident alone; mapped pages come and go as
 * programs open and close, so the most of them that was seen is taken off, and what was seen directly is the least it can be.
 */
export class PeakMemory {
  #own = 0
  #mapped = 0

  /** Looks at the process now. Worth doing wherever memory is at its height. */
  look(): ProcessMemory {
    const now = processMemory()
    this.#own = Math.max(this.#own, now.own)
    this.#mapped = Math.max(this.#mapped, now.mapped)
    return now
  }

  /** Bytes of the process's own at their height, and of mapped files at theirs. */
  peak(): { readonly own: number; readonly mapped: number } {
    const { peak } = this.look()
    return { own: Math.max(this.#own, peak - this.#mapped), mapped: this.#mapped }
  }
}
