import type { QuestionsApi } from '../../../preload/contract/questions.ts'
import type { QuestionResults } from '../../results/questions/questions.ts'
import { defineRoutes, type Routes } from '../define.ts'
import { runId } from '../parse.ts'
import { questionDocument, questionRequest, questionToJudge } from '../parse/questions.ts'
import { groupsRequest } from '../parse/results.ts'

export const questionsRoutes = (questions: QuestionResults): Routes<QuestionsApi> =>
  defineRoutes<QuestionsApi>({
    review: (id) => questions.review(runId(id)),
    errors: (request) => questions.errors(questionRequest(request)),
    document: (request) => questions.document(questionDocument(request)),
    judge: (request) => questions.judge(questionToJudge(request)),
    revise: (id) => questions.revise(runId(id)),
    groups: (request) => questions.groups(groupsRequest(request))
  })
