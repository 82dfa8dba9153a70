import { z } from 'zod'
import type { PersonalChoice } from '../../../preload/contract/personal.ts'
import { answerer, column, dataset, handle, parser } from '../parse.ts'

/** More than a table has columns times kinds that anybody would choose for. */
const MOST_CHOICES = 20_000
export const personalKind = z.string().regex(/^[\p{Lu}\p{N}_]{1,64}$/u)
export const personalAction = z.enum(['leave', 'mask', 'pseudonymise', 'remove'])

const choice: z.ZodType<PersonalChoice> = z.strictObject({
  column,
  kind: personalKind,
  action: personalAction
})

const run = answerer.nullable().optional()

export const scanRequest = parser(z.strictObject({ id: dataset, run: answerer }))
export const examplesRequest = parser(z.strictObject({ id: dataset, column, kind: personalKind, run }))
const choices = z.array(choice).max(MOST_CHOICES)
export const choicesRequest = parser(z.strictObject({ id: dataset, choices, run }))

export const knownMapping = z.union([z.strictObject({ file: handle }), z.strictObject({ dataset })])
const mapping = z.strictObject({
  keeps: z.boolean(),
  known: knownMapping.nullable(),
  passphrase: z.string().min(1).max(1000)
})
export const cleanVersionRequest = parser(
  z.strictObject({ id: dataset, choices, run, group: column.nullable().optional(), mapping: mapping.nullable().optional() })
)
