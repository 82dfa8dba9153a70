import { z } from 'zod'
import type { RunId } from '../../../preload/contract/common.ts'
import { branded, parser } from '../parse.ts'

const run = branded<RunId>('r')
/** As many characters as `card.json` may have in each part. */
const part = z.string().max(4000)

export const cardRun = parser(run)
export const cardWords = parser(z.strictObject({ run, words: z.strictObject({ intended: part, limits: part, further: part }) }))
