import type { Outbox } from '../../services/outbox.ts'
import { makeDispatch, type Dispatch } from '../dispatch.ts'
import { appRoutes, type AppServices } from './app.ts'
import { compareRoutes, type CompareServices } from './compare.ts'
import { dataRoutes, type DataServices } from './data.ts'
import { labelsRoutes, type LabelServices } from './labels.ts'
import { modelsRoutes, type ModelServices } from './models.ts'
import { runsRoutes } from './runs.ts'

/** Everything that the routes need. */
export type RouteServices = DataServices &
  LabelServices &
  ModelServices &
  CompareServices & { readonly app: AppServices; readonly outbox: Outbox }

/** Answers every method of the contract. `log` is told of what is our own fault. */
export function routeAll(services: RouteServices, log: (line: string) => void): Dispatch {
  return makeDispatch(
    {
      app: appRoutes(services.app),
      compare: compareRoutes(services),
      data: dataRoutes(services),
      labels: labelsRoutes(services),
      models: modelsRoutes(services),
      runs: runsRoutes(services.runs)
    },
    log
  )
}
