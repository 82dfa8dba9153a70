import { readTextFile } from '../../documents/text.ts'
import { UnreadableDocument } from '../../documents/rejected.ts'
import { walkFolder, type FoundFile } from '../../documents/walk-folder.ts'
import { readBrat } from './brat.ts'
import { NotTaken, type Found } from './marks-format.ts'

/** A document of a BRAT folder. */
export interface BratPair {
  readonly text: FoundFile
  readonly annotations: FoundFile
}

/** The texts of a folder that have annotations beside them, in order of their names. */
export async function bratPairs(root: string, signal?: AbortSignal): Promise<readonly BratPair[]> {
  const files = await walkFolder(root, () => undefined, signal)
  const stemOf = (name: string): string => name.replace(/\.[^./]*$/, '')
  const texts = new Map(files.filter(({ name }) => /\.txt$/i.test(name)).map((file) => [stemOf(file.name), file]))
  return files.flatMap((annotations) => {
    const text = /\.ann$/i.test(annotations.name) ? texts.get(stemOf(annotations.name)) : undefined
    return text === undefined ? [] : [{ text, annotations }]
  })
}

/** The documents, those that cannot be used among them; `line` is a document's place. */
export async function* bratDocuments(pairs: readonly BratPair[], signal?: AbortSignal): AsyncGenerator<Found, void, undefined> {
  const whole = ({ path, name }: FoundFile): Promise<string> => readTextFile(path, name, signal, { asItIs: true })
  for (const [index, { text: file, annotations }] of pairs.entries()) {
    const line = index + 1
    try {
      const { text, spans, notTaken } = readBrat(await whole(file), await whole(annotations))
      yield { kind: 'document', line, document: { id: file.name, text, spans }, others: {}, notTaken }
    } catch (error) {
      if (!(error instanceof NotTaken) && !(error instanceof UnreadableDocument)) throw error
      yield { kind: 'rejected', line, reason: error.message }
    }
  }
}
