import type { PassagesApi } from '../../../preload/contract/passages.ts'
import type { PassageResults } from '../../results/passages/passages.ts'
import { defineRoutes, type Routes } from '../define.ts'
import { runId } from '../parse.ts'
import { passageDocument, passageRequest, passageToJudge } from '../parse/passages.ts'
import { groupsRequest } from '../parse/results.ts'

export const passagesRoutes = (passages: PassageResults): Routes<PassagesApi> =>
  defineRoutes<PassagesApi>({
    review: (id) => passages.review(runId(id)),
    errors: (request) => passages.errors(passageRequest(request)),
    document: (request) => passages.document(passageDocument(request)),
    judge: (request) => passages.judge(passageToJudge(request)),
    revise: (id) => passages.revise(runId(id)),
    groups: (request) => passages.groups(groupsRequest(request))
  })
