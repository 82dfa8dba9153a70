import { basename } from 'node:path'
import { InputError } from '../../base/errors.ts'
import { sizeOf } from '../../base/wording.ts'
import type { OnRejected } from '../documents/rejected.ts'
import { DEFAULT_LIMITS } from '../limits.ts'
import { detectEncoding, encodingNamed } from '../source/encoding.ts'
import { headOf, roughText } from '../source/head.ts'
import { JsonItemScanner } from '../source/json-items.ts'
import { textOf } from '../source/text.ts'
import { SAMPLE_ROWS, type Importer, type ImportOptions, type Probe, type Row, type TableFormat } from './define-importer.ts'

/** Columns of a question, as Hugging Face's `squad` has them. */
export const SQUAD_COLUMNS = ['id', 'title', 'context', 'question', 'answers'] as const

const SQUAD = 'squad'
const HEAD_BYTES = 1 << 18
const PROBED_QUESTIONS = 1000

/** The beginning of the file up to its list of articles. Before it stand simple values alone. */
const beforeArticles = /^\s*\{(?:\s*"[^"\\]*"\s*:\s*(?:"[^"\\]*"|-?[\d.]+|true|false|null)\s*,)*\s*"data"\s*:\s*(?=\[)/

/**
 * An importer of JSON that also knows SQuAD's own files, 1.1 and 2.0 (`{"data": [{"title", "paragraphs": [{"context", "qas": […]}]}]}`), and those laid out
 * like them (CUAD, GermanQuAD): a row for each question, read an article at a time. `answers` is empty where a question has none.
 */
export function withSquad(base: Importer): Importer {
  return {
    ...base,
    probe: async (path, options = {}, signal) =>
      (await isSquad(path, options, signal)) ? probe(path, options, signal) : base.probe(path, options, signal),
    rows: (path, format, signal, onRejected) =>
      format.marks === SQUAD ? rows(path, format, signal, onRejected) : base.rows(path, format, signal, onRejected)
  }
}

async function isSquad(path: string, { encoding }: ImportOptions, signal?: AbortSignal): Promise<boolean> {
  const { bytes } = await headOf(path, HEAD_BYTES, signal)
  const head = roughText(bytes, encoding && encodingNamed(encoding))
  return beforeArticles.test(head) && /"(?:paragraphs|qas|context)"\s*:/.test(head)
}

async function probe(path: string, options: ImportOptions, signal?: AbortSignal): Promise<Probe> {
  const limits = options.limits ?? DEFAULT_LIMITS
  const asked = options.encoding === undefined ? undefined : encodingNamed(options.encoding)
  const encoding = await detectEncoding(path, asked, { ...limits, rowLength: Infinity }, signal)
  const format: TableFormat = { encoding, delimiter: null, limits, marks: SQUAD }
  const sample: Row[] = []
  let seen = 0
  for await (const row of rows(path, format, signal)) {
    if (sample.length < SAMPLE_ROWS) sample.push(row)
    if (++seen === PROBED_QUESTIONS) break
  }
  if (seen > 0) return { format, columns: SQUAD_COLUMNS, sample }
  throw new InputError('data_file_empty', `${basename(path)} holds no question.`, { file: path })
}

/** A row's line is the question's place in the file. Questions without words are left out, and `onRejected` is told. */
async function* rows(
  path: string,
  format: TableFormat,
  signal?: AbortSignal,
  onRejected?: OnRejected
): AsyncGenerator<Row, void, undefined> {
  let line = 0
  for await (const article of articlesOf(path, format, signal)) {
    for (const { title, context, question } of questionsIn(article)) {
      line++
      const cells = rowOf(title, context, question)
      if (cells) yield { line, values: cells }
      else
        onRejected?.({ file: basename(path), place: `question ${line}`, reason: 'It has no question, no context or no answers.' })
    }
  }
}

/** The articles as they are written; what stands behind their list is left unread. */
async function* articlesOf(path: string, format: TableFormat, signal?: AbortSignal): AsyncGenerator<unknown, void, undefined> {
  const scanner = new JsonItemScanner(format.limits.rowLength)
  let head: string | null = ''
  try {
    for await (const piece of textOf(path, format.encoding, signal)) {
      let rest = piece
      if (head !== null) {
        head += piece
        const before = beforeArticles.exec(head)
        if (!before) continue
        rest = head.slice(before[0].length)
        head = null
      }
      for (const { text } of scanner.push(rest)) yield parsed(path, text)
      if (scanner.isWhole) return
    }
  } catch (error) {
    if (error instanceof RangeError) throw tooLong(path, format.limits.rowLength)
    if (!(error instanceof SyntaxError)) throw error
    // The list of articles ended, and something follows it.
    if (scanner.isWhole) return
    throw broken(path)
  }
  throw broken(path)
}

function parsed(path: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw broken(path)
  }
}

interface Found {
  readonly title: unknown
  readonly context: unknown
  readonly question: Readonly<Record<string, unknown>>
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const listIn = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as readonly unknown[]) : []) // Checked by Array.isArray, which says any[].

/** Questions of an article, with what they are asked of. */
function questionsIn(article: unknown): Found[] {
  if (!isRecord(article)) return []
  const { title } = article
  return listIn(article['paragraphs'])
    .filter(isRecord)
    .flatMap(({ context, qas }) =>
      listIn(qas)
        .filter(isRecord)
        .map((question) => ({ title, context, question }))
    )
}

function rowOf(title: unknown, context: unknown, { id, question, answers, is_impossible: isImpossible }: Found['question']) {
  if (typeof context !== 'string' || typeof question !== 'string' || !Array.isArray(answers)) return null
  const named = (value: unknown): string | null =>
    typeof value === 'string' ? value.toWellFormed() : typeof value === 'number' ? String(value) : null
  const cells: Record<string, string | null> = Object.assign(Object.create(null) as Record<string, string | null>, {
    id: named(id),
    title: named(title),
    context: context.toWellFormed(),
    // As transformers does: blanks before a question only take room.
    question: question.trimStart().toWellFormed(),
    answers: JSON.stringify(isImpossible === true ? [] : answers).toWellFormed()
  })
  return cells
}

const tooLong = (path: string, limit: number): InputError =>
  new InputError('data_line_too_long', `${basename(path)} has an article longer than ${sizeOf(limit)}. Divide it into several.`, {
    file: path
  })

const broken = (path: string): InputError =>
  new InputError(
    'data_json_invalid',
    `${basename(path)} is no whole file of questions: it ends too early, or brackets do not match. Export it again.`,
    { file: path }
  )
