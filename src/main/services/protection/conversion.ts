import { join, relative, sep } from 'node:path'
import { messageOf } from '../../base/errors.ts'
import { filesToSeal, sealInPlace } from '../../base/sealed/convert.ts'
import type { Conversion } from '../../../preload/contract/vault.ts'

/**
 * Encrypts the files of a data folder that are still plain, or that have the key of another place, one after the other; those of destroyed keys go. What was cut short goes on at the next call. `onProgress` hears how far
 * it has come, and null when everything is done.
 */
export async function encryptFiles(
  dataFolder: string,
  destroyed: ReadonlySet<string>,
  onProgress: (state: Conversion | null) => void
): Promise<void> {
  const paths: string[] = []
  let done = 0
  try {
    for await (const path of filesToSeal(dataFolder, destroyed)) if (!isModelUpload(dataFolder, path)) paths.push(path)
    if (paths.length > 0) onProgress({ done, total: paths.length, failure: null })
    for (const path of paths) {
      await sealInPlace(path)
      onProgress({ done: ++done, total: paths.length, failure: null })
    }
    onProgress(null)
  } catch (error) {
    onProgress({ done, total: paths.length, failure: `Some files are not encrypted yet: ${messageOf(error)}` })
  }
}

/** The files of a model that a page has just brought are about to be moved to where models stay. */
function isModelUpload(dataFolder: string, path: string): boolean {
  const way = relative(join(dataFolder, 'quarantine'), path)
  return !way.startsWith('..') && way.includes(sep)
}
