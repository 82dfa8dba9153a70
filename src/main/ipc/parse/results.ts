import { z } from 'zod'
import type { RunId } from '../../../preload/contract/common.ts'
import { answerer, branded, parser } from '../parse.ts'

const id = branded<RunId>('r')
const className = z.string().max(4096)
const place = z.number().int().min(0)

export const reviewRequest = parser(
  z.strictObject({
    id,
    only: z.enum(['errors', 'all', 'judged']),
    answer: className.nullable(),
    predicted: className.nullable(),
    from: place,
    count: place.max(200)
  })
)

const share = z.number().min(0).max(1)

export const thresholdsRequest = parser(z.strictObject({ id, className: className.nullable() }))
export const thresholdToFix = parser(z.strictObject({ id, className, threshold: share, goal: z.string().max(200) }))
export const everyThreshold = parser(z.strictObject({ id, className, choice: z.string().max(40) }))
export const thresholdToDrop = parser(z.strictObject({ id, className }))
export const personToFix = parser(z.strictObject({ id, className, below: share.nullable() }))

const verdict = z.strictObject({
  kind: z.enum(['label-wrong', 'model-wrong', 'unclear']),
  rightAnswer: className.nullable(),
  note: z.string().max(10_000)
})

export const verdictToGive = parser(z.strictObject({ id, line: place, verdict: verdict.nullable() }))
const text = z.string().max(1_000_000)
export const textToAttribute = parser(z.strictObject({ id: answerer, line: place.nullable(), text, pair: text.nullable() }))

const choice = z.string().max(5000).nullable()

export const groupsRequest = parser(z.strictObject({ id, by: choice, metric: choice }))
