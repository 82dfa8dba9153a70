import type { KnownMapping, MappingsApi } from '../../../preload/contract/mappings.ts'
import type { Journal } from '../../record/journal.ts'
import type { KeptMappings } from '../../services/kept-mappings.ts'
import { defineRoutes, type Caller, type Routes } from '../define.ts'
import { datasetId } from '../parse.ts'

export interface MappingServices {
  readonly mappings: KeptMappings
  readonly journal: Journal
}

/** Where a mapping that is gone on from lies, and what its owner calls it. Throws an InputError where it is not there any more. */
export async function knownFile(
  known: KnownMapping,
  caller: Caller,
  mappings: KeptMappings
): Promise<{ readonly path: string; readonly name: string }> {
  return 'file' in known ? caller.fileOf(known.file, 'mapping') : mappings.pathOf(known.dataset)
}

export const mappingsRoutes = ({ mappings, journal }: MappingServices): Routes<MappingsApi> =>
  defineRoutes<MappingsApi>({
    list: () => mappings.list(),
    of: (id) => mappings.of(datasetId(id)),
    save: async (id) => {
      const saved = await mappings.save(datasetId(id))
      journal.record('exported')
      return saved
    },
    destroy: (id) => mappings.destroy(datasetId(id))
  })
