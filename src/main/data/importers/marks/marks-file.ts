import { stat } from 'node:fs/promises'
import { extname } from 'node:path'
import { InputError } from '../../../base/errors.ts'
import { DEFAULT_LIMITS } from '../../limits.ts'
import { detectEncoding } from '../../source/encoding.ts'
import type { TableFormat } from '../define-importer.ts'
import { bratDocuments, bratPairs, type BratPair } from './brat-folder.ts'
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
  const found = await stat(path).catch(() => null)
  if (found?.isDirectory() === true) return openFolder(path, signal)
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

/** A folder in which BRAT keeps annotations beside texts. */
async function openFolder(path: string, signal?: AbortSignal): Promise<MarksFile | null> {
  // A folder that cannot be looked through is refused by whoever reads it as something else.
  const pairs = await bratPairs(path, signal).catch((error: unknown): readonly BratPair[] => {
    if (error instanceof InputError) return []
    throw error
  })
  return pairs.length === 0 ? null : { title: 'BRAT', unit: 'document', documents: bratDocuments(pairs, signal) }
}

async function* reading(
  path: string,
  documents: (format: TableFormat) => MarksFile['documents'],
  signal?: AbortSignal
): MarksFile['documents'] {
  // A whole list may stand in one line.
  const limits = { ...DEFAULT_LIMITS, rowLength: extname(path).toLowerCase() === '.json' ? Infinity : DEFAULT_LIMITS.rowLength }
  const encoding = await detectEncoding(path, undefined, limits, signal)
  yield* documents({ encoding, delimiter: null, limits: DEFAULT_LIMITS })
}
