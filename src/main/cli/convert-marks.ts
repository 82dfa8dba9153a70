import { basename } from 'node:path'
import { InputError } from '../base/errors.ts'
import { counted, shown, shownList } from '../base/wording.ts'
import { markedDocuments } from '../data/marks/read-marks.ts'
import type { MarkedDocument } from '../data/spans/span.ts'
import { renamedSpans, type NewKinds } from '../data/spans/rename-kinds.ts'
import { markFormats, writeMarks, type MarkFormat } from '../data/marks/write-marks.ts'
import type { Output } from './output.ts'

/**
 * `attune marks FILE --to FORMAT --out PATH`. Resolves to the exit code.
 * @throws InputError where there are no marks, no place for them, or no passages of a kind that is to be renamed
 */
export async function convertMarks(file: string, values: ReadonlyMap<string, string>, output: Output): Promise<number> {
  const out = values.get('out') ?? ''
  const columns = { text: values.get('text') ?? 'text', spans: values.get('spans') ?? 'spans' }
  const format = formatNamed(values.get('to') ?? '')
  const names = newKinds(values)
  const left: string[] = []
  const documents = markedDocuments(file, columns, ({ place, reason }) => left.push(`${place ?? basename(file)}: ${reason}`))
  const written = await writeMarks(format, names.size === 0 ? documents : renamed(documents, names), out)
  if (output.isJson) {
    output.event({ event: 'finished', out, format, ...written, rejected: left.length })
    return 0
  }
  const lost = written.left === 0 ? '' : ` ${counted(written.left, 'mark')} inside of others could not be written.`
  const rejected =
    left.length === 0 ? '' : ` ${counted(left.length, 'document was', 'documents were')} left out; attune inspect says why.`
  output.print(
    `Wrote ${counted(written.documents, 'document')} with ${counted(written.marks, 'mark')} to ${out}.${lost}${rejected}\n`
  )
  return 0
}

function formatNamed(name: string): MarkFormat {
  const found = markFormats.find((format) => format === name.toLowerCase())
  if (found) return found
  throw new InputError('usage', `--to is ${shown(name)}, which is no format of marks. Use one of ${markFormats.join(', ')}.`)
}

/** `--rename OLD=NEW,…` and `--merge A,B=C`: both give kinds another name, and kinds of one name are one. */
function newKinds(values: ReadonlyMap<string, string>): NewKinds {
  const names = new Map<string, string>()
  const add = (flag: string, olds: readonly string[], to: string | undefined): void => {
    const wanted = [...olds, to ?? ''].map((name) => name.trim())
    if (to === undefined || wanted.includes(''))
      throw new InputError('usage', `--${flag} needs kinds and their new name, such as ${EXAMPLES[flag]}.`)
    for (const old of wanted.slice(0, -1)) {
      if (names.has(old)) throw new InputError('usage', `${shown(old)} is given two new names. Name it once.`)
      names.set(old, wanted.at(-1) ?? '')
    }
  }
  for (const part of values.get('rename')?.split(',') ?? []) add('rename', ...pairOf(part))
  const merge = values.get('merge')
  if (merge !== undefined) {
    const [olds, to] = pairOf(merge)
    add('merge', olds[0]?.split(',') ?? [], to)
  }
  return names
}

const EXAMPLES: Readonly<Record<string, string>> = { rename: 'PERSON=NAME', merge: 'DOCTOR,NURSE=STAFF' }

const pairOf = (text: string): [readonly string[], string | undefined] => {
  const at = text.lastIndexOf('=')
  return at < 0 ? [[text], undefined] : [[text.slice(0, at)], text.slice(at + 1)]
}

/** @throws InputError once all were read, where a kind has no passage: nothing is written then */
async function* renamed(documents: AsyncIterable<MarkedDocument>, names: NewKinds): AsyncGenerator<MarkedDocument> {
  const waited = new Set(names.keys())
  const kinds = new Set<string>()
  for await (const document of documents) {
    for (const { label } of document.spans) {
      waited.delete(label)
      kinds.add(label)
    }
    yield { ...document, spans: renamedSpans(document.spans, names) }
  }
  const [missing] = waited
  if (missing !== undefined)
    throw new InputError('usage', `No passage is marked as ${shown(missing)}. The kinds are ${shownList([...kinds].sort())}.`)
}
