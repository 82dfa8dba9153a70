import { z } from 'zod'
import type { DataEdit, ReadAs, Revision, SplitSettings } from '../../../preload/contract/data.ts'
import { column, count, dataset, handle, parser } from '../parse.ts'

const MOST_CELLS = 200_000
const cell = z.string().max(100_000)
const className = z.string().max(4096)
const line = count.min(1)

const edit: z.ZodType<DataEdit> = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('set'),
    cells: z.array(z.strictObject({ line, column, value: cell })).max(MOST_CELLS)
  }),
  z.strictObject({ kind: z.literal('drop'), lines: z.array(line).max(MOST_CELLS) }),
  z.strictObject({ kind: z.literal('rename'), column, from: z.array(className).min(1).max(1000), to: className }),
  z.strictObject({ kind: z.literal('drop-classes'), column, classes: z.array(className).min(1).max(1000) }),
  z.strictObject({ kind: z.literal('add-column'), column: column.trim().min(1) })
])

const share = z.number().min(0).max(1)
const split: z.ZodType<SplitSettings> = z.strictObject({
  train: share,
  validation: share,
  test: share,
  seed: count.max(2 ** 31 - 1),
  column: column.nullable(),
  date: column.nullable(),
  folds: z.int().min(2).max(20).nullable(),
  balance: z.enum(['none', 'weights', 'repeat']),
  cap: z.int().min(1).max(10_000_000).nullable()
})

const revision: z.ZodType<Revision> = z.strictObject({
  id: dataset,
  edits: z.array(edit).min(1).max(100),
  note: z.string().trim().min(1).max(500).nullable()
})

export const fileHandles = parser(z.array(handle).min(1).max(20_000))
const read: z.ZodType<ReadAs> = z.strictObject({
  encoding: z.enum(['utf-8', 'utf-16le', 'utf-16be', 'windows-1252']).optional(),
  delimiter: z.enum([',', ';', '\t', '|']).optional(),
  header: count.max(1000).optional(),
  sheet: count.min(1).max(1000).optional(),
  leaveOut: z.boolean().optional()
})
const code = z.string().max(100)

export const findingRequest = parser(z.strictObject({ id: dataset, code, from: count, count: count.max(1000) }))
export const fixRequest = parser(z.strictObject({ id: dataset, code, fix: z.enum(['drop', 'merge', 'relabel']) }))
export const readFileRequest = parser(z.strictObject({ file: handle, read }))
export const readRequest = parser(z.strictObject({ id: dataset, read }))
export const revisionRequest = parser(revision)
export const testOnRequest = parser(z.strictObject({ id: dataset, test: dataset }))
export const splitRequest = parser(z.strictObject({ id: dataset, split }))
