import { extname } from 'node:path'

/** How the text is found in a document. */
export type DocumentKind = 'text' | 'docx' | 'pdf' | 'eml' | 'html'

const KINDS: Readonly<Record<string, DocumentKind>> = {
  '.txt': 'text',
  '.text': 'text',
  '.md': 'text',
  '.markdown': 'text',
  '.docx': 'docx',
  '.pdf': 'pdf',
  '.eml': 'eml',
  '.html': 'html',
  '.htm': 'html'
}

const endingOf = (name: string): string => extname(name).toLowerCase()

/** The kind that a name's ending says; null where it is no document that can be read. */
export function documentKind(name: string): DocumentKind | null {
  const ending = endingOf(name)
  return Object.hasOwn(KINDS, ending) ? (KINDS[ending] ?? null) : null
}

const OFFICE = 'Open it where it was written and save it as DOCX, PDF or TXT.'
const TABLE = 'It is a table: drop it by itself.'
const PICTURE = 'It is a picture, which holds no text. Recognise its text first, and save that as PDF or TXT.'
const ARCHIVE = 'Unpack it first.'

/** What helps with files that lie among documents. */
const ADVICE: Readonly<Record<string, string>> = {
  ...Object.fromEntries(['.doc', '.dot', '.odt', '.rtf', '.wpd', '.pages', '.docm'].map((ending) => [ending, OFFICE])),
  ...Object.fromEntries(
    ['.csv', '.tsv', '.tab', '.xlsx', '.xls', '.ods', '.json', '.jsonl', '.ndjson', '.parquet', '.arrow', '.feather'].map(
      (ending) => [ending, TABLE]
    )
  ),
  ...Object.fromEntries(
    ['.png', '.jpg', '.jpeg', '.tif', '.tiff', '.gif', '.bmp', '.webp', '.heic'].map((ending) => [ending, PICTURE])
  ),
  ...Object.fromEntries(['.zip', '.gz', '.7z', '.rar', '.tar'].map((ending) => [ending, ARCHIVE])),
  '.ann': 'Marks lie beside the text that they count: put a text file of the same name beside it.',
  '.msg': 'Open it in Outlook and save it as EML or TXT.',
  '.mht': 'Open it in a browser and save it as HTML.',
  '.mhtml': 'Open it in a browser and save it as HTML.'
}

/** Why a file that is no document is left out, as a sentence. */
export function whyNoDocument(name: string): string {
  const ending = endingOf(name)
  const what = ending === '' ? 'A file without an ending' : `A file that ends in ${ending}`
  const advice = Object.hasOwn(ADVICE, ending) ? ADVICE[ending] : 'Save its text as DOCX, PDF, EML, HTML, MD or TXT.'
  return `${what} is not read as a document. ${advice}`
}

/** Files that systems, word processors and BRAT leave behind: nobody means them. */
export const isLitter = (name: string): boolean =>
  name.startsWith('.') ||
  name.startsWith('~$') ||
  /^(?:thumbs\.db|desktop\.ini|__macosx|(?:annotation|visual|tools|kb_shortcuts)\.conf)$/i.test(name)
