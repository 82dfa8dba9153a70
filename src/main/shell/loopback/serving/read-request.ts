import type { IncomingMessage } from 'node:http'
import type { AskedRow, ModelDescription, ServingLimits } from './answering.ts'
import { Problem } from './problem.ts'

/** The body of a request, refused as soon as it is known to be too large; what still comes is read and dropped. @throws Problem */
export function readBody(request: IncomingMessage, most: number): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  const chunks: Buffer[] = []
  let length = 0
  const refuse = (): void => {
    chunks.length = 0
    reject(new Problem(413, 'too-large', `A request may have ${most} bytes. Send fewer texts at once.`))
  }
  if (Number(request.headers['content-length'] ?? 0) > most) refuse()
  request.on('data', (chunk: Buffer) => {
    length += chunk.length
    if (length > most) refuse()
    else chunks.push(chunk)
  })
  request.on('end', () => resolve(Buffer.concat(chunks)))
  request.on('error', reject)
  return promise
}

/** The rows that a request asks about. @throws Problem naming what is wrong with it; what it holds is not repeated */
export function rowsOf(body: Buffer, { columns, questions }: ModelDescription, limits: ServingLimits): readonly AskedRow[] {
  const value = parsed(body)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong('It must be a JSON object.')
  const { texts, rows, ...others } = value as Readonly<Record<string, unknown>> // JSON has text keys.
  const [other] = Object.keys(others)
  if (other !== undefined) throw wrong('It may have texts or rows, and nothing else.')
  if ((texts === undefined) === (rows === undefined)) throw wrong('It must have either texts or rows.')
  const asked = texts ?? rows
  if (!Array.isArray(asked) || asked.length === 0) throw wrong('texts or rows must be a list with at least one entry.')
  if (asked.length > limits.rows) {
    const message = `A request may have ${limits.rows} rows, and this one has ${asked.length}. Send them in several requests.`
    throw new Problem(413, 'too-many-rows', message)
  }
  if (questions) {
    const hasOwn = questions.length > 0
    return asked.map((entry: unknown, i) => (texts === undefined ? askedRowOf(entry, i, hasOwn) : askedTextOf(entry, i, hasOwn)))
  }
  return asked.map((entry: unknown, i) => (texts === undefined ? rowOf(entry, i, columns.pair) : textOf(entry, i, columns.pair)))
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) as unknown
  } catch {
    throw wrong('It is no JSON in UTF-8.')
  }
}

function textOf(entry: unknown, i: number, pair: string | null): AskedRow {
  if (pair !== null) throw wrong('This model reads two texts of a row: send rows with text and pair.')
  if (typeof entry !== 'string') throw wrong(`texts[${i}] is no text.`)
  return { text: entry, pair: null }
}

function rowOf(entry: unknown, i: number, pair: string | null): AskedRow {
  const isObject = typeof entry === 'object' && entry !== null && !Array.isArray(entry)
  const { text, pair: second = null, ...others } = isObject ? (entry as Readonly<Record<string, unknown>>) : {} // As above.
  if (typeof text !== 'string' || Object.keys(others).length > 0)
    throw wrong(`rows[${i}] must be an object with text${pair === null ? '' : ' and pair'}, and nothing else.`)
  if (pair === null && second !== null) throw wrong(`rows[${i}] has a pair, but this model reads one text of a row.`)
  if (pair === null) return { text, pair: null }
  if (typeof second !== 'string') throw wrong(`rows[${i}] has no pair, but this model reads two texts of a row.`)
  return { text, pair: second }
}

function askedTextOf(entry: unknown, i: number, hasOwn: boolean): AskedRow {
  if (!hasOwn) throw wrong('This model has no questions of its own: send rows with text and question.')
  return textOf(entry, i, null)
}

function askedRowOf(entry: unknown, i: number, hasOwn: boolean): AskedRow {
  const isObject = typeof entry === 'object' && entry !== null && !Array.isArray(entry)
  const { text, question = null, ...others } = isObject ? (entry as Readonly<Record<string, unknown>>) : {} // As above.
  if (typeof text !== 'string' || Object.keys(others).length > 0)
    throw wrong(`rows[${i}] must be an object with text and question, and nothing else.`)
  if (question === null && hasOwn) return { text, pair: null }
  if (typeof question === 'string' && question.trim() !== '') return { text, pair: question }
  throw wrong(`rows[${i}] has no question${hasOwn ? ': leave it out for those of the model' : ''}.`)
}

const wrong = (why: string): Problem => new Problem(400, 'bad-request', `The request cannot be understood. ${why}`)
