import { basename } from 'node:path'
import { InputError } from '../../base/errors.ts'
import { bytesOf } from './bytes.ts'
import { TITLES, type Encoding } from './encoding.ts'
import { nulRefusal } from './magic.ts'

/** What Windows-1252 has at 0x80–0x9F; the five undefined bytes stay control characters, as in the WHATWG standard. */
const WINDOWS_1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ'

const C1 = /[\x80-\x9f]/g

type Decode = (bytes: Buffer | null) => string

function decoderOf(encoding: Encoding): Decode {
  if (encoding === 'windows-1252') {
    return (bytes) => (bytes?.toString('latin1') ?? '').replace(C1, (one) => WINDOWS_1252[one.charCodeAt(0) - 0x80] ?? one)
  }
  const decoder = new TextDecoder(encoding, { fatal: true })
  return (bytes) => (bytes === null ? decoder.decode() : decoder.decode(bytes, { stream: true }))
}

function countLines(text: string): number {
  let lines = 0
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines++
  return lines
}

/**
 * The text of a file in pieces, without a byte order mark. Throws an `InputError` for bytes that are not in `encoding`
 * and for NUL characters, naming the line.
 */
export async function* textOf(path: string, encoding: Encoding, signal?: AbortSignal): AsyncGenerator<string, void, undefined> {
  const decode = decoderOf(encoding)
  let line = 1
  const checked = (bytes: Buffer | null): string => {
    let text: string
    try {
      text = decode(bytes)
    } catch (error) {
      const message = `${basename(path)} is not valid ${encoding} text near line ${line}. Save the file again as UTF-8.`
      const inApp = `${basename(path)} is not valid ${TITLES[encoding]} text near line ${line}. Save the file again as UTF-8, or choose another way to read its characters.`
      throw new InputError('data_encoding', message, { file: path, line, inApp }, { cause: error })
    }
    const nul = text.indexOf('\0')
    if (nul !== -1) throw nulRefusal(path, line + countLines(text.slice(0, nul)))
    line += countLines(text)
    return text
  }
  for await (const bytes of bytesOf(path, signal)) yield checked(bytes)
  yield checked(null)
}
