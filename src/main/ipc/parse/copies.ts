import { z } from 'zod'
import { answerer, column, handle, parser } from '../parse.ts'
import { knownMapping, personalAction, personalKind } from './personal.ts'

/** More kinds than a model has, and more columns than a table may have. */
const MOST = 10_000

const wish = {
  from: handle,
  run: answerer.nullable(),
  action: personalAction,
  actions: z.array(z.strictObject({ kind: personalKind, action: personalAction })).max(MOST),
  leftColumns: z.array(column).max(MOST),
  groupColumn: column.nullable(),
  known: knownMapping.nullable(),
  passphrase: z.string().min(1).max(1000).nullable()
}

const hasSecret = ({
  known,
  keepsMapping = false,
  passphrase
}: {
  known: unknown
  keepsMapping?: boolean
  passphrase: unknown
}): boolean => passphrase !== null || (known === null && !keepsMapping)

export const copiesWish = parser(z.strictObject(wish).refine(hasSecret))
export const copiesToWrite = parser(z.strictObject({ ...wish, to: handle, keepsMapping: z.boolean() }).refine(hasSecret))
