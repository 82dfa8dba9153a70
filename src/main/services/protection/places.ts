import { join } from 'node:path'
import type { SealedPlace } from '../../base/sealed/key-ring.ts'

/** A folder whose files get the key of their own project. */
export interface ProjectPlace {
  readonly folder: string
  readonly keyId: string
}

/**
 * What is encrypted in a data folder: everything in its folders, but for weights that others have published (the computing library maps their files) and
 * what waits to be saved as a plain file, and what the window keeps of itself. Files at the top are read before there is a key: the keys themselves, the lock, the settings of this.
 */
export function sealedPlaces(dataFolder: string, ownKey: string, projects: readonly ProjectPlace[] = []): readonly SealedPlace[] {
  const except = [
    join(dataFolder, 'models'),
    join(dataFolder, 'cache', 'weights'),
    join(dataFolder, 'outbox'),
    join(dataFolder, 'shell')
  ]
  return [
    { folder: dataFolder, except, sparesTop: true, keyId: ownKey },
    ...projects.map(({ folder, keyId }) => ({ folder, except: [], sparesTop: false, keyId }))
  ]
}
