import type { AdapterSummary, Feasibility, LibraryApi, ModelFit } from '../../../preload/contract/library.ts'
import type { DatasetId, ModelId } from '../../../preload/contract/common.ts'
import type { Library } from '../../library/library.ts'
import type { Journal } from '../../record/journal.ts'
import { defineRoutes, type Routes } from '../define.ts'
import { bringRequest, fitRequest } from '../parse/library.ts'
import { fileHandle, modelId } from '../parse.ts'

export interface LibraryServices {
  readonly library: Library
  readonly fit: (model: ModelId, dataset: DatasetId) => Promise<ModelFit>
  readonly feasibility: (model: ModelId) => Promise<Feasibility>
  readonly adapters: () => Promise<readonly AdapterSummary[]>
}

export const libraryRoutes = ({
  library,
  journal,
  fit,
  feasibility,
  adapters
}: LibraryServices & { readonly journal: Journal }): Routes<LibraryApi> =>
  defineRoutes<LibraryApi>({
    look: (folder, caller) => library.look(caller.fileOf(fileHandle(folder), 'model-folder')),
    bring: async (request, caller) => {
      const { folder, place } = bringRequest(request)
      const brought = await library.bring(caller.fileOf(folder, 'model-folder'), place)
      if (!brought.isKnown) journal.record('model-added', brought.model.id)
      return brought
    },
    stop: () => library.stop(),
    details: (id) => library.details(modelId(id)),
    verify: (id) => library.verify(modelId(id)),
    fit: (request) => {
      const { model, dataset } = fitRequest(request)
      return fit(model, dataset)
    },
    feasibility: (id) => feasibility(modelId(id)),
    adapters: () => adapters()
  })
