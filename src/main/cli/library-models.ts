import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { InputError } from '../base/errors.ts'
import type { AdapterModels } from '../library/adapters.ts'
import { readCopied } from '../library/copied-models.ts'
import { modelsInRecord } from '../tracker/read-models.ts'

type Listed = Awaited<ReturnType<AdapterModels['list']>>[number] & { readonly folder: string }

/** The library's models for a command, whether a window has the data folder open or not: the record's, and copied ones that it does not list. */
export async function libraryModels(dataFolder: string, recordKey: string | undefined): Promise<AdapterModels> {
  const rows = modelsInRecord(join(dataFolder, 'attune.sqlite'), recordKey)
  const ids = new Set(rows.map(({ id }) => id))
  const copied = (await readCopied(join(dataFolder, 'model-notes'))).filter(({ id }) => !ids.has(id))
  const all = await Promise.all([
    ...rows.map(({ id, name, folder, problem }) => stateOf(id as Listed['id'], name, folder, problem)), // Minted by the library.
    ...copied.map(({ id, name }) => stateOf(id, name, join(dataFolder, 'models', id), null))
  ])
  return {
    list: async () => all,
    async folderOf(id) {
      const found = all.find((model) => model.id === id)
      if (found?.state === 'ready') return found.folder
      throw new InputError('model-gone', 'This model is no longer in the list. Add its folder again.')
    }
  }
}

async function stateOf(id: Listed['id'], name: string, folder: string, problem: string | null): Promise<Listed> {
  if (problem !== null) return { id, name, folder, state: 'unusable', problem }
  const isThere = await stat(join(folder, 'config.json')).then(
    (found) => found.isFile(),
    () => false
  )
  if (isThere) return { id, name, folder, state: 'ready', problem: null }
  const sentence = `${name} is not where it was. Connect the drive that it lies on, or add its folder again.`
  return { id, name, folder, state: 'disconnected', problem: sentence }
}
