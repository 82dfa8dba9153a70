import type { Row } from '../importers/define-importer.ts'
import { readBrat } from '../importers/marks/brat.ts'
import { NotTaken } from '../importers/marks/marks-format.ts'
import { spansCell } from '../spans/span.ts'
import { DocumentReader } from './document-reader.ts'
import { columnsOfNames } from './folder-meaning.ts'
import { documentKind, whyNoDocument } from './kinds.ts'
import { textAlone, type ReadDocument } from './read-document.ts'
import { UnreadableDocument, type OnRejected } from './rejected.ts'
import { readTextFile } from './text.ts'
import type { FoundFile } from './walk-folder.ts'

/** A document and what the folder that it lies in says of it. */
interface Placed extends FoundFile {
  readonly cells: Readonly<Record<string, string>>
  /** Where marks of its passages lie beside it, as BRAT keeps them. */
  readonly annotations: FoundFile | null
}

/** What will be made of a list of files. */
export interface DocumentPlan {
  readonly columns: readonly string[]
  readonly documents: readonly Placed[]
}

/** BRAT's marks of `letter.txt` lie in `letter.ann`. */
const ANNOTATIONS = /\.ann$/i
const stemOf = (name: string): string => name.replace(/\.[^./]*$/, '')

/** Says which files are documents, and what their folders and names mean. Everything else is rejected. */
export function planDocuments(files: readonly FoundFile[], onRejected: OnRejected): DocumentPlan {
  const texts = new Set(files.filter(({ name }) => documentKind(name) === 'text').map(({ name }) => stemOf(name)))
  const annotations = new Map(
    files.filter(({ name }) => ANNOTATIONS.test(name) && texts.has(stemOf(name))).map((file) => [stemOf(file.name), file])
  )
  const documents = files.filter((file) => {
    if (documentKind(file.name) !== null) return true
    if (annotations.get(stemOf(file.name)) !== file)
      onRejected({ file: file.name, place: null, reason: whyNoDocument(file.name) })
    return false
  })
  const named = columnsOfNames(documents.map(({ name }) => name))
  const kinds = new Set(documents.map(({ name }) => documentKind(name)))
  const isDated = kinds.has('docx') || kinds.has('pdf') || kinds.has('eml')
  const columns = [
    ...['file', 'text'],
    ...(annotations.size > 0 ? ['spans'] : []),
    ...Object.keys(named),
    ...(isDated ? ['date'] : []),
    ...(kinds.has('eml') ? ['subject', 'from', 'attachments'] : [])
  ]
  const cellsOf = (i: number): Record<string, string> =>
    Object.fromEntries(Object.entries(named).map(([column, cells]) => [column, cells[i] ?? '']))
  const marksOf = ({ name }: FoundFile): FoundFile | null =>
    documentKind(name) === 'text' ? (annotations.get(stemOf(name)) ?? null) : null
  return { columns, documents: documents.map((each, i) => ({ ...each, cells: cellsOf(i), annotations: marksOf(each) })) }
}

/** The rows of a plan, one for each document that can be read; the others, and pages without text, are rejected. `line` counts documents from 1. */
export async function* documentRows(
  { columns, documents }: DocumentPlan,
  onRejected: OnRejected,
  signal?: AbortSignal
): AsyncGenerator<Row, void, undefined> {
  const reader = new DocumentReader()
  try {
    for (const [i, document] of documents.entries()) {
      signal?.throwIfAborted()
      try {
        const read = document.annotations
          ? await readMarked(document, document.annotations, signal)
          : await reader.read(document, signal)
        for (const page of read.emptyPages) onRejected({ file: document.name, place: `page ${page}`, reason: EMPTY_PAGE })
        yield { line: i + 1, values: cellsOf(columns, document, read) }
      } catch (error) {
        if (!(error instanceof UnreadableDocument)) throw error
        onRejected({ file: document.name, place: null, reason: error.message })
      }
    }
  } finally {
    await reader.dispose()
  }
}

const EMPTY_PAGE = 'This page has no text layer: it is blank, or a picture of a page. The other pages were read.'

/** A text with the marks that lie beside it. They count its characters, so it stays as it is. */
async function readMarked({ path, name }: Placed, marks: FoundFile, signal?: AbortSignal): Promise<MarkedText> {
  const text = await readTextFile(path, name, signal, { asItIs: true })
  const annotations = await readTextFile(marks.path, marks.name, signal, { asItIs: true })
  try {
    const read = readBrat(text, annotations)
    return { ...textAlone(read.text), spans: spansCell(read.text, read.spans) }
  } catch (error) {
    throw error instanceof NotTaken ? new UnreadableDocument(error.reason) : error
  }
}

interface MarkedText extends ReadDocument {
  readonly spans?: string
}

function cellsOf(columns: readonly string[], { name, cells }: Placed, read: MarkedText): Row['values'] {
  const { text, date, subject, from, attachments, spans = '' } = read
  const own: Readonly<Record<string, string | null>> = {
    ...cells,
    ...{ file: name, text, spans, date, subject, from, attachments: attachments.join('; ') }
  }
  const values = Object.create(null) as Record<string, string | null> // As every importer's rows: without a prototype.
  for (const column of columns) values[column] = own[column] ?? ''
  return values
}
