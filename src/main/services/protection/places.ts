import { join } from 'node:path'
import type { SealedPlace } from '../../base/sealed/key-ring.ts'

/** Folders that are emptied at every start. */
const passing = ['quarantine', 'temporary', 'use']

/**
 * What is encrypted in a data folder: everything in its folders, but for weights that others have published (the computing library maps their files) and
 * what waits to be saved as a plain file, and what the window keeps of itself. What is emptied at every start has a key that is kept nowhere. Files at the top are read before there is a key: the keys themselves, the lock, the settings of this.
 */
export function sealedPlaces(dataFolder: string, ownKey: string, passingKey: string): readonly SealedPlace[] {
  const except = [
    join(dataFolder, 'models'),
    join(dataFolder, 'cache', 'weights'),
    join(dataFolder, 'outbox'),
    join(dataFolder, 'shell')
  ]
  return [
    { folder: dataFolder, except, sparesTop: true, keyId: ownKey },
    ...passing.map((name) => ({ folder: join(dataFolder, name), except: [], sparesTop: false, keyId: passingKey }))
  ]
}
