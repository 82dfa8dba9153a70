/**
 * Loaded into the application's process before its own program (`node --import bench/watch-turns.ts …`): measures the turns of its event loop from one SIGUSR2
 * to the next, and then writes them to the file that ATTUNE_BENCH_TURNS names.
 */
import { writeFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'

/** A turn of an event loop that took long, in milliseconds: when it began, how long until the next did, and of that the thread's own processor time. */
export interface Turn {
  readonly at: number
  readonly elapsed: number
  readonly own: number
}

/** What one process says of a stretch of time; milliseconds. */
export interface Turns {
  readonly seconds: number
  /** Turns of over a quarter of a frame. */
  readonly long: readonly Turn[]
  /** Delay of the loop beyond its timer of a millisecond, as perf_hooks sees it. */
  readonly delay: { readonly p50: number; readonly p99: number; readonly most: number }
}

/** Milliseconds between two looks, and from when a turn is kept. */
const EVERY = 2
const KEPT = 4

const file = process.env['ATTUNE_BENCH_TURNS']
if (file !== undefined) {
  const histogram = monitorEventLoopDelay({ resolution: 1 })
  let long: Turn[] = []
  let timer: NodeJS.Timeout | undefined
  let began = 0
  const begin = (): void => {
    long = []
    histogram.reset()
    histogram.enable()
    began = performance.now()
    let last = { at: began, cpu: process.threadCpuUsage() }
    timer = setInterval(() => {
      const now = { at: performance.now(), cpu: process.threadCpuUsage() }
      const elapsed = now.at - last.at - EVERY
      const own = (now.cpu.user + now.cpu.system - last.cpu.user - last.cpu.system) / 1000
      if (Math.max(elapsed, own) > KEPT) long.push({ at: last.at - began, elapsed, own })
      last = now
    }, EVERY)
  }
  const end = (): void => {
    clearInterval(timer)
    timer = undefined
    histogram.disable()
    const delay = { p50: histogram.percentile(50) / 1e6, p99: histogram.percentile(99) / 1e6, most: histogram.max / 1e6 }
    writeFileSync(file, JSON.stringify({ seconds: (performance.now() - began) / 1000, long, delay } satisfies Turns))
  }
  process.on('SIGUSR2', () => (timer === undefined ? begin() : end()))
}
