import { readdir, readFile, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'

/**
 * What a packaged Attune holds beside Electron, on this platform: the built program, its resources, and the packages that run with it, without other
 * platforms' binaries, types, maps and documents. Needs the built program (`npm run build`).
 */
const root = join(import.meta.dirname, '..')
const { platform, arch } = process

interface Lock {
  readonly packages: Readonly<Record<string, { readonly dev?: boolean; readonly devOptional?: boolean }>>
}

/** The names of the two folders in which onnxruntime-node keeps a platform's library. */
const libraries = ['node_modules/onnxruntime-node/bin/napi-v6', platform, arch]

function isShipped(path: string): boolean {
  if (/\.(d\.[cm]?ts|map|md)$/.test(path)) return false
  const [base = '', ...own] = libraries
  if (!path.startsWith(`${base}/`)) return true
  return path.startsWith([base, ...own].join('/'))
}

/** Bytes of the files below `folder`, without the packages inside it, which are counted on their own. */
async function bytesOf(folder: string): Promise<number> {
  let bytes = 0
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory() && entry.name !== 'node_modules') bytes += await bytesOf(path)
    else if (entry.isFile() && isShipped(relative(root, path).split(sep).join('/'))) bytes += (await stat(path)).size
  }
  return bytes
}

const lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')) as Lock // npm's own format.
const running = Object.entries(lock.packages).filter(([path, { dev, devOptional }]) => path !== '' && !dev && !devOptional)
const present = new Set((await readdir(join(root, 'node_modules'))).flatMap((name) => `node_modules/${name}`))
const parts: [string, number][] = []
for (const [path] of running) {
  const top = path.split('/').slice(0, 2).join('/')
  if (present.has(top) && (await stat(join(root, path)).catch(() => null))) parts.push([path, await bytesOf(join(root, path))])
}
for (const own of ['out', 'resources']) parts.push([own, await bytesOf(join(root, own))])
parts.sort(([, a], [, b]) => b - a)
for (const [name, bytes] of parts) process.stdout.write(`${(bytes / 1e6).toFixed(1).padStart(7)} MB  ${name}\n`)
const total = parts.reduce((sum, [, bytes]) => sum + bytes, 0)
process.stdout.write(`${(total / 1e6).toFixed(1).padStart(7)} MB  in all, ${platform} ${arch}, without Electron\n`)
