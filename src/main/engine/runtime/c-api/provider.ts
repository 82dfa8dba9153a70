import type { Provider, RuntimeOptions } from '../port.ts'
import { checkStatus, PointerArray, TextArray } from './api.ts'
import type { Library } from './api.ts'

/** A provider beside the CPU's, as sessions are told of it. */
export interface DeviceProvider {
  readonly name: Exclude<Provider, 'cpu'>
  /** The library's name of the device's memory. */
  readonly memoryName: string
  /** Whether a pointer may name the middle of a tensor, and a kernel write over what it reads. */
  readonly isAddressable: boolean
  readonly options: Readonly<Record<string, string>>
  /** Whether nodes that the provider lacks are refused instead of computed on the CPU. */
  readonly isStrict: boolean
}

/** What the options ask for; null for the CPU. */
export function deviceProviderOf({
  provider = 'cpu',
  tf32 = false,
  isStrict = false,
  providerOptions = {}
}: RuntimeOptions): DeviceProvider | null {
  if (provider === 'cpu') return null
  if (provider === 'webgpu') return { name: provider, memoryName: 'WebGPU_Buf', isAddressable: false, options: {}, isStrict }
  // Grown by what is asked for: by default the provider doubles its share of the card's memory each time.
  const options = { ...providerOptions, device_id: '0', arena_extend_strategy: 'kSameAsRequested', use_tf32: tf32 ? '1' : '0' }
  return { name: provider, memoryName: 'Cuda', isAddressable: true, options, isStrict }
}

/** Puts a provider first in a session's options. @throws Error where the library has no such provider, or it cannot start. */
export function appendProvider(library: Library, settings: number, { name, options, isStrict }: DeviceProvider): void {
  const { api } = library
  const keys = new TextArray(Object.keys(options))
  const values = new TextArray(Object.values(options))
  if (isStrict) checkStatus(api, api.AddSessionConfigEntry(settings, 'session.disable_cpu_ep_fallback', '1'))
  if (name === 'webgpu') {
    checkStatus(api, api.AppendProvider(settings, 'WebGPU', keys.address, values.address, keys.length))
    return
  }
  const out = new PointerArray(1)
  checkStatus(api, api.CreateCudaProviderOptions(out.address))
  const cuda = out.get(0)
  try {
    checkStatus(api, api.UpdateCudaProviderOptions(cuda, keys.address, values.address, keys.length))
    checkStatus(api, api.AppendCudaProvider(settings, cuda))
  } finally {
    api.ReleaseCudaProviderOptions(cuda)
  }
}
