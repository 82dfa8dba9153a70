import { basename } from 'node:path'
import { InputError } from '../../../base/errors.ts'
import type { OnRejected } from '../../documents/rejected.ts'
import { DEFAULT_LIMITS } from '../../limits.ts'
import { detectEncoding, encodingNamed } from '../../source/encoding.ts'
import { spansCell } from '../../spans/span.ts'
import { SAMPLE_ROWS, type Importer, type ImportOptions, type Probe, type Row, type TableFormat } from '../define-importer.ts'
import { lineItems, listItems } from './items.ts'
import { NotTaken, OWN_COLUMNS, type Found, type MarksFormat } from './marks-format.ts'
import { marksFormats, recogniseMarks, type Layout } from './recognise.ts'

/** Documents whose further values make the list of columns. */
const PROBED_DOCUMENTS = 1000

/**
 * An importer of JSON that also knows the files in which other programs keep marks: these are told by what they hold and become rows with the
 * columns `text`, `spans` (see `spansCell`) and `id`, then what else the file says of each document.
 */
export function withMarks(base: Importer, layout: Layout): Importer {
  return {
    ...base,
    probe: async (path, options = {}, signal) => {
      const marks = await recogniseMarks(path, layout, options.encoding && encodingNamed(options.encoding), signal)
      return marks === null ? base.probe(path, options, signal) : probeJson(path, marks, layout, options, signal)
    },
    rows: (path, format, signal, onRejected) =>
      format.marks === undefined
        ? base.rows(path, format, signal, onRejected)
        : rowsOf(path, documentsOf(path, layout, format, signal), layout === 'list' ? 'document' : 'line', onRejected)
  }
}

async function probeJson(
  path: string,
  marks: MarksFormat,
  layout: Layout,
  options: ImportOptions,
  signal?: AbortSignal
): Promise<Probe> {
  const limits = options.limits ?? DEFAULT_LIMITS
  const asked = options.encoding === undefined ? undefined : encodingNamed(options.encoding)
  // A whole list may stand in one line.
  const encoding = await detectEncoding(path, asked, layout === 'list' ? { ...limits, rowLength: Infinity } : limits, signal)
  const format: TableFormat = { encoding, delimiter: null, limits, marks: marks.id }
  return probeMarks(path, format, documentsOf(path, layout, format, signal))
}

/** What a file of marks holds, by its first documents. Throws an InputError where none of them can be used. */
export async function probeMarks(path: string, format: TableFormat, documents: AsyncIterable<Found>): Promise<Probe> {
  const others = new Set<string>()
  const sample: Row[] = []
  let [seen, rejected, why] = [0, 0, '']
  for await (const found of documents) {
    if (found.kind === 'rejected') {
      rejected++
      if (why === '') why = found.reason
      continue
    }
    for (const name of columnsOf(found)) others.add(name)
    if (sample.length < SAMPLE_ROWS) sample.push(rowOf(found))
    if (++seen === PROBED_DOCUMENTS) break
  }
  if (seen === 0) throw nothingToUse(path, rejected, why)
  return { format, columns: [...OWN_COLUMNS, ...others], sample }
}

function nothingToUse(path: string, rejected: number, why: string): InputError {
  if (rejected === 0) return new InputError('data_file_empty', `${basename(path)} holds no document.`, { file: path })
  const message = `No document of ${basename(path)} can be used. The first one: ${why}`
  return new InputError('data_marks_none', message, { file: path })
}

const columnsOf = ({ document, others }: Extract<Found, { kind: 'document' }>): readonly string[] =>
  [...(document.group === undefined ? [] : ['group']), ...Object.keys(others)].filter((name) => !OWN_COLUMNS.includes(name))

/** A document as a row of a table. */
export function rowOf({ line, document, others }: Extract<Found, { kind: 'document' }>): Row {
  const { text, spans, id, group } = document
  const own = { text, spans: spansCell(text, spans), id, ...(group === undefined ? {} : { group }) }
  return { line, values: Object.assign(Object.create(null) as Record<string, string | null>, own, others) }
}

/** Documents as rows. Those that cannot be used are passed over, and `onRejected` is told why. `unit`: what their place counts. */
export async function* rowsOf(
  path: string,
  documents: AsyncIterable<Found>,
  unit: 'line' | 'document',
  onRejected?: OnRejected
): AsyncGenerator<Row, void, undefined> {
  for await (const found of documents) {
    if (found.kind === 'document') yield rowOf(found)
    else onRejected?.({ file: basename(path), place: `${unit} ${found.line}`, reason: found.reason })
  }
}

/** The documents of a JSON file of marks, those that cannot be used among them. */
export async function* documentsOf(
  path: string,
  layout: Layout,
  format: TableFormat,
  signal?: AbortSignal
): AsyncGenerator<Found, void, undefined> {
  const marks = marksFormats.find(({ id }) => id === format.marks)
  const items = layout === 'lines' ? lineItems : listItems
  for await (const { line, item } of items(path, format, signal)) {
    if (marks === undefined || item === null) yield { kind: 'rejected', line, reason: 'It is not a valid JSON object.' }
    else yield readOne(marks, item, line, format.limits.columns)
  }
}

function readOne(
  marks: MarksFormat,
  item: NonNullable<Parameters<MarksFormat['read']>[0]>,
  line: number,
  columns: number
): Found {
  try {
    const read = marks.read(item)
    if (read.document.text.trim() === '') return { kind: 'rejected', line, reason: 'Its text is empty.' }
    if (Object.keys(read.others).length > columns) return { kind: 'rejected', line, reason: 'It has too many columns.' }
    return { kind: 'document', line, ...read }
  } catch (error) {
    if (error instanceof NotTaken) return { kind: 'rejected', line, reason: error.reason }
    throw error
  }
}
