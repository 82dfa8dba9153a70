import type { SupervisionApi } from '../../../preload/contract/supervision.ts'
import type { Supervision } from '../../runs/supervision.ts'
import { defineRoutes, type Routes } from '../define.ts'
import { runDraft, runId } from '../parse.ts'
import { effortRequest, evaluateRequest, moveRequest, smallerRequest } from '../parse/supervision.ts'

export const supervisionRoutes = (supervision: Supervision): Routes<SupervisionApi> =>
  defineRoutes<SupervisionApi>({
    origin: (id) => supervision.origin(runId(id)),
    smaller: (id) => supervision.smaller(runId(id)),
    resumeSmaller: (request) => supervision.resumeSmaller(smallerRequest(request)),
    move: (request) => supervision.move(moveRequest(request)),
    power: () => supervision.power(),
    measure: (draft) => supervision.measure(runDraft(draft)),
    stopMeasuring: () => supervision.stopMeasuring(),
    guessDevice: (draft) => supervision.guessDevice(runDraft(draft)),
    effort: (request) => supervision.effort(effortRequest(request)),
    stopEffort: () => supervision.stopEffort(),
    evaluate: (request, caller) => {
      const { id, file } = evaluateRequest(request)
      return supervision.evaluate(id, caller.fileOf(file, 'table'))
    },
    yaml: (id) => supervision.yaml(runId(id))
  })
