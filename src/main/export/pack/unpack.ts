import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createWriteStream, readFile } from '../../base/sealed/fs.ts'
import { storageProblem } from '../../base/storage-problem.ts'
import { checkFiles } from '../check-files.ts'
import { checkManifest, MANIFEST, type Manifest } from '../manifest.ts'
import { damagedPack, MOST_MANIFEST_BYTES, type PackContent } from './layout.ts'
import { openPack, packProblem, type OpenPackOptions, type Pack } from './open-pack.ts'
import { requireSpace } from './space.ts'

export interface Unpacked {
  readonly holds: PackContent
  readonly manifest: Manifest
  /** Files that the manifest lists, each with the hash that it says. */
  readonly files: number
  readonly bytes: number
}

export interface UnpackOptions extends OpenPackOptions {
  readonly onProgress: (done: number, total: number) => void
}

/**
 * Unpacks a pack into `into`, an empty folder or one for each kind of content, and checks its manifest's chain and signature and every file against it.
 * @throws InputError with one sentence for what is wrong; whoever made `into` removes it then
 */
export async function unpack(
  path: string,
  into: string | Readonly<Record<PackContent, string>>,
  options: UnpackOptions
): Promise<Unpacked> {
  const pack = await openPack(path, options)
  const folder = typeof into === 'string' ? into : into[pack.holds]
  try {
    const bytes = [...pack.files.values()].reduce((sum, size) => sum + size, 0)
    if ((pack.files.get(MANIFEST) ?? Infinity) > MOST_MANIFEST_BYTES) throw damagedPack(path)
    await requireSpace(folder, bytes, options.freeBytes)
    await extract(pack, path, folder, bytes, options)
    const manifest = checkManifest(await readFile(join(folder, MANIFEST), 'utf8'), MANIFEST)
    return { holds: pack.holds, manifest, files: await checkFiles(folder, manifest, options.signal), bytes }
  } finally {
    await pack.close()
  }
}

async function extract(
  pack: Pack,
  path: string,
  into: string,
  total: number,
  { signal, onProgress }: UnpackOptions
): Promise<void> {
  let done = 0
  async function* counted(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const chunk of source) {
      yield chunk
      onProgress((done += chunk.length), total)
    }
  }
  for (const name of pack.files.keys()) {
    const source = await pack.read(name)
    try {
      await pipeline(counted(source), createWriteStream(join(into, name), { mode: 0o600, flags: 'wx' }), { signal })
    } catch (error) {
      throw packProblem(storageProblem(error, 'The pack could not be unpacked', into), path)
    }
  }
}
