import type { PersonalApi } from '../../../preload/contract/personal.ts'
import type { PersonalData } from '../../services/personal.ts'
import { defineRoutes, type Routes } from '../define.ts'
import { choicesRequest, examplesRequest, scanRequest } from '../parse/personal.ts'
import { datasetId } from '../parse.ts'

export interface PersonalServices {
  readonly personal: PersonalData
}

export const personalRoutes = ({ personal }: PersonalServices): Routes<PersonalApi> =>
  defineRoutes<PersonalApi>({
    scan: (id) => personal.scan({ id: datasetId(id) }),
    scanWith: (request) => personal.scan(scanRequest(request)),
    stop: (id) => personal.stop(datasetId(id)),
    examples: (request) => personal.examples(examplesRequest(request)),
    remaining: (request) => personal.remaining(choicesRequest(request)),
    apply: (request) => personal.apply(choicesRequest(request))
  })
