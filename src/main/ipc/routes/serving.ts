import type { ServingApi } from '../../../preload/contract/serving.ts'
import type { Journal } from '../../record/journal.ts'
import type { Serving } from '../../services/serving/serving.ts'
import { defineRoutes, type Routes } from '../define.ts'
import { servingStart } from '../parse/serving.ts'

export interface ServingServices {
  readonly serving: Serving
  readonly journal: Journal
}

export const servingRoutes = ({ serving, journal }: ServingServices): Routes<ServingApi> =>
  defineRoutes<ServingApi>({
    status: () => serving.status,
    start: async (request) => {
      const wanted = servingStart(request)
      const status = await serving.start(wanted)
      journal.record('serving-started', wanted.of)
      return status
    },
    stop: () => serving.stop()
  })
