import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { sha256OfFile } from '../../base/files.ts'

const fileNames: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  linux: 'libonnxruntime.so.1',
  darwin: 'libonnxruntime.1.dylib',
  win32: 'onnxruntime.dll'
}

/**
 * Throws unless ONNX Runtime's telemetry is switched off. The library decides when it is loaded, so every process that loads it must have been
 * started with the variable (docs/decisions/0001).
 */
export function assertSilent(): void {
  if (process.env['ORT_DISABLE_TELEMETRY'] === '1') return
  throw new Error(
    'ONNX Runtime was not loaded: ORT_DISABLE_TELEMETRY=1 is not set, and without it the library writes a device id under the home folder and ' +
      'sends usage events to its maker. Start this process with ORT_DISABLE_TELEMETRY=1 in its environment.'
  )
}

/** The path of ONNX Runtime's shared library inside onnxruntime-node. @throws Error where the package ships none for this machine. */
export function libraryPath(): string {
  const fileName = fileNames[process.platform]
  if (fileName === undefined) throw new Error(`ONNX Runtime has no library for ${process.platform}-${process.arch}.`)
  const manifest = createRequire(import.meta.url).resolve('onnxruntime-node/package.json')
  // A packaged app keeps native libraries as plain files beside its archive: the system's loader cannot read inside one.
  const folder = dirname(manifest).replace(/app\.asar(?=[\\/])/, 'app.asar.unpacked')
  return join(folder, 'bin', 'napi-v6', process.platform, process.arch, fileName)
}

/** The version of ONNX Runtime that Attune brings. */
export function libraryVersion(): string {
  const manifest: unknown = createRequire(import.meta.url)('onnxruntime-node/package.json')
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : 'unknown'
}

/** The file that this process loaded in place of Attune's own library. */
let replacement: string | undefined

/** Remembers that this process computes with another build of the library. */
export function noteLibrary(path: string): void {
  replacement = path
}

/** SHA-256 of the file of the library that this process computes with, in hex: part of a run's resolved plan. */
export function libraryHash(): Promise<string> {
  return sha256OfFile(replacement ?? libraryPath())
}
