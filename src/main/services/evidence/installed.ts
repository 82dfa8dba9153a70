import { existsSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const { platform, arch } = process
const abi = platform === 'linux' ? 'gnu' : platform === 'win32' ? 'msvc' : ''

/** Where each package that brings native code keeps that of this machine, from the package's own folder. */
const PLACES: readonly (readonly [name: string, folder: string])[] = [
  ['onnxruntime-node', `bin/napi-v6/${platform}/${arch}`],
  ['better-sqlite3', 'prebuilds'],
  [`@koromix/koffi-${platform}-${arch}`, `${platform}_${arch}`],
  [['@anush008/tokenizers', platform, arch, abi].filter((part) => part !== '').join('-'), '.']
]

/** Paths of the native libraries that Attune ships for this machine. */
export function installedLibraries(): readonly string[] {
  const require = createRequire(import.meta.url)
  return PLACES.flatMap(([name, folder]) => {
    const root = rootOf(require, name)
    return root === null ? [] : librariesIn(join(root, folder))
  })
}

function rootOf({ resolve }: NodeJS.Require, name: string): string | null {
  const fromEngine = resolve.paths(name) ?? []
  const found = fromEngine.map((folder) => join(folder, name)).find((folder) => existsSync(folder))
  // A packaged app keeps native libraries as plain files beside its archive.
  return found?.replace(/app\.asar(?=[\\/])/, 'app.asar.unpacked') ?? null
}

function librariesIn(folder: string): string[] {
  if (!existsSync(folder)) return []
  const own = /\.(?:node|dll|dylib|so(?:\.\d+)*)$/
  const isForHere = (name: string): boolean => !/-(?:x64|arm64|ia32)\.node$/.test(name) || name === `${platform}-${arch}.node`
  return readdirSync(folder)
    .filter((name) => own.test(name) && isForHere(name))
    .map((name) => join(folder, name))
}
