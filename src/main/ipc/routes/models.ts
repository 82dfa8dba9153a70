import type { ModelsApi } from '../../../preload/contract/models.ts'
import type { Models } from '../../library/models.ts'
import type { Journal } from '../../record/journal.ts'
import { defineRoutes, type Routes } from '../define.ts'
import { fileHandle, modelId } from '../parse.ts'

export interface ModelServices {
  readonly models: Models
  /** Where an added folder is to stay: a copy of it where it lies in a place that will be swept. */
  readonly keepFolder: (folder: string) => Promise<string>
  readonly journal: Journal
}

export const modelsRoutes = ({ models, keepFolder, journal }: ModelServices): Routes<ModelsApi> =>
  defineRoutes<ModelsApi>({
    list: () => models.list(),
    add: async (file, caller) => {
      const { path, name } = caller.fileOf(fileHandle(file), 'model-folder')
      const model = await models.add(await keepFolder(path), name)
      journal.record('model-added', model.id)
      return model
    },
    remove: (value) => {
      const id = modelId(value)
      models.remove(id)
      journal.record('model-removed', id)
    },
    known: () => models.known()
  })
