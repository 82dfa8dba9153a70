import type { ModelsApi } from '../../../preload/contract/models.ts'
import type { Library } from '../../library/library.ts'
import type { Models } from '../../library/models.ts'
import type { Journal } from '../../record/journal.ts'
import { defineRoutes, type Routes } from '../define.ts'
import { modelId } from '../parse.ts'

export interface ModelServices {
  readonly models: Models
  readonly library: Library
  readonly journal: Journal
}

export const modelsRoutes = ({ models, library, journal }: ModelServices): Routes<ModelsApi> =>
  defineRoutes<ModelsApi>({
    list: () => models.list(),
    remove: async (value) => {
      const id = modelId(value)
      await library.remove(id)
      journal.record('model-removed', id)
    },
    known: () => models.known()
  })
