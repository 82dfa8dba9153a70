import type { DataApi, DatasetSummary } from '../../../preload/contract/data.ts'
import { InputError } from '../../base/errors.ts'
import type { Datasets } from '../../data/datasets/datasets.ts'
import type { DatasetFindings } from '../../data/datasets/finding-service.ts'
import type { Bin } from '../../record/bin.ts'
import type { Journal } from '../../record/journal.ts'
import type { Runs } from '../../runs/runs.ts'
import { defineRoutes, type Routes } from '../define.ts'
import {
  fileHandles,
  findingRequest,
  fixRequest,
  readFileRequest,
  readRequest,
  revisionRequest,
  splitRequest,
  testOnRequest
} from '../parse/data.ts'
import { datasetId, fileHandle, rolesRequest, rowsRequest, sampleId } from '../parse.ts'

export interface DataServices {
  readonly datasets: Datasets
  readonly findings: DatasetFindings
  readonly runs: Runs
  readonly bin: Bin
  readonly journal: Journal
}

export const dataRoutes = ({ datasets, findings, runs, bin, journal }: DataServices): Routes<DataApi> => {
  const opened = async (opening: Promise<DatasetSummary>): Promise<DatasetSummary> => {
    const dataset = await opening
    journal.record('dataset-opened', dataset.id, dataset.rows)
    return dataset
  }
  return defineRoutes<DataApi>({
    samples: () => datasets.samples(),
    openSample: (id) => opened(datasets.openSample(sampleId(id))),
    open: (file, caller) => {
      const { path, name } = caller.fileOf(fileHandle(file), 'table')
      return opened(datasets.open(path, name))
    },
    previewFile: (request, caller) => {
      const { file, read } = readFileRequest(request)
      const { path, name } = caller.fileOf(file, 'table')
      return datasets.previewFile(path, name, read)
    },
    openAs: (request, caller) => {
      const { file, read } = readFileRequest(request)
      const { path, name } = caller.fileOf(file, 'table')
      return opened(datasets.open(path, name, read))
    },
    openDocuments: (files, caller) => datasets.openDocuments(fileHandles(files).map((file) => caller.fileOf(file, 'table'))),
    list: () => datasets.list(),
    get: (id) => datasets.get(datasetId(id)),
    rows: (request) => datasets.rows(rowsRequest(request)),
    setRoles: (request) => {
      const { id, roles } = rolesRequest(request)
      journal.record('roles-changed', id)
      return datasets.setRoles(id, roles)
    },
    setSplit: (request) => {
      const { id, split } = splitRequest(request)
      return datasets.setSplit(id, split)
    },
    revise: (request) => datasets.revise(revisionRequest(request)),
    testOn: (request) => datasets.testOn(testOnRequest(request)),
    findingRows: (request) => findings.rows(findingRequest(request)),
    fix: (request) => findings.fix(fixRequest(request)),
    preview: (request) => datasets.preview(readRequest(request)),
    reread: (request) => datasets.reread(readRequest(request)),
    versions: (id) => datasets.versions(datasetId(id)),
    report: (id) => datasets.report(datasetId(id)),
    remove: (value) => {
      const id = datasetId(value)
      const [first] = runs.using(id)
      if (first !== undefined)
        throw new InputError('dataset-in-use', `The run '${first}' still needs these data. Discard it first, or let it finish.`)
      return bin.discardDataset(id)
    }
  })
}
