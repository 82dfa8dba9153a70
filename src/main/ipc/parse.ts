import { z } from 'zod'
import type { AdapterId, TrainedId, DatasetId, FileHandle, ModelId, RunId, SettingValue } from '../../preload/contract/common.ts'
import type { Roles } from '../../preload/contract/data.ts'
import type { RunDraft } from '../../preload/contract/runs.ts'
import { InputError } from '../base/errors.ts'

/** Makes a function that returns what it was given, checked, or refuses it as a mistake of the page. */
export function parser<T>(schema: z.ZodType<T>): (value: unknown) => T {
  return (value) => {
    const { success, data, error } = schema.safeParse(value)
    if (success) return data
    const [issue] = error.issues
    const where = issue?.path.join('.') ?? ''
    throw new InputError('bad-request', 'The page asked for something that Attune does not understand. Reload it.', {
      key: where
    })
  }
}

export const branded = <Id extends string>(prefix: string): z.ZodType<Id> =>
  // The brand exists in types only; the pattern keeps ids from ever being read as paths.
  z.string().regex(new RegExp(`^${prefix}-[a-z0-9-]{1,64}$`)) as unknown as z.ZodType<Id>

/** Marks that make a name look like another one: control characters, and those that turn the direction of writing around. */
const deceptive = /[\p{Cc}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu
export const name = z
  .string()
  .transform((text) => text.replace(deceptive, '').trim())
  .pipe(z.string().min(1).max(200))
export const column = z.string().max(4096)
export const setting: z.ZodType<SettingValue> = z.union([z.string().max(100_000), z.number(), z.boolean(), z.null()])

export const handle = branded<FileHandle>('f')
export const dataset = branded<DatasetId>('d')
const run = branded<RunId>('r')
export const answerer: z.ZodType<TrainedId> = z.union([run, branded<ModelId>('m')])

/** As run.yaml has them. */
const question = z.string().trim().min(1).max(2000)

const roles: z.ZodType<Roles> = z.strictObject({
  task: z.enum(['text-classification', 'token-classification', 'question-answering', 'regression']),
  text: column.nullable(),
  textPair: column.nullable(),
  answer: column.nullable(),
  questions: z.record(z.string().min(1).max(1000), z.array(question).min(1).max(100)).nullable().optional(),
  separator: z.string().min(1).max(10).nullable(),
  group: column.nullable(),
  belonging: z.enum(['column', 'no', 'unknown']).nullable()
})

export const settingPath = z
  .string()
  .max(200)
  .regex(/^[a-z_]+(?:\.[A-Za-z0-9_]+)*$/)

export const draft: z.ZodType<RunDraft> = z.strictObject({
  dataset,
  model: branded<ModelId>('m'),
  adapter: branded<AdapterId>('a').nullable().optional(),
  thoroughness: z.number().min(0).max(4),
  changed: z.record(settingPath, setting),
  mustNotMiss: z.string().max(4096).nullable(),
  quietly: z.boolean(),
  name: name.nullable()
})

export const count = z.number().int().min(0)

export const datasetId = parser(dataset)
export const modelId = parser(branded<ModelId>('m'))
export const runId = parser(run)
export const comparedRuns = parser(z.array(run).min(2).max(6))
export const fileHandle = parser(handle)
export const sampleId = parser(z.string().max(100))
export const rowsRequest = parser(z.strictObject({ id: dataset, from: count, count: count.max(1000) }))
export const rolesRequest = parser(z.strictObject({ id: dataset, roles }))
export const runDraft = parser(draft)
export const renameRequest = parser(z.strictObject({ id: run, name }))
export const answerRequest = parser(
  z.strictObject({
    id: answerer,
    texts: z.array(z.string().max(1_000_000)).min(1).max(1000),
    questions: z.array(question).min(1).max(1000).optional()
  })
)
export const packageName = parser(z.string().max(214))
