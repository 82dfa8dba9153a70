import { access } from 'node:fs/promises'
import { join } from 'node:path'
import type { CudaPack } from './port.ts'

/** What a CUDA pack consists of on one system (docs/decisions/0047). */
export interface CudaPackLayout {
  /** ONNX Runtime's library. */
  readonly library: string
  /** What it loads from beside itself. */
  readonly providers: readonly string[]
  /** NVIDIA's libraries, in the order in which they need each other. They lie in the pack's folder or where the system looks. */
  readonly needs: readonly string[]
}

const linux: CudaPackLayout = {
  library: 'libonnxruntime.so.1.30.0',
  providers: ['libonnxruntime_providers_shared.so', 'libonnxruntime_providers_cuda.so'],
  needs: ['libcudart.so.13', 'libcublasLt.so.13', 'libcublas.so.13', 'libcurand.so.10']
}

/** Never run so far: no Windows PC with an NVIDIA card was at hand. */
const windows: CudaPackLayout = {
  library: 'onnxruntime.dll',
  providers: ['onnxruntime_providers_shared.dll', 'onnxruntime_providers_cuda.dll'],
  needs: ['cudart64_13.dll', 'cublasLt64_13.dll', 'cublas64_13.dll']
}

/** The layout for this machine; null where onnxruntime-gpu 1.30.0 has no build for it. */
export function cudaPackLayout(platform: NodeJS.Platform = process.platform, arch: string = process.arch): CudaPackLayout | null {
  if (arch !== 'x64') return null
  if (platform === 'linux') return linux
  return platform === 'win32' ? windows : null
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false
  )

/** The CUDA pack in a folder; null where its files are not all there. */
export async function cudaPackIn(folder: string): Promise<CudaPack | null> {
  const layout = cudaPackLayout()
  if (layout === null) return null
  for (const name of [layout.library, ...layout.providers]) if (!(await isThere(join(folder, name)))) return null
  const needs = await Promise.all(
    layout.needs.map(async (name) => ((await isThere(join(folder, name))) ? join(folder, name) : name))
  )
  return { library: join(folder, layout.library), needs }
}
