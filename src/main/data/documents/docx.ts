import mammoth from 'mammoth'
import { DEFAULT_LIMITS } from '../limits.ts'
import { dayOf, textAlone, type ReadDocument } from './read-document.ts'
import { UnreadableDocument } from './rejected.ts'
import { tidy, tooLong } from './text.ts'
import { archiveOf, partsOf } from './zip-parts.ts'

/** Text and what it stands on: no pictures, no fonts, nothing that is embedded. */
const WANTED = /^(?:\[Content_Types\]\.xml|_rels\/\.rels|docProps\/core\.xml|word\/(?:_rels\/)?[A-Za-z0-9]+\.xml(?:\.rels)?)$/

/** What mammoth makes of a document: elements in elements. Fields that others have are left out. */
interface Element {
  readonly type: string
  readonly value?: string
  readonly noteType?: string
  readonly noteId?: string
  readonly children?: readonly Element[]
  readonly body?: readonly Element[]
  /** Of the document: its footnotes and endnotes. */
  readonly notes?: { readonly resolve: (reference: Element) => Element | undefined }
}

/** The text of a Word document: paragraphs, tables, footnotes and text boxes; without headers, comments and what was deleted. */
export async function readDocx(bytes: Buffer): Promise<ReadDocument> {
  const parts = await partsOf(bytes, (name) => WANTED.test(name))
  if (!parts.has('word/document.xml'))
    throw new UnreadableDocument('It is no Word document. Open it in Word and save it as DOCX.')
  for (const part of parts.values()) refuseDeclarations(part)
  const collected = await elementsOf(await archiveOf(parts))
  const text = tidy(textOf(collected))
  if (text.length > DEFAULT_LIMITS.rowLength) throw tooLong()
  if (text === '') throw new UnreadableDocument('There is no text in it.')
  return { ...textAlone(text), date: dateIn(parts.get('docProps/core.xml')) }
}

/** Entities of a document's own are how XML reaches other files or grows without end; no word processor writes any. */
function refuseDeclarations(part: Buffer): void {
  if (/<!(?:DOCTYPE|ENTITY)/i.test(part.toString('latin1')) || isWide(part))
    throw new UnreadableDocument(
      'It declares entities of its own, which no word processor writes. Open it in Word and save it again.'
    )
}

/** UTF-16, in which a declaration would not be seen; word processors write UTF-8. */
const isWide = (part: Buffer): boolean => part.subarray(0, 64).includes(0) || part[0] === 0xff || part[0] === 0xfe

/** The document as mammoth reads it. Its own raw text would lose tabs, line breaks and footnotes. */
async function elementsOf(archive: Buffer): Promise<Element> {
  let found: Element | undefined
  const transformDocument = (document: Element): Element => {
    found = document
    return { ...document, children: [] }
  }
  try {
    await mammoth.convertToHtml({ buffer: archive }, { transformDocument, includeDefaultStyleMap: false })
  } catch (error) {
    throw new UnreadableDocument('It is damaged. Open it in Word and save it again.', { cause: error })
  }
  if (!found) throw new UnreadableDocument('It is damaged. Open it in Word and save it again.')
  return found
}

/** A line for each paragraph and each row of a table; footnotes after the text, in the order in which it names them. */
function textOf(document: Element): string {
  const pieces: string[] = []
  const notes: Element[] = []
  const write = (elements: readonly Element[]): void => elements.forEach(writeOne)
  const writeOne = (element: Element): void => {
    const { type, value = '', children = [] } = element
    if (type === 'text') pieces.push(value)
    else if (type === 'tab') pieces.push('\t')
    else if (type === 'break') pieces.push('\n')
    else if (type === 'noteReference') notes.push(element)
    else if (type === 'table') for (const row of children) writeRow(row)
    else write(children)
    if (type === 'paragraph') pieces.push('\n')
  }
  const writeRow = (row: Element): void => {
    const cells = (row.children ?? []).map((cell) => {
      const from = pieces.length
      write(cell.children ?? [])
      return pieces.splice(from).join('').trim().replace(/\n+/g, ' ')
    })
    pieces.push(cells.join('\t'), '\n')
  }
  write(document.children ?? [])
  for (const reference of notes) {
    pieces.push('\n')
    write(document.notes?.resolve(reference)?.body ?? [])
  }
  return pieces.join('')
}

/** When the document was made, else when it was last changed. */
function dateIn(core: Buffer | undefined): string | null {
  const xml = core?.toString('utf8', 0, 1 << 16) ?? ''
  const told = (name: string): string | null => dayOf(new RegExp(`<dcterms:${name}\\b[^>]{0,200}>([^<]{0,40})<`).exec(xml)?.[1])
  return told('created') ?? told('modified')
}
