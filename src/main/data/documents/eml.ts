import PostalMime, { type Address } from 'postal-mime'
import { harmless } from '../../base/wording.ts'
import { DEFAULT_LIMITS } from '../limits.ts'
import { htmlText } from './html-text.ts'
import { dayOf, textAlone, type ReadDocument } from './read-document.ts'
import { UnreadableDocument } from './rejected.ts'
import { tidy, tooLong } from './text.ts'

/** Parts in parts, and bytes of headers: far beyond any real message. */
const BOUNDS = { maxNestingDepth: 32, maxHeadersSize: 1 << 20, forceRfc822Attachments: true }

/** An e-mail: its text part (else the words of its HTML), subject, sender and day. Attachments are named and left alone, forwarded messages among them. */
export async function readEml(bytes: Buffer): Promise<ReadDocument> {
  const email = await PostalMime.parse(bytes, BOUNDS).catch((error: unknown) => {
    throw new UnreadableDocument('It is damaged, or is no e-mail. Open it in the mail program and save it again.', {
      cause: error
    })
  })
  if (email.headers.length === 0) throw new UnreadableDocument('It is no e-mail. Save it from the mail program as EML.')
  const body = email.text ?? (await htmlText(email.html ?? ''))
  const text = tidy(body)
  if (text.length > DEFAULT_LIMITS.rowLength) throw tooLong()
  if (text === '' && email.subject === undefined) throw new UnreadableDocument('There is no text in it.')
  return {
    ...textAlone(text),
    date: dayOf(email.date),
    subject: email.subject === undefined ? null : tidy(email.subject).replace(/\s+/g, ' '),
    from: email.from === undefined ? null : sender(email.from),
    attachments: email.attachments.map(({ filename, mimeType }) => harmless(filename ?? mimeType))
  }
}

/** `Anna Weber <weber@clinic.example>`. */
function sender({ name, address }: Address): string {
  const shownName = harmless(name).trim()
  if (address === undefined || address === '') return shownName
  return shownName === '' ? harmless(address) : `${shownName} <${harmless(address)}>`
}
