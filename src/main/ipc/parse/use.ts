import { z } from 'zod'
import type { AdapterId, AnswererId, FileHandle } from '../../../preload/contract/common.ts'
import type { UseId } from '../../../preload/contract/use.ts'
import { answerer, branded, column, count, parser } from '../parse.ts'

/** Documents that are brought at once. */
const MOST_FILES = 10_000
const id = branded<UseId>('u')
const run: z.ZodType<AnswererId> = z.union([answerer, branded<AdapterId>('a')])

export const useRun = parser(run)
export const useId = parser(id)
export const useFiles = parser(z.strictObject({ run, files: z.array(branded<FileHandle>('f')).min(1).max(MOST_FILES) }))
export const useStart = parser(
  z.strictObject({
    id,
    run,
    text: column,
    pair: column.nullable(),
    answer: column.nullable(),
    questions: z
      .array(z.strictObject({ name: z.string().min(1).max(2000), words: z.string().trim().min(1).max(2000) }))
      .min(1)
      .max(1000)
      .nullable()
      .optional(),
    limit: count.min(1).nullable()
  })
)
export const useRows = parser(z.strictObject({ id, from: count, count: count.max(500), unsureFirst: z.boolean() }))
export const useText = parser(z.strictObject({ id, place: count, unsureFirst: z.boolean() }))
export const useThreshold = parser(z.strictObject({ id, value: z.number().min(0).max(1) }))
export const useSave = parser(z.strictObject({ id, format: z.enum(['xlsx', 'csv', 'spacy', 'doccano', 'conll']) }))
