import { checkStatus, PointerArray } from './api.ts'
import type { Library } from './api.ts'

/** The library's one environment, with the thread pool that sessions share. */
export interface Environment {
  readonly pointer: number
  readonly threads: number
  /** False when something else in this process made the environment first, without a pool: then each session has its own threads. */
  shared: boolean
}

/** Messages of the library are returned as errors; on the error stream they would only repeat themselves. */
const onlyFatal = 4

let environment: Environment | undefined

/** The process's environment. The first caller's `threads` fix the shared pool's size; it lives until the process ends. */
export function openEnvironment(library: Library, threads: number): Environment {
  environment ??= createEnvironment(library, threads)
  return environment
}

/** Makes the library's environment. A process has one: the library keeps it to itself. */
export function createEnvironment(library: Library, threads: number, platform: NodeJS.Platform = process.platform): Environment {
  const { api } = library
  const out = new PointerArray(1)
  checkStatus(api, api.CreateThreadingOptions(out.address))
  const options = out.get(0)
  try {
    checkStatus(api, api.SetGlobalIntraOpNumThreads(options, threads))
    checkStatus(api, api.SetGlobalInterOpNumThreads(options, 1))
    // Spinning keeps every core busy for some 36 ms after each run (ort-facts §1.1).
    checkStatus(api, api.SetGlobalSpinControl(options, 0))
    checkStatus(api, api.CreateEnvWithGlobalThreadPools(onlyFatal, 'attune', options, out.address))
  } finally {
    api.ReleaseThreadingOptions(options)
  }
  const pointer = out.get(0)
  // Windows reports through the system's event log, which the environment variable does not reach (security.md §0).
  if (platform === 'win32') checkStatus(api, api.DisableTelemetryEvents(pointer))
  shareArena(library, pointer)
  return { pointer, threads, shared: true }
}

/**
 * One pool of memory for the intermediate values of all sessions. Beside the system's own allocator it halves the peak (which fragments, and keeps
 * a heap for every thread that ever ran a session) and saves the time of asking for fresh pages in every run. It grows by what is asked for,
 * not by powers of two, and what is left over of a piece is used for something else: by default the library hands out whole pieces of up to twice
 * the size, which costs a fifth more (`docs/decisions/0007`). `training/pool-model.ts` works out what the pool will take.
 */
function shareArena({ api }: Library, environment: number): void {
  const out = new PointerArray(1)
  const [unlimited, growAsRequested, usual, arena, leastRest] = [0, 1, -1, 1, 4096]
  checkStatus(api, api.CreateCpuMemoryInfo(arena, 0, out.address))
  const memory = out.get(0)
  checkStatus(api, api.CreateArenaCfg(unlimited, growAsRequested, usual, leastRest, out.address))
  const settings = out.get(0)
  try {
    checkStatus(api, api.CreateAndRegisterAllocator(environment, memory, settings))
  } finally {
    api.ReleaseArenaCfg(settings)
  }
}
