import type { DatasheetsApi } from '../../../preload/contract/datasheets.ts'
import type { Datasheets } from '../../services/datasheets.ts'
import { defineRoutes, type Routes } from '../define.ts'
import { datasheetAnswers, datasheetId } from '../parse/datasheets.ts'

export interface DatasheetServices {
  readonly datasheets: Datasheets
}

export const datasheetsRoutes = ({ datasheets }: DatasheetServices): Routes<DatasheetsApi> =>
  defineRoutes<DatasheetsApi>({
    get: (id) => datasheets.get(datasheetId(id)),
    save: (request) => {
      const { id, answers } = datasheetAnswers(request)
      return datasheets.save(id, answers)
    }
  })
