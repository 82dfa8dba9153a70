import { z } from 'zod'
import { dataset, parser } from '../parse.ts'

/** More than there are questions: which of them there are, the service says. */
const MOST_ANSWERS = 100

export const datasheetId = parser(dataset)
export const datasheetAnswers = parser(
  z.strictObject({
    id: dataset,
    answers: z
      .record(z.string().regex(/^[a-z_]{1,40}$/), z.string().max(4000))
      .refine((answers) => Object.keys(answers).length <= MOST_ANSWERS)
  })
)
