import { join } from 'node:path'
import type { Mark } from '../base/mark.ts'
import type { EntityInput, FoundMark } from '../engine/evaluation/index.ts'
import type { PredictedPart } from './predictions.ts'
import { readStored } from './read-stored.ts'
import { count, list, number, object, oneOf, orNull, text } from './shape.ts'

/** Where a run that marks passages keeps those of a part, found and true. */
export const passagesName = (part: PredictedPart): string => `passages-${part}.json`

/** A document without its text. Places count its characters as Python does: code points. */
export interface StoredDocument {
  /** Its line in the file. */
  readonly line: number
  /** Tells documents apart by their texts, without holding them: the start of a SHA-256. */
  readonly key: string
  readonly truth: readonly Mark[]
  readonly said: readonly FoundMark[]
}

/** What a run marked in each document of one part, beside what is marked there. */
export interface StoredPassages {
  readonly format: 'attune-passages-1'
  readonly part: PredictedPart
  readonly types: readonly string[]
  /** Hash of the data's content and of every row's part. */
  readonly splitHash: string
  /** A group number per document; null where the data name no groups. */
  readonly groups: readonly number[] | null
  readonly documents: readonly StoredDocument[]
}

const mark = { start: count, end: count, label: text }
const document = object<StoredDocument>({
  line: count,
  key: text,
  truth: list(object<Mark>(mark)),
  said: list(object<FoundMark>({ ...mark, confidence: number }))
})
const passages = object<StoredPassages>({
  format: oneOf('attune-passages-1'),
  part: oneOf('validation', 'test'),
  types: list(text),
  splitHash: text,
  groups: orNull(list(count)),
  documents: list(document)
})

/** What a run marked in a part; null where it kept nothing, or no groups yet. Throws an InputError where the file is damaged. */
export const readPassages = (folder: string, part: PredictedPart): Promise<StoredPassages | null> =>
  readStored<StoredPassages>(join(folder, passagesName(part)), passages)

/** Stored passages, ready to be judged. */
export const entityInputOf = ({ types, documents }: StoredPassages): EntityInput => ({
  types,
  truth: documents.map(({ truth }) => truth),
  said: documents.map(({ said }) => said)
})
