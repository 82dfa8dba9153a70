import type { Outbox } from '../../services/outbox.ts'
import { makeDispatch, type Dispatch } from '../dispatch.ts'
import { appRoutes, type AppServices } from './app.ts'
import { compareRoutes, type CompareServices } from './compare.ts'
import { dataRoutes, type DataServices } from './data.ts'
import { modelsRoutes, type ModelServices } from './models.ts'
import { projectsRoutes } from './projects.ts'
import { recordRoutes, type RecordServices } from './record.ts'
import type { Projects } from '../../record/projects.ts'
import { runsRoutes } from './runs.ts'

/** Everything that the routes need. */
export type RouteServices = DataServices &
  ModelServices &
  RecordServices &
  CompareServices & { readonly app: AppServices; readonly outbox: Outbox; readonly projects: Projects }

/** Answers every method of the contract. `log` is told of what is our own fault. */
export function routeAll(services: RouteServices, log: (line: string) => void): Dispatch {
  return makeDispatch(
    {
      app: appRoutes(services.app),
      compare: compareRoutes(services),
      data: dataRoutes(services),
      models: modelsRoutes(services),
      projects: projectsRoutes(services.projects),
      record: recordRoutes(services),
      runs: runsRoutes(services.runs)
    },
    log
  )
}
