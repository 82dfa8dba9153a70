import type { PersonalApi } from '../../../preload/contract/personal.ts'
import type { KeptMappings } from '../../services/kept-mappings.ts'
import type { PersonalData } from '../../services/personal.ts'
import { defineRoutes, type Routes } from '../define.ts'
import { choicesRequest, cleanVersionRequest, examplesRequest, scanRequest } from '../parse/personal.ts'
import { datasetId } from '../parse.ts'
import { knownFile } from './mappings.ts'

export interface PersonalServices {
  readonly personal: PersonalData
  readonly mappings: KeptMappings
}

export const personalRoutes = ({ personal, mappings }: PersonalServices): Routes<PersonalApi> =>
  defineRoutes<PersonalApi>({
    scan: (id) => personal.scan({ id: datasetId(id) }),
    scanWith: (request) => personal.scan(scanRequest(request)),
    stop: (id) => personal.stop(datasetId(id)),
    examples: (request) => personal.examples(examplesRequest(request)),
    remaining: (request) => personal.remaining(choicesRequest(request)),
    apply: async (request, caller) => {
      const { mapping, ...wish } = cleanVersionRequest(request)
      if (!mapping) return personal.apply({ ...wish, mapping: null })
      const known = mapping.known && (await knownFile(mapping.known, caller, mappings))
      return personal.apply({ ...wish, mapping: { ...mapping, known } })
    }
  })
