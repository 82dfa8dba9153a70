import { freeMemory } from '../base/free-memory.ts'
import { totalmem } from 'node:os'
import type { TrainingDevice } from '../config/config-types.ts'
import type { Runtime } from '../engine/runtime/port.ts'
import { measureMatrixRate } from '../engine/training/matrix-rate.ts'
import { deviceName, openRunRuntime } from './run-runtime.ts'

/** What a device did when it was tried. */
export interface TriedDevice {
  /** `CPU, 2 threads`. */
  readonly device: string
  readonly threads: number
  /** Floating-point operations in a second, in the fastest product of two matrices of float32. */
  readonly rate: number
  /** Seconds that the smallest product takes: what a kernel costs to start. */
  readonly latency: number
  /** Milliseconds until it could be used. */
  readonly milliseconds: number
  /** Bytes of the memory that it computes in; null where it does not tell. */
  readonly memory: { readonly total: number; readonly free: number } | null
  /** The card's name; null where it is not told. */
  readonly card: string | null
  readonly runtime: string
}

/** How long products are timed, in seconds: with the start, a device is tried in about two. */
const TIMED = 1.2

/**
 * Opens a device, which computes known answers there, has it multiply matrices, and lets it go again.
 * @throws InputError where this machine does not give it, or it computes something else
 */
export async function tryDevice(device: TrainingDevice, signal?: AbortSignal): Promise<TriedDevice> {
  const started = performance.now()
  const runtime = await openRunRuntime({ device, tf32: false, precision: 'float32', threads: null })
  const milliseconds = performance.now() - started
  try {
    const seen = await lookAt(runtime)
    const { rate, latency } = await measureMatrixRate(runtime, { seconds: TIMED, ...(signal && { signal }) })
    return {
      device: deviceName(runtime),
      threads: runtime.threads,
      rate,
      latency,
      milliseconds,
      runtime: runtime.version,
      ...seen
    }
  } finally {
    await runtime.dispose()
  }
}

async function lookAt({ provider }: Runtime): Promise<Pick<TriedDevice, 'memory' | 'card'>> {
  if (provider === 'cpu') return { memory: { total: totalmem(), free: (await freeMemory()).bytes }, card: null }
  if (provider !== 'cuda') return { memory: null, card: null }
  const { lookAtCard } = await import('../engine/runtime/index.ts')
  const reading = await lookAtCard()
  return { memory: reading?.memory ?? null, card: reading?.name ?? null }
}
