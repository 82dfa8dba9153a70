import { basename } from 'node:path'
import { InputError } from '../../base/errors.ts'
import type { Limits } from '../limits.ts'
import { shown } from '../../base/wording.ts'
import { bytesOf } from './bytes.ts'
import { refuseKnownBinary } from './magic.ts'
import { Utf8Scanner } from './utf8-scan.ts'

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252'

export const TITLES: Readonly<Record<Encoding, string>> = {
  'utf-8': 'UTF-8',
  'utf-16le': 'UTF-16 LE',
  'utf-16be': 'UTF-16 BE',
  'windows-1252': 'Windows-1252'
}

// As in the WHATWG encoding standard, Latin-1 names mean Windows-1252: it differs only where Latin-1 has control characters.
const NAMES = new Map<string, Encoding>([
  ['utf-8', 'utf-8'],
  ['utf8', 'utf-8'],
  ['utf-8-sig', 'utf-8'],
  ['utf-16le', 'utf-16le'],
  ['utf-16be', 'utf-16be'],
  ['windows-1252', 'windows-1252'],
  ['cp1252', 'windows-1252'],
  ['latin1', 'windows-1252'],
  ['latin-1', 'windows-1252'],
  ['iso-8859-1', 'windows-1252']
])

/** The encoding a person named. Throws an `InputError` listing the known ones. */
export function encodingNamed(name: string): Encoding {
  const found = NAMES.get(name.trim().toLowerCase())
  if (found) return found
  const message = `data.encoding is ${shown(name)}, which is not known. Use one of utf-8, utf-16le, utf-16be, windows-1252, or leave it out.`
  const inApp = `The encoding ${shown(name)} is not known. Choose one of ${Object.values(TITLES).join(', ')}.`
  throw new InputError('data_encoding_unknown', message, { key: 'encoding', inApp })
}

function markedEncoding(head: Buffer): Encoding | null {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return 'utf-8'
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be'
  return null
}

const SAVE_AGAIN = 'Save the file again as UTF-8'

function mixed(path: string, utf8Line: number, otherLine: number): InputError {
  const lines = `line ${utf8Line} is UTF-8 and line ${otherLine} is not`
  const message = `${basename(path)} mixes encodings: ${lines}. ${SAVE_AGAIN}, or name its encoding with 'encoding'.`
  const inApp = `${basename(path)} mixes encodings: ${lines}. ${SAVE_AGAIN}, or choose how its characters are to be read.`
  return new InputError('data_encoding_mixed', message, { file: path, line: Math.max(utf8Line, otherLine), inApp })
}

function notUtf8(path: string, line: number): InputError {
  const message = `Line ${line} of ${basename(path)} is not valid UTF-8. ${SAVE_AGAIN}, or name another encoding with 'encoding'.`
  const inApp = `Line ${line} of ${basename(path)} is not valid UTF-8. ${SAVE_AGAIN}, or choose another way to read its characters.`
  return new InputError('data_encoding', message, { file: path, line, inApp })
}

/** Decides between UTF-8 and Windows-1252 from the evidence so far; `null` while nothing is certain. Refuses what is neither. */
function judge(path: string, scanner: Utf8Scanner, declared: Encoding | null, isWhole: boolean): Encoding | null {
  const { multiByte, invalid, foreign } = scanner.evidence
  if (invalid > 0) {
    if (declared === 'utf-8') throw notUtf8(path, invalid)
    if (multiByte > 0) throw mixed(path, multiByte, invalid)
    if (foreign > 0) {
      const message = `${basename(path)} is neither UTF-8 (line ${invalid}) nor Windows-1252 text (line ${foreign}). ${SAVE_AGAIN}.`
      const inApp = message.replace(/\.$/, ', or choose how its characters are to be read.')
      throw new InputError('data_encoding', message, { file: path, line: Math.min(invalid, foreign), inApp })
    }
  }
  if (!isWhole) return null
  return invalid > 0 ? 'windows-1252' : 'utf-8'
}

function declaredEncoding(path: string, head: Buffer, asked: Encoding | undefined): Encoding | null {
  refuseKnownBinary(path, head)
  const marked = markedEncoding(head)
  if (marked === null || asked === undefined || marked === asked) return asked ?? marked
  const message = `${basename(path)} starts with the mark of ${TITLES[marked]}, but 'encoding' says ${TITLES[asked]}. Leave 'encoding' out.`
  const inApp = `${basename(path)} says of itself that it is ${TITLES[marked]}, so it cannot be read as ${TITLES[asked]}. Choose ${TITLES[marked]}.`
  throw new InputError('data_encoding', message, { file: path, key: 'encoding', inApp })
}

/**
 * Finds the encoding of a text file, reading it once as a stream: a byte order mark decides, then UTF-8 when every byte fits, then
 * Windows-1252 when no line is UTF-8 and no byte is undefined in it. `asked` is what the person named, which is checked, not trusted.
 * Throws an `InputError` naming the line for mixed encodings, NUL bytes, lines over the limit and known binary formats.
 */
export async function detectEncoding(
  path: string,
  asked: Encoding | undefined,
  limits: Limits,
  signal?: AbortSignal
): Promise<Encoding> {
  const scanner = new Utf8Scanner(path, limits.rowLength)
  let declared: Encoding | null = null
  let isFirst = true
  for await (const bytes of bytesOf(path, signal)) {
    if (isFirst) declared = declaredEncoding(path, bytes, asked)
    // A decoder that fails on bad input checks the rest of UTF-16.
    if (declared === 'utf-16le' || declared === 'utf-16be') return declared
    const isMarked = isFirst && markedEncoding(bytes) === 'utf-8'
    scanner.push(isMarked ? bytes.subarray(3) : bytes)
    if (declared !== 'windows-1252') judge(path, scanner, declared, false)
    isFirst = false
  }
  scanner.end()
  return declared === 'windows-1252' ? declared : (judge(path, scanner, declared, true) ?? 'utf-8')
}
