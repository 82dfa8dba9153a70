import { z } from 'zod'
import type { RunId } from '../../../preload/contract/common.ts'
import { branded, count, parser } from '../parse.ts'

const id = branded<RunId>('r')
const kind = z.string().max(4096)

export const passageRequest = parser(
  z.strictObject({
    id,
    only: z.enum(['all', 'judged', 'missed', 'invented', 'boundary', 'type']),
    truth: kind.nullable(),
    said: kind.nullable(),
    from: count,
    count: count.max(200)
  })
)
export const passageDocument = parser(z.strictObject({ id, line: count }))
export const passageToJudge = parser(
  z.strictObject({
    id,
    key: z.string().max(10_000),
    verdict: z.enum(['label-wrong', 'model-wrong', 'unclear']).nullable()
  })
)
