import { InputError, sentenceInApp } from '../../base/errors.ts'
import { sizeOf } from '../../base/wording.ts'
import { DEFAULT_LIMITS } from '../limits.ts'
import { detectEncoding } from '../source/encoding.ts'
import { textOf } from '../source/text.ts'
import { inOwnName } from '../own-name.ts'
import { UnreadableDocument } from './rejected.ts'

/** The refusal of a document that is no document any more. */
export const tooLong = (): UnreadableDocument =>
  new UnreadableDocument(
    `It holds more than ${sizeOf(DEFAULT_LIMITS.rowLength)} of text, which is too long for one document. Divide it into several files.`
  )

/** The text of a TXT or MD file, in whatever encoding it is. `asItIs`: with its line breaks and what stands around it. Throws an UnreadableDocument. */
export async function readTextFile(
  path: string,
  name: string,
  signal?: AbortSignal,
  { asItIs = false }: { readonly asItIs?: boolean } = {}
): Promise<string> {
  let text = ''
  try {
    const encoding = await detectEncoding(path, undefined, DEFAULT_LIMITS, signal)
    for await (const piece of textOf(path, encoding, signal)) {
      text += piece
      if (text.length > DEFAULT_LIMITS.rowLength) throw tooLong()
    }
  } catch (error) {
    const own = inOwnName(error, name, path)
    throw own instanceof InputError ? new UnreadableDocument(sentenceInApp(own), { cause: own }) : error
  }
  return asItIs ? text : text.replace(/\r\n?/g, '\n').trim()
}

/** One kind of line break, no more than one empty line in a row, nothing around it; whole characters only. */
export function tidy(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replaceAll('\0', '')
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}
