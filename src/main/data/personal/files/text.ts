import { basename } from 'node:path'
import { InputError } from '../../../base/errors.ts'
import { writeFile } from '../../../base/sealed/fs.ts'
import { DEFAULT_LIMITS } from '../../limits.ts'
import { detectEncoding } from '../../source/encoding.ts'
import { textOf } from '../../source/text.ts'
import { NOTHING_TO_NOTE, type FileCleaner } from './define-cleaner.ts'

/** Plain text, in UTF-8 whatever it was in. */
export const textCleaner: FileCleaner = {
  endings: ['.txt', '.md', '.text', '.markdown'],
  async clean(from, to, { cleaner, group, signal }) {
    const text = await wholeText(from, signal)
    const [clean] = await cleaner.clean([{ text, group }])
    await writeFile(to, clean?.text ?? '', { mode: 0o600 })
    return NOTHING_TO_NOTE
  }
}

/** @throws InputError for what is no text, or too long to be one document */
async function wholeText(path: string, signal: AbortSignal): Promise<string> {
  const encoding = await detectEncoding(path, undefined, DEFAULT_LIMITS, signal)
  let text = ''
  for await (const piece of textOf(path, encoding, signal)) {
    text += piece
    if (text.length > DEFAULT_LIMITS.rowLength)
      throw new InputError('document-too-long', `${basename(path)} is too long to be one document. Divide it into several files.`)
  }
  return text
}
