import { join } from 'node:path'
import { InputError, messageOf, systemCodeOf } from '../base/errors.ts'
import { readFile } from '../base/sealed/fs.ts'
import type { AnswerPlace } from '../engine/evaluation/index.ts'
import { answersName, type PredictedPart } from './predictions.ts'
import { count, list, number, object, oneOf, orNull, text } from './shape.ts'

/** A question without its text. Places count the text's characters as Python does: code points. */
export interface StoredQuestion {
  /** The line in the file. */
  readonly line: number
  /** Tells rows apart by text and question, without holding them: the start of a SHA-256. */
  readonly key: string
  readonly truth: readonly AnswerPlace[]
  readonly said: AnswerPlace | null
  /** Probability of what was said, among the best answers and none. */
  readonly score: number
  readonly exact: number
  readonly f1: number
}

/** What a run answered to the questions of one part, beside what is right. */
export interface StoredAnswers {
  readonly format: 'attune-answers-1'
  readonly part: PredictedPart
  /** Hash of the data's content and of every row's part. */
  readonly splitHash: string
  readonly questions: readonly StoredQuestion[]
}

const place = object<AnswerPlace>({ start: count, end: count })
const answers = object<StoredAnswers>({
  format: oneOf('attune-answers-1'),
  part: oneOf('validation', 'test'),
  splitHash: text,
  questions: list(
    object<StoredQuestion>({
      ...{ line: count, key: text, truth: list(place), said: orNull(place) },
      ...{ score: number, exact: number, f1: number }
    })
  )
})

/** What a run answered in a part; null where it kept nothing. Throws an InputError where the file is damaged. */
export async function readAnswers(folder: string, part: PredictedPart): Promise<StoredAnswers | null> {
  const path = join(folder, answersName(part))
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'))
    const fault = answers(value)
    if (fault === null) return value as StoredAnswers // Every field was checked.
    throw damaged(path, `the file${fault}`)
  } catch (error) {
    if (error instanceof InputError) throw error
    if (systemCodeOf(error) === 'ENOENT') return null
    throw damaged(path, messageOf(error))
  }
}

const damaged = (path: string, why: string): InputError =>
  new InputError('predictions-unreadable', `The stored answers of this run cannot be read (${why}). Train it again.`, {
    file: path
  })
