import { defined } from '../../base/assert.ts'
import type { Sealing } from '../../base/sealed/key-ring.ts'
import type { DataKey } from '../../vault/data-keys.ts'
import type { Vault } from '../../vault/vault.ts'
import { sealedPlaces } from './places.ts'
import type { ProjectKeys } from './project-keys.ts'

/** What a process seals in a data folder whose vault is open, and with which keys; `passing` seals what is emptied at every start. */
export function sealingOf(
  vault: Vault,
  projectKeys: ProjectKeys,
  dataFolder: string,
  passing: DataKey
): Pick<Sealing, 'places' | 'keys' | 'home' | 'projects'> {
  const own = defined(vault.keyOf('own'), 'the key of the files')
  return {
    places: sealedPlaces(dataFolder, own.id, passing.id),
    keys: [...vault.fileKeys(), passing],
    home: dataFolder,
    ...projectKeys.sealing()
  }
}
