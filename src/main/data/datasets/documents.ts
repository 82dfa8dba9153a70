import { basename, extname } from 'node:path'
import { InputError } from '../../base/errors.ts'
import { DOCUMENT_ENDINGS } from '../../base/file-types.ts'
import { counted } from '../../base/wording.ts'
import { compareLabels } from '../label-order.ts'
import { DEFAULT_LIMITS } from '../limits.ts'
import { detectEncoding } from '../source/encoding.ts'
import { textOf } from '../source/text.ts'
import { inOwnName } from '../own-name.ts'
import { BELONGS_TO } from './column-stats.ts'
import { TableWriter } from './table-writer.ts'

export interface DocumentFile {
  readonly path: string
  /** The file's own name. */
  readonly name: string
}

export const isDocument = (name: string): boolean => DOCUMENT_ENDINGS.includes(extname(name).toLowerCase())

/**
 * Writes a table with one row for each file, by name: the file's name, its text, and where several names begin alike (`P12-1`, `P12-2`) what
 * they have in common, by which they may belong together. Throws an InputError where nothing can be read, or two files have one name.
 */
export async function writeDocuments(files: readonly DocumentFile[], to: string, onRows: (rows: number) => void): Promise<void> {
  const documents = files.filter(({ name }) => isDocument(name)).toSorted((a, b) => compareLabels(a.name, b.name))
  if (documents.length < 2) {
    const message = `${counted(documents.length, 'text file was', 'text files were')} dropped. Drop the documents together: at least two files that end in ${DOCUMENT_ENDINGS.join(', ')}.`
    throw new InputError('documents-too-few', message)
  }
  const stems = documents.map(({ name }) => stemOf(name))
  const different = new Set(stems).size
  // One beginning for all of them says nothing.
  const areShared = different > 1 && different < stems.length
  const table = new TableWriter(to)
  try {
    for (const [i, { path, name }] of documents.entries()) {
      const text = await readDocument(path, name)
      await table.add(i + 1, { file: name, text, ...(areShared ? { [BELONGS_TO]: stems[i] ?? '' } : {}) })
      if (table.count % 50 === 0) onRows(table.count)
    }
  } finally {
    await table.close()
  }
}

async function readDocument(path: string, name: string): Promise<string> {
  let text = ''
  try {
    const encoding = await detectEncoding(path, undefined, DEFAULT_LIMITS)
    for await (const piece of textOf(path, encoding)) {
      text += piece
      if (text.length > DEFAULT_LIMITS.rowLength)
        throw new InputError(
          'document-too-long',
          `${name} is too long to be one document. Leave it out, or divide it into several files.`
        )
    }
  } catch (error) {
    throw inOwnName(error, name, path)
  }
  return text.replace(/\r\n?/g, '\n').trim()
}

/** The name without its ending and without a counter at its end: `P12-2.txt` and `P12 (2).txt` are both `P12`. */
function stemOf(name: string): string {
  const bare = basename(name, extname(name))
  const stem = bare.replace(/\s*\(\d+\)$/, '').replace(/[-_.\s]+\d+$/, '')

  return stem === '' || /^[-_.\s]*$/.test(stem) ? bare : stem
}
