import type { ExportsApi } from '../../../preload/contract/exports.ts'
import type { Journal } from '../../record/journal.ts'
import type { Exporting } from '../../runs/exporting/exporting.ts'
import { defineRoutes, type Routes } from '../define.ts'
import { exportCheck, exportedRun, exportFolder, exportId, exportPlace, exportReview, exportStart } from '../parse/exports.ts'

export interface ExportServices {
  readonly exporting: Exporting
  readonly journal: Journal
}

export const exportsRoutes = ({ exporting, journal }: ExportServices): Routes<ExportsApi> =>
  defineRoutes<ExportsApi>({
    options: (run) => exporting.options(exportedRun(run)),
    place: (to, caller) => exporting.place(caller.fileOf(exportPlace(to), 'folder').path),
    start: async (request, caller) => {
      const { to, ...wanted } = exportStart(request)
      const summary = await exporting.start(wanted, to && caller.fileOf(to, 'folder').path)
      journal.record('exported', wanted.run)
      return summary
    },
    stop: (id) => exporting.stop(exportId(id)),
    list: (run) => exporting.list(exportedRun(run)),
    made: () => exporting.made(),
    verify: (id) => exporting.verify(exportId(id)),
    packs: (folder, caller) => exporting.packs(caller.fileOf(exportFolder(folder), 'folder').path),
    check: (request, caller) => {
      const { folder, dataset, ...pack } = exportCheck(request)
      return exporting.check({ folder: caller.fileOf(folder, 'folder').path, ...pack }, dataset)
    },
    review: (request, caller) => {
      const { of, ...statement } = exportReview(request)
      return exporting.review('id' in of ? of : { ...of, folder: caller.fileOf(of.folder, 'folder').path }, statement)
    },
    forget: (id) => exporting.forget(exportId(id))
  })
