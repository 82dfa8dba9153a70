import { extname } from 'node:path'
import { DEFAULT_LIMITS } from '../../limits.ts'
import { detectEncoding } from '../../source/encoding.ts'
import type { TableFormat } from '../define-importer.ts'
import { conllDocuments, CONLL_ENDINGS } from './conll.ts'
import { conllLayoutOf } from './conll-layout.ts'
import { documentsOf } from './json-marks.ts'
import type { Found } from './marks-format.ts'
import { recogniseMarks, type Layout } from './recognise.ts'

/** A file in which another program keeps marks. */
export interface MarksFile {
  /** "doccano", "CoNLL (IOB2)". */
  readonly title: string
  readonly unit: 'line' | 'document'
  readonly documents: AsyncGenerator<Found, void, undefined>
}

const LAYOUTS: Readonly<Record<string, Layout>> = { '.jsonl': 'lines', '.ndjson': 'lines', '.json': 'list' }

/**
 * What marks a file holds, with everything that an importer passes over; null where it is no such file. Only the beginning is read until `documents` is
 * asked for.
 */
export async function openMarksFile(path: string, signal?: AbortSignal): Promise<MarksFile | null> {
  const ending = extname(path).toLowerCase()
  const layout = LAYOUTS[ending]
  if (layout !== undefined) {
    const marks = await recogniseMarks(path, layout, undefined, signal)
    if (marks === null) return null
    const documents = reading(path, (format) => documentsOf(path, layout, { ...format, marks: marks.id }, signal), signal)
    return { title: marks.title, unit: layout === 'list' ? 'document' : 'line', documents }
  }
  const conll = CONLL_ENDINGS.includes(ending) ? await conllLayoutOf(path, undefined, signal) : null
  if (conll === null) return null
  const documents = reading(path, (format) => conllDocuments(path, format, signal), signal)
  return { title: `CoNLL (${conll.scheme})`, unit: 'line', documents }
}

async function* reading(
  path: string,
  documents: (format: TableFormat) => MarksFile['documents'],
  signal?: AbortSignal
): MarksFile['documents'] {
  const encoding = await detectEncoding(path, undefined, DEFAULT_LIMITS, signal)
  yield* documents({ encoding, delimiter: null, limits: DEFAULT_LIMITS })
}
