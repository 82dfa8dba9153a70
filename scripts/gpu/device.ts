import { readFileSync } from 'node:fs'
import { openRuntime } from '../../src/main/engine/runtime/index.ts'
import type { CudaPack, Provider, Runtime, RuntimeOptions } from '../../src/main/engine/runtime/port.ts'

/** The runtime that ATTUNE_GPU_PROVIDER (cpu, webgpu, cuda) names; ATTUNE_GPU_PACK is a file with a CudaPack as JSON. */
export function openNamed(more: Partial<RuntimeOptions> = {}): Promise<Runtime> {
  const provider = (process.env['ATTUNE_GPU_PROVIDER'] ?? 'cpu') as Provider // Whoever starts the script names one of the three.
  const file = process.env['ATTUNE_GPU_PACK']
  const pack = file === undefined ? {} : { pack: JSON.parse(readFileSync(file, 'utf8')) as CudaPack } // Written beside it.
  return openRuntime({ threads: Number(process.env['ATTUNE_GPU_THREADS'] ?? 2), provider, ...pack, ...more })
}
