import { z } from 'zod'
import type { AdapterId, ModelId, RunId } from '../../../preload/contract/common.ts'
import type { ExportId } from '../../../preload/contract/exports.ts'
import { branded, parser } from '../parse.ts'

const served = z.union([branded<RunId>('r'), branded<ModelId>('m'), branded<AdapterId>('a'), branded<ExportId>('e')])

export const servingStart = parser(
  // Ports below are the system's own.
  z.strictObject({ of: served, port: z.number().int().min(1024).max(65_535).nullable() })
)
