import type { PacksApi } from '../../../preload/contract/packs.ts'
import type { Packs } from '../../library/packs.ts'
import type { Journal } from '../../record/journal.ts'
import { defineRoutes, type Routes } from '../define.ts'
import { packId, packToOpen } from '../parse/packs.ts'

export interface PackServices {
  readonly packs: Packs
}

export const packsRoutes = ({ packs, journal }: PackServices & { readonly journal: Journal }): Routes<PacksApi> =>
  defineRoutes<PacksApi>({
    open: (request, caller) => {
      const { file, passphrase } = packToOpen(request)
      return packs.open(caller.fileOf(file, 'pack'), passphrase)
    },
    stop: () => packs.stop(),
    keep: async (id) => {
      const kept = await packs.keep(packId(id))
      if (!kept.isKnown) journal.record('model-added', 'model' in kept ? kept.model.id : kept.adapter.id)
      return kept
    },
    drop: (id) => packs.drop(packId(id))
  })
