import { z } from 'zod'
import { count, dataset, parser } from '../parse.ts'

export const rejectedRequest = parser(z.strictObject({ id: dataset, from: count, count: count.max(1000) }))
