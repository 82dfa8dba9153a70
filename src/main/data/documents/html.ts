import { DEFAULT_LIMITS } from '../limits.ts'
import { htmlText } from './html-text.ts'
import { textAlone, type ReadDocument } from './read-document.ts'
import { UnreadableDocument } from './rejected.ts'
import { tidy, tooLong } from './text.ts'

/** How far a page's own word for its encoding is looked for (WHATWG HTML, prescan). */
const PRESCAN = 1024

/** A web page that was saved: its words. Pictures, scripts and what it links to are left alone. Throws an UnreadableDocument where there are none. */
export async function readHtml(bytes: Buffer): Promise<ReadDocument> {
  const text = tidy(await htmlText(decoded(bytes)))
  if (text.length > DEFAULT_LIMITS.rowLength) throw tooLong()
  if (text === '')
    throw new UnreadableDocument('There is no text in it. A page that a script fills is saved empty: print it to PDF.')
  return textAlone(text)
}

/** A mark at the start decides, then what the page says of itself, then UTF-8 where every byte fits, then Windows-1252. */
function decoded(bytes: Buffer): string {
  const marked = markOf(bytes)
  if (marked !== null) return new TextDecoder(marked).decode(bytes)
  const said = /<meta[^>]*?charset\s*=\s*["']?\s*([\w.:-]{2,40})/i.exec(bytes.toString('latin1', 0, PRESCAN))?.[1]
  const declared = said === undefined ? null : decoderOf(said)
  if (declared) return declared.decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

function markOf(bytes: Buffer): string | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8'
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : null
}

/** Null for an encoding that there is not. A page that can be looked into for its word is no UTF-16 (WHATWG HTML). */
function decoderOf(name: string): InstanceType<typeof TextDecoder> | null {
  try {
    return new TextDecoder(/^utf-?16/i.test(name) ? 'utf-8' : name)
  } catch {
    return null
  }
}
