import { access } from 'node:fs/promises'
import { join } from 'node:path'
import type { CudaPack } from './port.ts'

/** What a CUDA pack's folder holds of onnxruntime-gpu 1.30.0 (docs/decisions/0047): the library, and what it loads from beside itself. */
export const cudaPackFiles = {
  library: 'libonnxruntime.so.1.30.0',
  providers: ['libonnxruntime_providers_shared.so', 'libonnxruntime_providers_cuda.so']
} as const

/** NVIDIA's libraries that the provider needs, in the order in which they need each other. They lie in the pack's folder or where the system looks. */
const nvidiaLibraries = ['libcudart.so.13', 'libcublasLt.so.13', 'libcublas.so.13', 'libcurand.so.10'] as const

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false
  )

/** The CUDA pack in a folder; null where its files are not all there. */
export async function cudaPackIn(folder: string): Promise<CudaPack | null> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return null
  const { library, providers } = cudaPackFiles
  for (const name of [library, ...providers]) if (!(await isThere(join(folder, name)))) return null
  const needs = await Promise.all(
    nvidiaLibraries.map(async (name) => ((await isThere(join(folder, name))) ? join(folder, name) : name))
  )
  return { library: join(folder, library), needs }
}
