import { InputError } from '../base/errors.ts'

/** The questions of `--ask`, which stand between bars; undefined where it is left out. @throws InputError where there is none, or one twice */
export function askedQuestions(values: ReadonlyMap<string, string>): readonly string[] | undefined {
  const text = values.get('ask')
  if (text === undefined) return undefined
  const questions = text
    .split('|')
    .map((question) => question.trim())
    .filter((question) => question !== '')
  if (questions.length > 0 && new Set(questions).size === questions.length) return questions
  throw new InputError('usage', '--ask takes questions with | between them, each once, such as "Who signs? | When does it end?".')
}
