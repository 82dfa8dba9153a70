import { z } from 'zod'
import type { PersonalChoice } from '../../../preload/contract/personal.ts'
import { answerer, column, dataset, parser } from '../parse.ts'

/** More than a table has columns times kinds that anybody would choose for. */
const MOST_CHOICES = 20_000
const kind = z.string().regex(/^[\p{Lu}\p{N}_]{1,64}$/u)

const choice: z.ZodType<PersonalChoice> = z.strictObject({
  column,
  kind,
  action: z.enum(['leave', 'mask', 'pseudonymise', 'remove'])
})

const run = answerer.nullable().optional()

export const scanRequest = parser(z.strictObject({ id: dataset, run: answerer }))
export const examplesRequest = parser(z.strictObject({ id: dataset, column, kind, run }))
export const choicesRequest = parser(z.strictObject({ id: dataset, choices: z.array(choice).max(MOST_CHOICES), run }))
