import type { Outbox } from '../../services/outbox.ts'
import { makeDispatch, type Dispatch } from '../dispatch.ts'
import { appRoutes, type AppServices } from './app.ts'
import { compareRoutes, type CompareServices } from './compare.ts'
import { dataRoutes, type DataServices } from './data.ts'
import { modelsRoutes, type ModelServices } from './models.ts'
import type { Results } from '../../results/results.ts'
import { resultsRoutes } from './results.ts'
import { runsRoutes } from './runs.ts'

/** Everything that the routes need. */
export type RouteServices = DataServices &
  ModelServices &
  CompareServices & { readonly app: AppServices; readonly outbox: Outbox; readonly results: Results }

/** Answers every method of the contract. `log` is told of what is our own fault. */
export function routeAll(services: RouteServices, log: (line: string) => void): Dispatch {
  return makeDispatch(
    {
      app: appRoutes(services.app),
      compare: compareRoutes(services),
      data: dataRoutes(services),
      models: modelsRoutes(services),
      results: resultsRoutes(services.results),
      runs: runsRoutes(services.runs)
    },
    log
  )
}
