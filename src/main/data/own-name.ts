import { basename } from 'node:path'
import { InputError, sentenceInApp } from '../base/errors.ts'

/** What Attune calls the copies of a table in its data folder. */
const COPIES =
  /\b(?:table\.(?:csv|tsv|tab|jsonl|ndjson|json|parquet|arrow|feather|xlsx|conll|conllu|bio|iob2?|bilou|iobes|ner)|(?:reread|marks)\.jsonl)\b/g

/** A sentence about a copy in the data folder, with the name that the person's file has. */
export const withOwnName = (sentence: string, name: string): string => sentence.replaceAll(COPIES, () => name)

/** What an importer says of the copy at `path`, said of the person's file, which has another name. Anything that is no InputError is returned as it is. */
export function inOwnName(error: unknown, name: string, path: string): unknown {
  if (!(error instanceof InputError)) return error
  const rename = (sentence: string): string =>
    withOwnName(
      sentence.replaceAll(basename(path), () => name),
      name
    )
  const where = { ...error.where, inApp: rename(sentenceInApp(error)) }
  return new InputError(error.code, rename(error.message), where, { cause: error })
}
