import type { MarkingApi } from '../../../preload/contract/marking.ts'
import type { Marking } from '../../data/marking/marking.ts'
import { defineRoutes, type Routes } from '../define.ts'
import { datasetId } from '../parse.ts'
import {
  finishRequest,
  kindRequest,
  markBookRequest,
  markChangeRequest,
  markLineRequest,
  markQueueRequest,
  markRowsRequest,
  noteRequest,
  opinionsRequest,
  overlapRequest,
  renameKindRequest,
  renameKindsRequest,
  settleRequest,
  skipMarksRequest,
  suggestMarksRequest,
  twoPeopleRequest,
  wayRequest
} from '../parse/marking.ts'

export interface MarkingServices {
  readonly marking: Marking
}

export const markingRoutes = ({ marking }: MarkingServices): Routes<MarkingApi> =>
  defineRoutes<MarkingApi>({
    way: (id) => marking.way(datasetId(id)),
    setWay: (request) => marking.setWay(wayRequest(request)),
    open: (request) => marking.open(markBookRequest(request)),
    queue: (request) => marking.queue(markQueueRequest(request)),
    rows: (request) => marking.rows(markRowsRequest(request)),
    document: (request) => marking.document(markLineRequest(request)),
    change: (request) => marking.change(markChangeRequest(request)),
    finish: (request) => marking.finish(finishRequest(request)),
    skip: (request) => marking.skip(skipMarksRequest(request)),
    setKind: (request) => marking.setKind(kindRequest(request)),
    renameKind: (request) => marking.renameKind(renameKindRequest(request)),
    renameKinds: (request) => marking.renameKinds(renameKindsRequest(request)),
    setOverlap: (request) => marking.setOverlap(overlapRequest(request)),
    setNote: (request) => marking.setNote(noteRequest(request)),
    suggest: (request) => marking.suggest(suggestMarksRequest(request)),
    agreement: (request) => marking.agreement(twoPeopleRequest(request)),
    opinions: (request) => marking.opinions(opinionsRequest(request)),
    settle: (request) => marking.settle(settleRequest(request)),
    use: (id) => marking.use(datasetId(id))
  })
