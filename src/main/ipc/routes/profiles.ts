import type { ProfilesApi } from '../../../preload/contract/profiles.ts'
import type { Profiles } from '../../services/profiles.ts'
import { defineRoutes, type Routes } from '../define.ts'
import { runId } from '../parse.ts'

export interface ProfileServices {
  readonly profiles: Profiles
}

export const profilesRoutes = ({ profiles }: ProfileServices): Routes<ProfilesApi> =>
  defineRoutes<ProfilesApi>({
    get: (id) => profiles.get(runId(id)),
    measure: (id) => profiles.measure(runId(id)),
    stop: () => profiles.stop()
  })
