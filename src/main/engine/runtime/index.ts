import { assert } from '../../base/assert.ts'
import { messageOf } from '../../base/errors.ts'
import { assertSilent } from './library.ts'
import type { Card, CardReading } from './c-api/card.ts'
import type { Runtime, RuntimeOptions } from './port.ts'

export { cudaPackIn, cudaPackLayout } from './cuda-pack.ts'
export { libraryHash, libraryVersion } from './library.ts'
export type { CudaPackLayout } from './cuda-pack.ts'
export type { CardReading } from './c-api/card.ts'

/** A runtime, and why it is not the preferred one. */
export interface OpenedRuntime {
  readonly runtime: Runtime
  /** Why the C API is not in use, for the run's record; absent when it is. */
  readonly reason?: string
}

/**
 * Opens ONNX Runtime: over its C API where that loads and passes its self-test, else over onnxruntime-node.
 * @throws Error when telemetry is not switched off, or what was asked for (or anything at all) cannot be opened.
 */
export async function openRuntime(options: RuntimeOptions): Promise<Runtime> {
  return (await openBestRuntime(options)).runtime
}

/** As {@link openRuntime}, with the reason when the C API is not in use. */
export async function openBestRuntime(options: RuntimeOptions): Promise<OpenedRuntime> {
  assert(Number.isSafeInteger(options.threads) && options.threads >= 1, `a runtime was asked for with ${options.threads} threads`)
  assertSilent()
  if (options.kind === 'binding') return { runtime: await openBindingRuntime(options), reason: 'The binding was asked for.' }
  if (options.provider !== undefined && options.provider !== 'cpu') return { runtime: await openDeviceRuntime(options) }
  try {
    // Loaded on demand: koffi has no binary for every machine, and then fails as it is imported.
    const { openCApi } = await import('./c-api/index.ts')
    return { runtime: await openCApi(options) }
  } catch (error) {
    if (options.kind === 'c-api') throw error
    return { runtime: await openBindingRuntime(options), reason: messageOf(error) }
  }
}

async function openBindingRuntime(options: RuntimeOptions): Promise<Runtime> {
  const { openBinding } = await import('./binding/index.ts')
  return openBinding(options)
}

/** A device is reached over the C API alone: the binding would copy all state to the host and back in every run. */
async function openDeviceRuntime(options: RuntimeOptions): Promise<Runtime> {
  const { openCApi } = await import('./c-api/index.ts')
  return openCApi(options)
}

/** Found once: it is looked at every few seconds while a run trains. */
let card: Card | undefined

/** What the NVIDIA card of this process, which computes on it, says of itself now; null where nothing can be asked. */
export async function lookAtCard(): Promise<CardReading | null> {
  try {
    const module = await import('./c-api/card.ts')
    card ??= module.Card.open(module.cardLibraries())
    return card.look()
  } catch {
    // A driver that cannot be asked still computes.
    return null
  }
}
