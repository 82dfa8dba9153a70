import { z } from 'zod'
import type { AdapterId, FileHandle, ModelId } from '../../../preload/contract/common.ts'
import { branded, parser } from '../parse.ts'

const id = branded<AdapterId>('a')

export const adapterId = parser(id)
export const adapterBringRequest = parser(
  z.strictObject({
    folder: branded<FileHandle>('f'),
    model: branded<ModelId>('m'),
    classNames: z.array(z.string().trim().min(1).max(1000)).max(10_000),
    isMultiLabel: z.boolean()
  })
)
export const adapterTextRequest = parser(z.strictObject({ id, text: z.string().max(1_000_000) }))
export const adapterAnswerRequest = parser(z.strictObject({ id, texts: z.array(z.string().max(1_000_000)).min(1).max(1000) }))
