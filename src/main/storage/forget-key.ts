import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { ifThere } from '../base/if-there.ts'
import { withoutDataKey } from '../vault/data-keys.ts'
import { readKeysFile, replaceKeysFile } from '../vault/keys-file.ts'
import { listAgain } from './backup.ts'

const KEYS = 'keys.json'

/**
 * Takes a destroyed key out of every copy of the data folder that lies beside it: backups in their usual place, and what restoring has set aside. Copies
 * that were made elsewhere are not known and keep it.
 */
export async function forgetKeyInCopies(
  dataFolder: string,
  { name, id }: { readonly name: string; readonly id: string }
): Promise<void> {
  for (const folder of await copiesOf(dataFolder)) {
    const path = join(folder, KEYS)
    // A copy whose keys cannot be read opens nothing either.
    const file = await readKeysFile(path).catch(() => null)
    if (file?.keys[name]?.id !== id) continue
    await replaceKeysFile(path, withoutDataKey(file, name, true))
    await listAgain(folder, KEYS)
  }
}

async function copiesOf(dataFolder: string): Promise<readonly string[]> {
  const [parent, backups] = [dirname(dataFolder), `${dataFolder}-backups`]
  const asides = ((await ifThere(readdir(parent))) ?? []).filter((name) =>
    name.startsWith(`${basename(dataFolder)}-before-restore-`)
  )
  const kept = (await ifThere(readdir(backups))) ?? []
  return [...asides.map((name) => join(parent, name)), ...kept.map((name) => join(backups, name))]
}
