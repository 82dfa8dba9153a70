import type { RunsApi } from '../../../preload/contract/runs.ts'
import type { Runs } from '../../runs/runs.ts'
import { defineRoutes, type Routes } from '../define.ts'
import { answerRequest, renameRequest, runDraft, runId } from '../parse.ts'

export const runsRoutes = (runs: Runs): Routes<RunsApi> =>
  defineRoutes<RunsApi>({
    settings: (draft) => runs.settings(runDraft(draft)),
    plan: (draft) => runs.plan(runDraft(draft)),
    yaml: (draft) => runs.yaml(runDraft(draft)),
    start: (draft) => runs.start(runDraft(draft)),
    list: () => runs.list(),
    get: (id) => runs.get(runId(id)),
    curves: (id) => runs.curves(runId(id)),
    log: (id) => runs.log(runId(id)),
    result: (id) => runs.result(runId(id)),
    pause: (id) => runs.pause(runId(id)),
    finish: (id) => runs.finish(runId(id)),
    resume: (id) => runs.resume(runId(id)),
    discard: (id) => runs.discard(runId(id)),
    rename: (request) => runs.rename(renameRequest(request)),
    answer: (request) => runs.answer(answerRequest(request))
  })
