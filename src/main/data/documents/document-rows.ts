import { basename, extname } from 'node:path'
import { partNamed } from '../parts.ts'
import { BELONGS_TO } from '../datasets/column-stats.ts'
import type { Row } from '../importers/define-importer.ts'
import { documentKind, whyNoDocument } from './kinds.ts'
import { DocumentReader } from './document-reader.ts'
import { UnreadableDocument, type OnRejected } from './rejected.ts'
import type { ReadDocument } from './read-document.ts'
import type { FoundFile } from './walk-folder.ts'

/** Folders that are classes: few, each with several documents. */
const MOST_CLASSES = 50

/** A document and what the folder that it lies in says of it. */
interface Placed extends FoundFile {
  readonly cells: Readonly<Record<string, string>>
}

/** What will be made of a list of files. */
export interface DocumentPlan {
  readonly columns: readonly string[]
  readonly documents: readonly Placed[]
}

/**
 * Says which files are documents, and what their folders and names mean: folders with several documents each are classes (`label`), folders that are
 * called train, validation and test are parts (`split`), and where several names begin alike (`P12-1`, `P12-2`), or there are too many folders for
 * classes, that is what may belong together. Everything else is rejected.
 */
export function planDocuments(files: readonly FoundFile[], onRejected: OnRejected): DocumentPlan {
  const documents = files.filter(({ name }) => {
    if (documentKind(name) !== null) return true
    onRejected({ file: name, place: null, reason: whyNoDocument(name) })
    return false
  })
  const marks = marksOf(documents.map(({ name }) => name))
  const kinds = new Set(documents.map(({ name }) => documentKind(name)))
  const dated = kinds.has('docx') || kinds.has('pdf') || kinds.has('eml')
  const columns = [
    ...['file', 'text', ...Object.keys(marks)],
    ...(dated ? ['date'] : []),
    ...(kinds.has('eml') ? ['subject', 'from', 'attachments'] : [])
  ]
  const cellsOf = (i: number): Record<string, string> =>
    Object.fromEntries(Object.entries(marks).map(([column, cells]) => [column, cells[i] ?? '']))
  return { columns, documents: documents.map((each, i) => ({ ...each, cells: cellsOf(i) })) }
}

/** Columns that the names of files and folders make, each with a cell for each file. */
function marksOf(names: readonly string[]): Readonly<Record<string, readonly string[]>> {
  const paths = names.map((name) => name.split('/').slice(0, -1))
  const marks: Record<string, readonly string[]> = {}
  const tops = paths.map(([top = '']) => top)
  const areParts = new Set(tops).size > 1 && tops.every((top) => top !== '' && partNamed(top) !== null)
  if (areParts) marks['split'] = tops
  const rest = areParts ? paths.map((path) => path.slice(1)) : paths
  const classes = rest.map(([top = '']) => top)
  const different = new Set(classes.filter((name) => name !== '')).size
  if (different > 1 && different <= MOST_CLASSES && different * 2 <= names.length) marks['label'] = classes
  if (different > 0 && (marks['label'] === undefined || rest.some((path) => path.length > 1)))
    marks['folder'] = rest.map((path) => path.join('/'))
  const stems = names.map((name) => (/^\d+$/.test(stemOf(name)) ? name : stemOf(name)))
  const sizes = [...Map.groupBy(stems, (stem) => stem).values()].map((group) => group.length)
  // What a large part of them has in common (`letter-1`, `letter-2`) is a kind, not a person.
  const areShared = sizes.length < names.length && Math.max(...sizes) <= Math.max(2, names.length / 4)
  if (marks['label'] === undefined && different > 1 && different < names.length) marks[BELONGS_TO] = classes
  else if (areShared && sizes.length > 1) marks[BELONGS_TO] = stems
  return marks
}

/** The name without its ending and without a counter at its end: `P12-2.txt` and `P12 (2).txt` are both `P12`. */
function stemOf(name: string): string {
  const bare = basename(name, extname(name))
  const stem = bare.replace(/\s*\(\d+\)$/, '').replace(/[-_.\s]+\d+$/, '')
  return stem === '' || /^[-_.\s]*$/.test(stem) ? bare : stem
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
        const read = await reader.read(document, signal)
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

function cellsOf(columns: readonly string[], { name, cells }: Placed, read: ReadDocument): Row['values'] {
  const { text, date, subject, from, attachments } = read
  const own: Readonly<Record<string, string | null>> = {
    ...cells,
    ...{ file: name, text, date, subject, from, attachments: attachments.join('; ') }
  }
  const values = Object.create(null) as Record<string, string | null> // As every importer's rows: without a prototype.
  for (const column of columns) values[column] = own[column] ?? ''
  return values
}
