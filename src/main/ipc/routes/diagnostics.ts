import type { Client } from '../../../preload/contract/index.ts'
import type { DiagnosticsApi } from '../../../preload/contract/diagnostics.ts'
import { defineRoutes, type Routes } from '../define.ts'
import { packageName } from '../parse.ts'

export type DiagnosticsServices = Client<DiagnosticsApi>

export const diagnosticsRoutes = (diagnostics: DiagnosticsServices): Routes<DiagnosticsApi> =>
  defineRoutes<DiagnosticsApi>({
    installation: () => diagnostics.installation(),
    licence: (name) => diagnostics.licence(packageName(name)),
    preview: () => diagnostics.preview(),
    save: () => diagnostics.save()
  })
