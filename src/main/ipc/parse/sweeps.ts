import { z } from 'zod'
import type { SweepId } from '../../../preload/contract/common.ts'
import { branded, draft, parser, setting, settingPath } from '../parse.ts'

export const sweepId = parser(branded<SweepId>('s'))
export const sweepRequest = parser(
  z.strictObject({
    draft,
    axes: z
      .array(z.strictObject({ path: settingPath, values: z.array(setting).max(100) }))
      .min(1)
      .max(2),
    endEarly: z.boolean().optional()
  })
)
export const priorRequest = parser(z.strictObject({ draft, paths: z.array(settingPath).max(2) }))
