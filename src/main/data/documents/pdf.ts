import { getDocumentProxy } from 'unpdf'
import { messageOf } from '../../base/errors.ts'
import { counted } from '../../base/wording.ts'
import { DEFAULT_LIMITS } from '../limits.ts'
import { pageText, undivided, type TextPiece } from './pdf-layout.ts'
import { dayOf, textAlone, type ReadDocument } from './read-document.ts'
import { UnreadableDocument } from './rejected.ts'
import { tidy, tooLong } from './text.ts'

/** Pages of one document. */
const MOST_PAGES = 5000

/** No script in the file is run, no font or form is built, nothing is drawn: only the text layer is read. */
const SETTINGS = {
  isEvalSupported: false,
  disableFontFace: true,
  useSystemFonts: false,
  enableXfa: false,
  stopAtErrors: false,
  maxImageSize: 0,
  verbosity: 0
}

/** The text layer of a PDF. Throws an UnreadableDocument where it has none on any page: such a file holds pictures of its pages. */
export async function readPdf(bytes: Buffer): Promise<ReadDocument> {
  const pdf = await getDocumentProxy(new Uint8Array(bytes), SETTINGS).catch((error: unknown) => {
    throw refusal(error)
  })
  try {
    const { numPages } = pdf
    if (numPages > MOST_PAGES)
      throw new UnreadableDocument(`It has more than ${counted(MOST_PAGES, 'page')}. Divide it into several files.`)
    const pages: string[] = []
    const emptyPages: number[] = []
    let length = 0
    for (let number = 1; number <= numPages; number++) {
      const page = await pdf.getPage(number)
      const { items } = await page.getTextContent({ disableNormalization: false })
      const text = pageText(items.filter((item): item is typeof item & TextPiece => 'str' in item))
      page.cleanup()
      length += text.length
      if (length > DEFAULT_LIMITS.rowLength) throw tooLong()
      if (text === '') emptyPages.push(number)
      else pages.push(text)
    }
    const text = tidy(undivided(pages.join('\n\n')))
    if (text === '') throw new UnreadableDocument(noTextLayer(numPages))
    return { ...textAlone(text), date: await dateOf(pdf), emptyPages }
  } catch (error) {
    throw error instanceof UnreadableDocument ? error : refusal(error)
  } finally {
    await pdf.loadingTask.destroy()
  }
}

const noTextLayer = (pages: number): string =>
  `It has no text layer: ${pages === 1 ? 'its page is a picture' : `its ${counted(pages, 'page')} are pictures`}, as a scanner makes them, or blank. Recognise the text first (OCR) and save it as PDF again.`

function refusal(error: unknown): UnreadableDocument {
  const isLocked = error instanceof Error && error.name === 'PasswordException'
  if (isLocked)
    return new UnreadableDocument('It is protected by a password. Save it without one and try again.', { cause: error })
  const reason = 'It is damaged, or is no PDF. Open it in a PDF reader and print it to a new PDF.'
  return new UnreadableDocument(reason, { cause: messageOf(error) })
}

/** `D:20260301120000+01'00'`: when the file was made. */
async function dateOf(pdf: Awaited<ReturnType<typeof getDocumentProxy>>): Promise<string | null> {
  const { info } = await pdf.getMetadata()
  const moment = 'CreationDate' in info && typeof info.CreationDate === 'string' ? info.CreationDate : ''
  return dayOf(moment.replace(/^D:(\d{4})(\d{2})(\d{2}).*$/s, '$1-$2-$3'))
}
