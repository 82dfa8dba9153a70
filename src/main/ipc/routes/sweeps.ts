import type { SweepsApi } from '../../../preload/contract/sweeps.ts'
import type { Sweeps } from '../../runs/sweeps.ts'
import { defineRoutes, type Routes } from '../define.ts'
import { runId } from '../parse.ts'
import { priorRequest, sweepId, sweepRequest } from '../parse/sweeps.ts'

export interface SweepServices {
  readonly sweeps: Sweeps
}

export const sweepsRoutes = ({ sweeps }: SweepServices): Routes<SweepsApi> =>
  defineRoutes<SweepsApi>({
    plan: (request) => sweeps.plan(sweepRequest(request)),
    prior: (request) => sweeps.prior(priorRequest(request)),
    start: (request) => sweeps.start(sweepRequest(request)),
    get: (id) => sweeps.get(sweepId(id)),
    pause: (id) => sweeps.pause(sweepId(id)),
    resume: (id) => sweeps.resume(sweepId(id)),
    stop: (id) => sweeps.stop(sweepId(id)),
    discard: (id) => sweeps.discard(sweepId(id)),
    test: (id) => sweeps.test(runId(id))
  })
