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

export const queueRequest = parser(
  z.strictObject({ id: dataset, filter: z.enum(['all', 'unlabelled', 'labelled', 'skipped', 'doubtful']) })
)
export const labelRowsRequest = parser(z.strictObject({ id: dataset, lines }))
export const documentRequest = parser(z.strictObject({ id: dataset, line }))
export const markRequest = parser(z.strictObject({ id: dataset, line, value: z.string().max(4096).nullable() }))
export const skipRequest = parser(z.strictObject({ id: dataset, line, skipped: z.boolean() }))
export const classRequest = parser(z.strictObject({ id: dataset, name: className, key }))
export const renameClassRequest = parser(z.strictObject({ id: dataset, from: className, to: className }))
