import type { Domains } from '../../../preload/contract/index.ts'
import type { Outbox } from '../../services/outbox.ts'
import type { AnyRoutes } from '../define.ts'
import { makeDispatch, type ListedDispatch } from '../dispatch.ts'
import { adaptersRoutes, type AdapterServices } from './adapters.ts'
import { cardsRoutes, type CardServices } from './cards.ts'
import { appRoutes, type AppServices } from './app.ts'
import { devicesRoutes, type DeviceServices } from './devices.ts'
import { diagnosticsRoutes, type DiagnosticsServices } from './diagnostics.ts'
import { draftsRoutes, type DraftServices } from './drafts.ts'
import { exportsRoutes, type ExportServices } from './exports.ts'
import { compareRoutes, type CompareServices } from './compare.ts'
import { copiesRoutes, type CopiesServices } from './copies.ts'
import { dataRoutes, type DataServices } from './data.ts'
import { datasheetsRoutes, type DatasheetServices } from './datasheets.ts'
import { intakeRoutes, type IntakeServices } from './intake.ts'
import { libraryRoutes, type LibraryServices } from './library.ts'
import { labelsRoutes, type LabelServices } from './labels.ts'
import { lengthsRoutes, type LengthServices } from './lengths.ts'
import { mappingsRoutes, type MappingServices } from './mappings.ts'
import { markingRoutes, type MarkingServices } from './marking.ts'
import { modelsRoutes, type ModelServices } from './models.ts'
import { packsRoutes, type PackServices } from './packs.ts'
import { passagesRoutes } from './passages.ts'
import { personalRoutes, type PersonalServices } from './personal.ts'
import { profilesRoutes, type ProfileServices } from './profiles.ts'
import { projectsRoutes } from './projects.ts'
import { questionsRoutes } from './questions.ts'
import { recordRoutes, type RecordServices } from './record.ts'
import type { Projects } from '../../record/projects.ts'
import type { Results } from '../../results/results.ts'
import { resultsRoutes } from './results.ts'
import { runsRoutes } from './runs.ts'
import { scrutinyRoutes, type ScrutinyServices } from './scrutiny.ts'
import { servingRoutes, type ServingServices } from './serving.ts'
import { supervisionRoutes } from './supervision.ts'
import { sweepsRoutes, type SweepServices } from './sweeps.ts'
import { useRoutes, type UseServices } from './use.ts'
import { vaultRoutes, type VaultServices } from './vault.ts'

/** Everything that the routes need. */
export interface RouteServices
  extends
    AdapterServices,
    CardServices,
    CopiesServices,
    DataServices,
    DatasheetServices,
    DeviceServices,
    IntakeServices,
    LabelServices,
    LibraryServices,
    LengthServices,
    MappingServices,
    MarkingServices,
    ModelServices,
    PackServices,
    PersonalServices,
    ProfileServices,
    CompareServices,
    DraftServices,
    ExportServices,
    RecordServices,
    ScrutinyServices,
    ServingServices,
    SweepServices,
    UseServices {
  readonly app: AppServices
  readonly outbox: Outbox
  readonly results: Results
  readonly diagnostics: DiagnosticsServices
  readonly vault: VaultServices
  readonly projects: Projects
}

/** The routes of every domain of the contract but storage, whose routes answer while the data folder is closed too. */
export const allRoutes = (services: RouteServices): Readonly<Record<Exclude<keyof Domains, 'storage'>, AnyRoutes>> => ({
  adapters: adaptersRoutes(services),
  app: appRoutes(services.app),
  cards: cardsRoutes(services),
  compare: compareRoutes(services),
  copies: copiesRoutes(services),
  data: dataRoutes(services),
  datasheets: datasheetsRoutes(services),
  devices: devicesRoutes(services),
  diagnostics: diagnosticsRoutes(services.diagnostics),
  drafts: draftsRoutes(services),
  exports: exportsRoutes(services),
  intake: intakeRoutes(services),
  labels: labelsRoutes(services),
  lengths: lengthsRoutes(services),
  mappings: mappingsRoutes(services),
  marking: markingRoutes(services),
  library: libraryRoutes(services),
  models: modelsRoutes(services),
  packs: packsRoutes(services),
  passages: passagesRoutes(services.results.passages),
  personal: personalRoutes(services),
  profiles: profilesRoutes(services),
  projects: projectsRoutes(services.projects),
  questions: questionsRoutes(services.results.questions),
  record: recordRoutes(services),
  results: resultsRoutes(services.results, services.journal),
  runs: runsRoutes(services.runs),
  scrutiny: scrutinyRoutes(services),
  serving: servingRoutes(services),
  supervision: supervisionRoutes(services.runs.supervision),
  sweeps: sweepsRoutes(services),
  use: useRoutes(services),
  vault: vaultRoutes(services.vault)
})

/** Answers every method of the contract. `log` is told of what is our own fault. */
export const routeAll = (services: RouteServices, log: (line: string) => void): ListedDispatch =>
  makeDispatch(allRoutes(services), log)

/** Every channel of the contract, before anything is open: routes ask their services when they are called, not when they are made. */
export function allChannels(): readonly string[] {
  const standIn: unknown = new Proxy({}, { get: () => standIn })
  return makeDispatch(allRoutes(standIn as RouteServices), () => undefined).channels // Nothing is called on it.
}
