import type { IncomingMessage } from 'node:http'
import { InputError } from '../../base/errors.ts'

/** Bytes in the largest request: texts to be answered. */
const MOST = 32 * 2 ** 20

/** The JSON object that a request carries; `{}` where it carries none. */
export async function readJson(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request) {
    const bytes = chunk as Buffer // A request without an encoding is read as bytes.
    length += bytes.length
    if (length > MOST) throw new InputError('request-too-large', 'That is too much at once. Send less text.')
    chunks.push(bytes)
  }
  const value = parsed(Buffer.concat(chunks).toString('utf8'))
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Readonly<Record<string, unknown>> // JSON has text keys.
  throw new InputError('bad-request', 'The page sent what Attune does not understand. Reload it.')
}

function parsed(text: string): unknown {
  try {
    return text === '' ? {} : JSON.parse(text)
  } catch (error) {
    throw new InputError('bad-request', 'The page sent what Attune does not understand. Reload it.', {}, { cause: error })
  }
}
