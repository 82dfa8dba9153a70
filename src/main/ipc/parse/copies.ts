import { z } from 'zod'
import { answerer, handle, parser } from '../parse.ts'

const wish = {
  from: handle,
  run: answerer.nullable(),
  action: z.enum(['mask', 'pseudonymise', 'remove'])
}

export const copiesWish = parser(z.strictObject(wish))
export const copiesToWrite = parser(z.strictObject({ ...wish, to: handle }))
