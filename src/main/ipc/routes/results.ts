import type { ResultsApi } from '../../../preload/contract/results.ts'
import type { Journal } from '../../record/journal.ts'
import type { Results } from '../../results/results.ts'
import { defineRoutes, type Routes } from '../define.ts'
import { runId } from '../parse.ts'
import {
  everyThreshold,
  groupsRequest,
  personToFix,
  reviewRequest,
  textToAttribute,
  thresholdsRequest,
  thresholdToDrop,
  thresholdToFix,
  verdictToGive
} from '../parse/results.ts'

export const resultsRoutes = (results: Results, journal: Pick<Journal, 'record'>): Routes<ResultsApi> =>
  defineRoutes<ResultsApi>({
    review: (id) => results.review(runId(id)),
    rows: (request) => results.rows(reviewRequest(request)),
    reportPage: (id) => results.reportPage(runId(id)),
    reportFile: (id) => results.reportFile(runId(id)),
    calibration: (id) => results.calibration(runId(id)),
    groups: (request) => results.groups(groupsRequest(request)),
    judge: (request) => results.judge(verdictToGive(request)),
    revise: (id) => results.revise(runId(id)),
    attribute: (request) => results.attribute(textToAttribute(request)),
    thresholds: (request) => results.deciding.thresholds(thresholdsRequest(request)),
    fixThreshold: async (request) => {
      const wanted = thresholdToFix(request)
      const fixed = await results.deciding.fixThreshold(wanted)
      journal.record('threshold-fixed', wanted.id)
      return fixed
    },
    fixEvery: async (request) => {
      const wanted = everyThreshold(request)
      const fixed = await results.deciding.fixEvery(wanted)
      journal.record('threshold-fixed', wanted.id)
      return fixed
    },
    dropThreshold: (request) => results.deciding.dropThreshold(thresholdToDrop(request)),
    fixPerson: (request) => results.deciding.fixPerson(personToFix(request))
  })
