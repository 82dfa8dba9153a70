import type { ModelsApi } from '../../../preload/contract/models.ts'
import type { Library } from '../../library/library.ts'
import type { Models } from '../../library/models.ts'
import { defineRoutes, type Routes } from '../define.ts'
import { modelId } from '../parse.ts'

export interface ModelServices {
  readonly models: Models
  readonly library: Library
}

export const modelsRoutes = ({ models, library }: ModelServices): Routes<ModelsApi> =>
  defineRoutes<ModelsApi>({
    list: () => models.list(),
    remove: (id) => library.remove(modelId(id)),
    known: () => models.known()
  })
