import type { AppApi, AppFacts, PrivacyCheck } from '../../../preload/contract/app.ts'
import { defineRoutes, type Routes } from '../define.ts'

export interface AppServices {
  readonly facts: () => Promise<AppFacts>
  readonly privacy: () => Promise<readonly PrivacyCheck[]>
}

export const appRoutes = (app: AppServices): Routes<AppApi> =>
  defineRoutes<AppApi>({
    facts: () => app.facts(),
    privacy: () => app.privacy()
  })
