import { z } from 'zod'
import type { DatasetId, FileHandle, RunId } from '../../../preload/contract/common.ts'
import type { ExportId } from '../../../preload/contract/exports.ts'
import { branded, column, parser } from '../parse.ts'

const run = branded<RunId>('r')
const handle = branded<FileHandle>('f')

const MOST_GROUPS = 50

export const exportId = parser(branded<ExportId>('e'))
export const exportedRun = parser(run)
export const exportPlace = parser(handle)
export const exportFolder = parser(handle)
export const exportStart = parser(
  z.strictObject({
    run,
    // The trainer knows the forms and refuses any other.
    format: z.string().regex(/^[a-z0-9-]{1,20}$/),
    dtype: z.enum(['fp32', 'fp16', 'bf16']),
    quantization: z.enum(['dynamic', 'static']).nullable(),
    to: handle.nullable(),
    despite: z.boolean(),
    passphrase: z.string().min(1).max(1000).nullable(),
    contents: z
      .strictObject({
        card: z.boolean(),
        report: z.boolean(),
        examples: z.boolean(),
        groups: z.array(column.min(1)).max(MOST_GROUPS)
      })
      .refine(({ report, examples, groups }) => report || (!examples && groups.length === 0))
  })
)
/** A file's name: it leads to no other folder. */
const packName = z.string().regex(/^[^/\\:\0]{1,240}\.attune$/i)
const toCheck = {
  folder: handle,
  pack: packName.nullable(),
  passphrase: z.string().min(1).max(1000).nullable()
}
const line = z.string().trim().min(1).max(100)
export const exportReview = parser(
  z.strictObject({
    of: z.union([z.strictObject({ id: branded<ExportId>('e') }), z.strictObject(toCheck)]),
    status: z.enum(['reviewed', 'retired']),
    name: line,
    note: z.string().max(2000)
  })
)
export const exportCheck = parser(z.strictObject({ ...toCheck, dataset: branded<DatasetId>('d').nullable() }))
