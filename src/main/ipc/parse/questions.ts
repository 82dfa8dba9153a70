import { z } from 'zod'
import type { RunId } from '../../../preload/contract/common.ts'
import { branded, count, parser } from '../parse.ts'

const id = branded<RunId>('r')
const key = z.string().max(10_000)

export const questionRequest = parser(
  z.strictObject({
    id,
    only: z.enum(['all', 'judged', 'missed', 'invented', 'partly', 'wrong']),
    name: z.string().max(4096).nullable(),
    from: count,
    count: count.max(200)
  })
)
export const questionDocument = parser(z.strictObject({ id, key }))
export const questionToJudge = parser(
  z.strictObject({ id, key, verdict: z.enum(['label-wrong', 'model-wrong', 'unclear']).nullable() })
)
