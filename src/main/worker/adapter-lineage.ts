import { readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { systemCodeOf } from '../base/errors.ts'
import { sha256OfFile } from '../base/files.ts'
import { licenceOf, readLicence, type Licence } from '../base/licence/read-licence.ts'
import type { RunConfig } from '../config/config-types.ts'
import { isAdapterFolder } from '../engine/training/adapter-folder.ts'
import { ADAPTER_INSIDE } from './adapter-start.ts'

/** The adapter that a run went on from. */
export interface AdapterLineage {
  /** Its folder's name. */
  readonly name: string
  readonly licence: Licence
  /** Empty where the folder is no longer there. */
  readonly files: readonly { readonly name: string; readonly bytes: number; readonly sha256: string }[]
}

const adapterFile = /^adapter_(?:config\.json|model\.safetensors)$/

/** Which adapter a run went on from, with its licence and its files' hashes; null where it went on from none. */
export async function adapterLineage({ method }: RunConfig, signal: AbortSignal): Promise<AdapterLineage | null> {
  if (method.type !== 'lora' || !method.from_adapter) return null
  const folder = (await isAdapterFolder(method.from_adapter)) ? method.from_adapter : join(method.from_adapter, ADAPTER_INSIDE)
  const name = basename(method.from_adapter)
  const names = await readdir(folder).catch((error: unknown) => {
    if (systemCodeOf(error) === 'ENOENT') return null
    throw error
  })
  if (names === null) return { name, licence: licenceOf(null, null), files: [] }
  const files: AdapterLineage['files'][number][] = []
  for (const file of names.filter((each) => adapterFile.test(each)).sort()) {
    const path = join(folder, file)
    files.push({ name: file, bytes: (await stat(path)).size, sha256: await sha256OfFile(path, signal) })
  }
  return { name, licence: await readLicence(folder), files }
}
