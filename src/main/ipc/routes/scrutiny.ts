import type { ScrutinyApi } from '../../../preload/contract/scrutiny.ts'
import type { Scrutiny } from '../../services/scrutiny.ts'
import { defineRoutes, type Routes } from '../define.ts'
import { datasetId } from '../parse.ts'

export interface ScrutinyServices {
  readonly scrutiny: Scrutiny
}

export const scrutinyRoutes = ({ scrutiny }: ScrutinyServices): Routes<ScrutinyApi> =>
  defineRoutes<ScrutinyApi>({
    known: (id) => scrutiny.known(datasetId(id)),
    look: (id) => scrutiny.look(datasetId(id)),
    stop: (id) => scrutiny.stop(datasetId(id))
  })
