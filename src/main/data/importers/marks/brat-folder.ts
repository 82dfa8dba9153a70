import { InputError, sentenceInApp } from '../../../base/errors.ts'
import type { OnRejected } from '../../documents/rejected.ts'
import type { FoundFile } from '../../documents/walk-folder.ts'
import { DEFAULT_LIMITS } from '../../limits.ts'
import { detectEncoding } from '../../source/encoding.ts'
import { textOf } from '../../source/text.ts'
import { readBrat } from './brat.ts'
import { NotTaken, type Found } from './marks-format.ts'

/** A document of a BRAT folder. */
export interface BratPair {
  /** Its name in the folder without an ending. */
  readonly name: string
  readonly text: FoundFile
  readonly annotations: FoundFile
}

const TEXT = /\.txt$/i
const ANNOTATIONS = /\.ann$/i
/** Settings that BRAT keeps beside the documents. */
const SETTINGS = /\.conf$/i

/** The documents of a BRAT folder, in order of their names; empty where it is none. What belongs to no document is told to `onRejected`. */
export function bratPairs(files: readonly FoundFile[], onRejected: OnRejected): readonly BratPair[] {
  const stemOf = (name: string): string => name.replace(/\.[^./]*$/, '')
  const texts = new Map(files.filter(({ name }) => TEXT.test(name)).map((file) => [stemOf(file.name), file]))
  const pairs = files.flatMap((annotations): BratPair[] => {
    const text = ANNOTATIONS.test(annotations.name) ? texts.get(stemOf(annotations.name)) : undefined
    return text === undefined ? [] : [{ name: stemOf(annotations.name), text, annotations }]
  })
  if (pairs.length === 0) return []
  const used = new Set(pairs.flatMap(({ text, annotations }) => [text, annotations]))
  for (const file of files) {
    if (used.has(file) || SETTINGS.test(file.name)) continue
    const reason = ANNOTATIONS.test(file.name)
      ? 'Its text is missing: a file of the same name that ends in .txt.'
      : TEXT.test(file.name)
        ? 'It has no annotations: a file of the same name that ends in .ann.'
        : 'It is neither a text (.txt) nor annotations (.ann).'
    onRejected({ file: file.name, place: null, reason })
  }
  return pairs
}

/** The documents, those that cannot be used among them; `line` is a document's place. The folders above a document are its group. */
export async function* bratDocuments(pairs: readonly BratPair[], signal?: AbortSignal): AsyncGenerator<Found, void, undefined> {
  const hasFolders = pairs.some(({ name }) => name.includes('/'))
  for (const [index, pair] of pairs.entries()) {
    signal?.throwIfAborted()
    const line = index + 1
    try {
      const { text, spans, notTaken } = readBrat(await wholeText(pair.text, signal), await wholeText(pair.annotations, signal))
      if (text.trim() === '') throw new NotTaken('Its text is empty.')
      const group = hasFolders ? { group: pair.name.split('/').slice(0, -1).join('/') } : {}
      yield { kind: 'document', line, document: { id: pair.name, text, spans, ...group }, others: {}, notTaken }
    } catch (error) {
      if (!(error instanceof NotTaken)) throw error
      yield { kind: 'rejected', line, reason: error.reason }
    }
  }
}

/** A file's text as it is: annotations count every character of it. Throws `NotTaken` where it cannot be read. */
async function wholeText({ path }: FoundFile, signal?: AbortSignal): Promise<string> {
  const most = DEFAULT_LIMITS.rowLength
  let text = ''
  try {
    const encoding = await detectEncoding(path, undefined, DEFAULT_LIMITS, signal)
    for await (const piece of textOf(path, encoding, signal)) {
      text += piece
      if (text.length > most) throw new NotTaken('It is too long for one document. Divide it into several.')
    }
  } catch (error) {
    throw error instanceof InputError ? new NotTaken(sentenceInApp(error)) : error
  }
  return text
}
