import { z } from 'zod'
import { count, dataset, parser } from '../parse.ts'

const line = count.min(1)
const className = z.string().trim().min(1).max(200)
/** One key that types a character. */
const key = z
  .string()
  .regex(/^[^\s]$/u)
  .nullable()
const lines = z.array(line).max(5000)

/** Whose labels: no name for the data's own. */
const by = z.string().trim().max(100)
const inSet = { id: dataset, by: by.optional() }

export const labelBookRequest = parser(z.strictObject(inSet))
export const queueRequest = parser(
  z.strictObject({ ...inSet, filter: z.enum(['all', 'unlabelled', 'labelled', 'skipped', 'doubtful', 'diverse']) })
)
export const labelRowsRequest = parser(z.strictObject({ ...inSet, lines }))
export const suggestRequest = parser(z.strictObject({ id: dataset, lines }))
export const documentRequest = parser(z.strictObject({ ...inSet, line }))
export const markRequest = parser(z.strictObject({ ...inSet, line, value: z.string().max(4096).nullable() }))
export const skipRequest = parser(z.strictObject({ ...inSet, line, skipped: z.boolean() }))
export const classRequest = parser(z.strictObject({ ...inSet, name: className, key }))
export const renameClassRequest = parser(z.strictObject({ ...inSet, from: className, to: className }))
export const labelPeopleRequest = parser(z.strictObject({ id: dataset, first: by, second: by }))
export const settleLabelRequest = parser(z.strictObject({ ...inSet, line, value: z.string().max(4096) }))
