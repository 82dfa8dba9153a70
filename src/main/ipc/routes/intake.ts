import type { IntakeApi } from '../../../preload/contract/intake.ts'
import type { Datasets } from '../../data/datasets/datasets.ts'
import type { Journal } from '../../record/journal.ts'
import type { RejectedList } from '../../services/rejected-list.ts'
import { defineRoutes, type Routes } from '../define.ts'
import { rejectedRequest } from '../parse/intake.ts'
import { datasetId, fileHandle } from '../parse.ts'

export interface IntakeServices {
  readonly datasets: Datasets
  readonly rejectedList: RejectedList
  readonly journal: Journal
}

export const intakeRoutes = ({ datasets, rejectedList, journal }: IntakeServices): Routes<IntakeApi> =>
  defineRoutes<IntakeApi>({
    openFolder: async (handle, caller) => {
      const { path, name } = caller.fileOf(fileHandle(handle), 'data-folder')
      const dataset = await datasets.openFolder(path, name)
      journal.record('dataset-opened', dataset.id, dataset.rows)
      return dataset
    },
    stop: () => datasets.stopReading(),
    rejected: async (request) => {
      const { id, from, count } = rejectedRequest(request)
      return { from, ...(await datasets.rejected(id, from, count)) }
    },
    saveRejected: async (id) => {
      const saved = await rejectedList.save(datasetId(id))
      journal.record('exported')
      return saved
    }
  })
