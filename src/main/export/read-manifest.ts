import { join } from 'node:path'
import { InputError, systemCodeOf } from '../base/errors.ts'
import { readFile } from '../base/sealed/fs.ts'
import { checkManifest, MANIFEST, type Manifest } from './manifest.ts'

/** The manifest of an export's folder, its chain and signature checked. @throws InputError where there is none, or it was changed */
export async function readManifest(folder: string): Promise<Manifest> {
  const file = join(folder, MANIFEST)
  let json: string
  try {
    json = await readFile(file, 'utf8')
  } catch (error) {
    if (systemCodeOf(error) !== 'ENOENT' && systemCodeOf(error) !== 'ENOTDIR') throw error
    const sentence = `${folder} has no manifest.json: it is no export of Attune, or the file was taken out.`
    throw new InputError('verify-no-manifest', sentence, { file: folder }, { cause: error })
  }
  return checkManifest(json, file)
}
