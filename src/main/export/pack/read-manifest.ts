import { buffer } from 'node:stream/consumers'
import { factOf } from '../check-files.ts'
import { checkManifest, MANIFEST } from '../manifest.ts'
import { packFacts, type PackFacts } from './facts.ts'
import { damagedPack, MOST_MANIFEST_BYTES } from './layout.ts'
import { openPack, packProblem, type OpenPackOptions } from './open-pack.ts'

export interface DescribedPack extends PackFacts {
  /** Of its content. */
  readonly files: number
  readonly bytes: number
  /** The licence of the base model, as its manifest names it, and whether it carries a text of one. */
  readonly licence: { readonly name: string | null; readonly hasText: boolean }
}

/** What a pack's manifest says of it, chain and signature checked; its files are not compared with it. @throws InputError for what is no pack, or damaged */
export async function describePack(path: string, options: OpenPackOptions): Promise<DescribedPack> {
  const pack = await openPack(path, options)
  try {
    if ((pack.files.get(MANIFEST) ?? Infinity) > MOST_MANIFEST_BYTES) throw damagedPack(path)
    const json = await buffer(await pack.read(MANIFEST)).catch((error: unknown) => {
      throw packProblem(error, path)
    })
    const manifest = checkManifest(json.toString('utf8'), MANIFEST)
    const { name, files } = factOf(manifest, 'licence')
    const bytes = [...pack.files.values()].reduce((sum, size) => sum + size, 0)
    return {
      ...packFacts(manifest, pack.holds),
      files: pack.files.size,
      bytes,
      licence: { name: typeof name === 'string' ? name : null, hasText: Array.isArray(files) && files.length > 0 }
    }
  } finally {
    await pack.close()
  }
}
