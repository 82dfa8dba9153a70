import { z } from 'zod'
import { count, dataset, parser } from '../parse.ts'

const line = count.min(1)
const kindName = z.string().trim().min(1).max(200)
/** One key that types a character. */
const key = z
  .string()
  .regex(/^[^\s]$/u)
  .nullable()
/** Whose marks: no name for the data's own. */
const by = z.string().trim().max(100)
const passages = z.array(z.strictObject({ start: count, end: count, kind: kindName })).max(5000)
const inSet = { id: dataset, by }

export const wayRequest = parser(z.strictObject({ id: dataset, way: z.enum(['sort', 'mark']) }))
export const markBookRequest = parser(z.strictObject(inSet))
export const markQueueRequest = parser(
  z.strictObject({ ...inSet, filter: z.enum(['open', 'unsure', 'diverse', 'all', 'finished', 'skipped']) })
)
const lines = z.array(line).max(5000)
export const markRowsRequest = parser(z.strictObject({ ...inSet, lines }))
export const markLineRequest = parser(z.strictObject({ ...inSet, line }))
export const markChangeRequest = parser(z.strictObject({ ...inSet, line, remove: passages, add: passages }))
export const finishRequest = parser(z.strictObject({ ...inSet, line, finished: z.boolean() }))
export const skipMarksRequest = parser(z.strictObject({ ...inSet, line, skipped: z.boolean() }))
export const kindRequest = parser(z.strictObject({ ...inSet, name: kindName, key }))
export const renameKindRequest = parser(z.strictObject({ ...inSet, from: kindName, to: kindName }))
export const renameKindsRequest = parser(z.strictObject({ id: dataset, from: z.array(kindName).min(1).max(1000), to: kindName }))
export const overlapRequest = parser(z.strictObject({ ...inSet, overlap: z.enum(['refused', 'nested']) }))
export const noteRequest = parser(z.strictObject({ ...inSet, kind: kindName.nullable(), text: z.string().max(20_000) }))
const two = { id: dataset, first: by, second: by }
export const twoPeopleRequest = parser(z.strictObject(two))
export const opinionsRequest = parser(z.strictObject({ ...two, line }))
export const settleRequest = parser(z.strictObject({ ...inSet, line, passages }))
export const suggestMarksRequest = parser(z.strictObject({ id: dataset, lines }))
