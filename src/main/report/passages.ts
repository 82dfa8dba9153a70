import { join } from 'node:path'
import { InputError, messageOf, systemCodeOf } from '../base/errors.ts'
import type { Mark } from '../base/mark.ts'
import { readFile } from '../base/sealed/fs.ts'
import type { FoundMark } from '../engine/evaluation/index.ts'
import { passagesName, type PredictedPart } from './predictions.ts'
import { count, list, number, object, oneOf, text } from './shape.ts'

/** One document's passages, true and found. Characters are counted as Python counts them. */
export interface StoredDocument {
  /** Line of the document in its file. */
  readonly line: number
  /** Tells documents apart by their texts, without holding them: the start of a SHA-256. */
  readonly key: string
  readonly truth: readonly Mark[]
  readonly said: readonly FoundMark[]
}

/** What a run found in each document of one part (`passages-test.json`), in file order. */
export interface StoredPassages {
  readonly format: 'attune-passages-1'
  readonly part: PredictedPart
  readonly types: readonly string[]
  /** Hash of the data's content and of every row's part. */
  readonly splitHash: string
  readonly documents: readonly StoredDocument[]
}

const mark = { start: count, end: count, label: text }
const check = object<StoredPassages>({
  format: oneOf('attune-passages-1'),
  part: oneOf('validation', 'test'),
  types: list(text),
  splitHash: text,
  documents: list(
    object<StoredDocument>({
      line: count,
      key: text,
      truth: list(object<Mark>(mark)),
      said: list(object<FoundMark>({ ...mark, confidence: number }))
    })
  )
})

/** What a run found in the documents of a part; null where it kept none. @throws InputError where the file is damaged */
export async function readPassages(folder: string, part: PredictedPart): Promise<StoredPassages | null> {
  const path = join(folder, passagesName(part))
  const damaged = (why: string, cause?: unknown): InputError => {
    const sentence = `The stored passages of this run cannot be read (${why}). Train it again.`
    return new InputError('predictions-unreadable', sentence, { file: path }, { cause })
  }
  let value: unknown
  try {
    value = JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return null
    throw damaged(messageOf(error), error)
  }
  const fault = check(value)
  if (fault !== null) throw damaged(`it does not have the form of passages: ${fault.replace(/^\./, '')}`)
  return value as StoredPassages // Just looked at.
}
