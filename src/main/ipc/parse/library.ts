import { z } from 'zod'
import type { FileHandle, ModelId } from '../../../preload/contract/common.ts'
import { branded, dataset, parser } from '../parse.ts'

export const bringRequest = parser(z.strictObject({ folder: branded<FileHandle>('f'), place: z.enum(['referenced', 'copied']) }))
export const fitRequest = parser(z.strictObject({ model: branded<ModelId>('m'), dataset }))
