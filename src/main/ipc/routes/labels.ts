import type { LabelsApi } from '../../../preload/contract/labels.ts'
import type { Labels } from '../../data/labels/labels.ts'
import { defineRoutes, type Routes } from '../define.ts'
import { datasetId } from '../parse.ts'
import {
  classRequest,
  documentRequest,
  labelBookRequest,
  labelPeopleRequest,
  labelRowsRequest,
  markRequest,
  queueRequest,
  renameClassRequest,
  settleLabelRequest,
  skipRequest,
  suggestRequest
} from '../parse/labels.ts'

export interface LabelServices {
  readonly labels: Labels
}

export const labelsRoutes = ({ labels }: LabelServices): Routes<LabelsApi> =>
  defineRoutes<LabelsApi>({
    open: (request) => labels.open(labelBookRequest(request)),
    queue: (request) => labels.queue(queueRequest(request)),
    rows: (request) => labels.rows(labelRowsRequest(request)),
    document: (request) => labels.document(documentRequest(request)),
    mark: (request) => labels.mark(markRequest(request)),
    skip: (request) => labels.skip(skipRequest(request)),
    setClass: (request) => labels.setClass(classRequest(request)),
    renameClass: (request) => labels.renameClass(renameClassRequest(request)),
    suggest: (request) => labels.suggest(suggestRequest(request)),
    agreement: (request) => labels.agreement(labelPeopleRequest(request)),
    settle: (request) => labels.settle(settleLabelRequest(request)),
    use: (id) => labels.use(datasetId(id))
  })
