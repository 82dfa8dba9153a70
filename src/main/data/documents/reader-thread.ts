import { parentPort } from 'node:worker_threads'
import { messageOf } from '../../base/errors.ts'
import type { DocumentKind } from './kinds.ts'
import type { ReadDocument } from './read-document.ts'
import { UnreadableDocument } from './rejected.ts'

/** What a thread is asked: the file itself, never where it lies. */
export interface ReadRequest {
  readonly id: number
  readonly kind: Exclude<DocumentKind, 'text'>
  readonly bytes: Uint8Array
}

/** What it answers: the document, or the sentence why not; `bug`: what no document should be able to cause. */
export type ReadAnswer = { readonly id: number } & (
  { readonly document: ReadDocument } | { readonly reason: string } | { readonly bug: string }
)

/** A parser is loaded when the first document of its kind comes. */
async function read(kind: ReadRequest['kind'], bytes: Buffer): Promise<ReadDocument> {
  if (kind === 'docx') return (await import('./docx.ts')).readDocx(bytes)
  if (kind === 'pdf') return (await import('./pdf.ts')).readPdf(bytes)
  if (kind === 'html') return (await import('./html.ts')).readHtml(bytes)
  return (await import('./eml.ts')).readEml(bytes)
}

async function answer({ id, kind, bytes }: ReadRequest): Promise<ReadAnswer> {
  try {
    return { id, document: await read(kind, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)) }
  } catch (error) {
    return error instanceof UnreadableDocument ? { id, reason: error.message } : { id, bug: messageOf(error) }
  }
}

const port = parentPort
port?.on('message', (request: ReadRequest) => void answer(request).then((reply) => port.postMessage(reply)))
