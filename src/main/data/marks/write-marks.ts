import { mkdtemp, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { InputError } from '../../base/errors.ts'
import { safeFileName } from '../../base/file-name.ts'
import { writeFile } from '../../base/sealed/fs.ts'
import { codePointOffsets, spansCell, type MarkedDocument, type Span } from '../spans/span.ts'
import { harmlessText, writeCsv, writeJsonl, writeLinesAside, type JsonCell } from '../write-csv.ts'
import { conllLines } from './conll-lines.ts'

export const markFormats = ['spacy', 'doccano', 'brat', 'conll', 'csv'] as const
export type MarkFormat = (typeof markFormats)[number]

/** How much was written; `left` counts marks that the format cannot hold. */
export interface WrittenMarks {
  readonly documents: number
  readonly marks: number
  readonly left: number
}

type Documents = AsyncIterable<MarkedDocument>

/**
 * Writes marked documents for another program: JSON Lines for spaCy and doccano, a folder of `.txt` and `.ann` for BRAT, tagged words for CoNLL, a table
 * with the columns id, text and spans for CSV. What is there already is never replaced: throws an InputError. Written aside and renamed when whole.
 */
export async function writeMarks(format: MarkFormat, documents: Documents, out: string): Promise<WrittenMarks> {
  await refuseExisting(out)
  const counts = { documents: 0, marks: 0, left: 0 }
  const counting = counted(documents, counts)
  if (format === 'brat') await writeBrat(counting, out)
  else if (format === 'conll') await writeLinesAside(out, conllText(counting, counts))
  else if (format === 'csv') await writeCsv(out, ['id', 'text', 'spans'], csvRows(counting), { escapeFormulas: false })
  else await writeJsonl(out, format === 'spacy' ? mapped(counting, spacyRow) : mapped(counting, doccanoRow))
  return counts
}

async function refuseExisting(out: string): Promise<void> {
  const folder = dirname(resolve(out))
  if ((await stat(folder).catch(() => null))?.isDirectory() !== true)
    throw new InputError('output_folder_missing', `${basename(out)} cannot be written: its folder does not exist.`, {
      file: folder
    })
  if ((await stat(out).catch(() => null)) === null) return
  const message = `${basename(out)} exists already. Name another place with --out, or move this one away.`
  const inApp = `${basename(out)} exists already. Name another place, or move this one away.`
  throw new InputError('output_exists', message, { file: out, inApp })
}

async function* counted(documents: Documents, counts: { documents: number; marks: number }): AsyncGenerator<MarkedDocument> {
  for await (const document of documents) {
    counts.documents++
    counts.marks += document.spans.length
    yield document
  }
}

type Row = Readonly<Record<string, JsonCell>>

async function* mapped(documents: Documents, row: (document: MarkedDocument) => Row): AsyncGenerator<Row> {
  for await (const document of documents) yield row(document)
}

/** Marks in order, counted in code points as Python counts. */
function inCodePoints({ text, spans }: MarkedDocument): readonly Span[] {
  const counts = codePointOffsets(text)
  const inOrder = spans.toSorted((a, b) => a.start - b.start || a.end - b.end)
  return inOrder.map(({ start, end, label }) => ({ start: counts[start] ?? 0, end: counts[end] ?? 0, label }))
}

const spacyRow = (document: MarkedDocument): Row => ({
  id: document.id,
  text: document.text,
  ents: inCodePoints(document).map(({ start, end, label }) => ({ start, end, label }))
})

const doccanoRow = (document: MarkedDocument): Row => ({
  id: document.id,
  text: document.text,
  label: inCodePoints(document).map(({ start, end, label }) => [start, end, label])
})

/** Text that a spreadsheet would compute begins with a quote, as in every table that is written; its marks move along. */
async function* csvRows(documents: Documents): AsyncGenerator<readonly string[]> {
  for await (const { id, text, spans } of documents) {
    const safe = harmlessText(text)
    const by = safe.length - text.length
    const marks = by === 0 ? spans : spans.map(({ start, end, label }) => ({ start: start + by, end: end + by, label }))
    yield [harmlessText(id), safe, spansCell(safe, marks)]
  }
}

async function* conllText(documents: Documents, counts: { left: number }): AsyncGenerator<string> {
  for await (const { text, spans } of documents) {
    const { lines, left } = conllLines(text, spans)
    counts.left += left
    yield `-DOCSTART-\tO\n\n${lines.join('\n')}\n\n`
  }
}

/** A `.txt` and an `.ann` for each document, in a folder that appears when all of them are there. */
async function writeBrat(documents: Documents, out: string): Promise<void> {
  const aside = await mkdtemp(join(dirname(resolve(out)), '.marks-'))
  try {
    const taken = new Set<string>()
    for await (const document of documents) {
      const name = fileNameOf(document.id, taken)
      await writeFile(join(aside, `${name}.txt`), document.text)
      await writeFile(join(aside, `${name}.ann`), annotationsOf(document))
    }
    await rename(aside, out)
  } catch (error) {
    await rm(aside, { recursive: true, force: true })
    throw error
  }
}

/** An id as the name of a file that every system can hold, and that no other document has. */
function fileNameOf(id: string, taken: Set<string>): string {
  const base = safeFileName(id.replaceAll(/[./\\\s]+/g, '-'), 'document')
  let name = base
  for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${base}-${n}`
  taken.add(name.toLowerCase())
  return name
}

/** `T1<tab>TYPE 0 4<tab>text`; a type of several words is joined, and a passage over several lines is quoted in one. */
function annotationsOf(document: MarkedDocument): string {
  const inText = document.spans.toSorted((a, b) => a.start - b.start || a.end - b.end)
  return inCodePoints(document)
    .map(({ start, end, label }, i) => {
      const { start: from = 0, end: to = 0 } = inText[i] ?? {}
      const quote = document.text.slice(from, to).replace(/\s/g, ' ')
      return `T${i + 1}\t${label.replace(/\s+/g, '_')} ${start} ${end}\t${quote}\n`
    })
    .join('')
}
