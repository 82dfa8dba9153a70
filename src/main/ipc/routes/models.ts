import type { ModelsApi } from '../../../preload/contract/models.ts'
import type { Models } from '../../library/models.ts'
import { defineRoutes, type Routes } from '../define.ts'
import { fileHandle, modelId } from '../parse.ts'

export interface ModelServices {
  readonly models: Models
  /** Where an added folder is to stay: a copy of it where it lies in a place that will be swept. */
  readonly keepFolder: (folder: string) => Promise<string>
}

export const modelsRoutes = ({ models, keepFolder }: ModelServices): Routes<ModelsApi> =>
  defineRoutes<ModelsApi>({
    list: () => models.list(),
    add: async (file, caller) => {
      const { path, name } = caller.fileOf(fileHandle(file), 'model-folder')
      return models.add(await keepFolder(path), name)
    },
    remove: (id) => models.remove(modelId(id)),
    known: () => models.known()
  })
