import { readFileSync } from 'node:fs'
import { openRuntime } from '../../src/main/engine/runtime/index.ts'
import type { CudaPack, Precision, Provider, Runtime, RuntimeOptions } from '../../src/main/engine/runtime/port.ts'

/**
 * The runtime that ATTUNE_GPU_PROVIDER (cpu, webgpu, cuda) names; ATTUNE_GPU_PACK is a file with a CudaPack as JSON. ATTUNE_GPU_PRECISION (float32, bf16, fp16)
 * is that of products, ATTUNE_GPU_OPTIONS holds further options of the provider as JSON.
 */
export function openNamed(more: Partial<RuntimeOptions> = {}): Promise<Runtime> {
  const provider = (process.env['ATTUNE_GPU_PROVIDER'] ?? 'cpu') as Provider // Whoever starts the script names one of the three.
  const precision = (process.env['ATTUNE_GPU_PRECISION'] ?? 'float32') as Precision // The same.
  const file = process.env['ATTUNE_GPU_PACK']
  const pack = file === undefined ? {} : { pack: JSON.parse(readFileSync(file, 'utf8')) as CudaPack } // Written beside it.
  const providerOptions = JSON.parse(process.env['ATTUNE_GPU_OPTIONS'] ?? '{}') as Record<string, string> // The same.
  return openRuntime({
    threads: Number(process.env['ATTUNE_GPU_THREADS'] ?? 2),
    provider,
    precision,
    providerOptions,
    ...pack,
    ...more
  })
}
