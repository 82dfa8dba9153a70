import { availableParallelism, cpus, freemem, totalmem } from 'node:os'
import { messageOf } from '../../base/errors.ts'
import { assertSilent } from './library.ts'

/** One place that could compute, for `attune devices`. */
export interface Device {
  readonly provider: string
  /** `ready`: used by this version. `present`: the library has it, Attune does not use it yet. `missing`: its files are not installed. */
  readonly status: 'ready' | 'present' | 'missing'
  /** One line for people: the processor's model, or what is missing. */
  readonly detail: string
  /** Of the CPU only. */
  readonly threads?: number
  readonly memoryBytes?: number
  readonly freeMemoryBytes?: number
}

/**
 * The providers ONNX Runtime's library was built with, the CPU first. No GPU driver is loaded: a driver that crashes would take the process along.
 * @throws Error when telemetry is not switched off.
 */
export async function listDevices(): Promise<readonly Device[]> {
  return [cpuDevice(), ...(await otherDevices())]
}

function cpuDevice(): Device {
  const processors = cpus()
  const model = processors[0]?.model.trim() ?? 'unknown processor'
  return {
    provider: 'cpu',
    status: 'ready',
    detail: `${model}, ${processors.length} logical processors`,
    threads: availableParallelism(),
    memoryBytes: totalmem(),
    freeMemoryBytes: freemem()
  }
}

function detailOf(provider: string, isBundled: boolean): string {
  if (provider === 'cuda') return 'needs the CUDA pack, which is not part of this installation'
  if (!isBundled) return 'its library is not part of this installation'
  return provider === 'webgpu'
    ? 'in the library; whether a card can be used shows when a run asks for it'
    : 'in the library, not used by this version'
}

async function otherDevices(): Promise<Device[]> {
  assertSilent()
  try {
    const { loadBinding } = await import('./binding/index.ts')
    const { listSupportedBackends } = await loadBinding()
    return listSupportedBackends()
      .filter(({ name }) => name !== 'cpu')
      .map(({ name, bundled }) => ({
        provider: name,
        status: bundled ? 'present' : 'missing',
        detail: detailOf(name, bundled)
      }))
  } catch (error) {
    return [{ provider: 'other', status: 'missing', detail: messageOf(error) }]
  }
}
