import { basename } from 'node:path'
import { InputError } from '../../../base/errors.ts'
import { writeFile } from '../../../base/sealed/fs.ts'
import { counted } from '../../../base/wording.ts'
import type { ReadDocument } from '../../documents/read-document.ts'
import { UnreadableDocument } from '../../documents/rejected.ts'
import type { FileCleaner, FileJob } from './define-cleaner.ts'

/** Documents of which only the text can be carried over: PDF, web pages, and e-mail with its subject and sender. */
export const documentCleaner: FileCleaner = {
  endings: ['.pdf', '.eml', '.html', '.htm'],
  writes: '.txt',
  async clean(from, to, job) {
    const document = await read(from, job)
    const [clean] = await job.cleaner.clean([{ text: wholeText(document), group: job.group }])
    await writeFile(to, clean?.text ?? '', { mode: 0o600 })
    return { notes: notesOn(document) }
  }
}

/** @throws InputError for a document that cannot be read, or that holds pictures alone */
async function read(path: string, { documents, signal }: FileJob): Promise<ReadDocument> {
  const name = basename(path)
  try {
    return await documents.read({ path, name }, signal)
  } catch (error) {
    if (!(error instanceof UnreadableDocument)) throw error
    throw new InputError('data_no_text', `${name} was not gone through. ${error.message}`, { file: path }, { cause: error })
  }
}

/** What a reader of an e-mail sees above its text stands above it here. */
function wholeText({ from, date, subject, text }: ReadDocument): string {
  const head = [
    ...(from === null ? [] : [`From: ${from}`]),
    ...(from === null || date === null ? [] : [`Date: ${date}`]),
    ...(subject === null ? [] : [`Subject: ${subject}`])
  ]
  return `${[...head, ...(head.length > 0 ? [''] : []), text].join('\n')}\n`
}

const notesOn = ({ emptyPages, attachments }: ReadDocument): readonly string[] => [
  ...(emptyPages.length > 0
    ? [
        `${counted(emptyPages.length, 'page')} without a text layer (${emptyPages.slice(0, 10).join(', ')}): nothing of them is in the copy.`
      ]
    : []),
  ...(attachments.length > 0 ? [`${counted(attachments.length, 'attachment')}: nothing of them is in the copy.`] : [])
]
