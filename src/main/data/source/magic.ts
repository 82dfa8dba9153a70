import { basename } from 'node:path'
import { InputError } from '../../base/errors.ts'

interface Signature {
  readonly bytes: string
  readonly advice: string
}

const EXPORT = 'Export it as CSV or JSON Lines'
const SAVE_AS_CSV = 'Open it there and save it as CSV'

/** First bytes (Latin-1) of files that people take for tables. */
const SIGNATURES: readonly Signature[] = [
  { bytes: 'PK\x03\x04', advice: `It is a ZIP archive, perhaps an XLSX or ODS workbook. ${SAVE_AS_CSV} (UTF-8).` },
  { bytes: 'PK\x05\x06', advice: 'It is an empty ZIP archive. Choose a table.' },
  { bytes: '\xd0\xcf\x11\xe0', advice: `It is an old Office file (XLS or DOC). ${SAVE_AS_CSV} (UTF-8).` },
  { bytes: '%PDF', advice: 'It is a PDF document: give its name the ending .pdf and bring the folder in which it lies.' },
  { bytes: 'PAR1', advice: 'It is a Parquet file: give its name the ending .parquet.' },
  { bytes: 'ARROW1', advice: 'It is an Arrow file: give its name the ending .arrow.' },
  { bytes: '\x1f\x8b', advice: 'It is compressed with gzip. Unpack it first.' },
  { bytes: '\x28\xb5\x2f\xfd', advice: 'It is compressed with zstd. Unpack it first.' },
  { bytes: 'SQLite format 3', advice: `It is an SQLite database. ${EXPORT}.` },
  { bytes: '\x7fELF', advice: 'It is a program. Choose a table.' },
  { bytes: '\x89PNG', advice: 'It is a picture. Choose a table.' },
  { bytes: '\xff\xd8\xff', advice: 'It is a picture. Choose a table.' }
]

/** Refuses a file whose first bytes name a format that is no text table. */
export function refuseKnownBinary(path: string, head: Buffer): void {
  const start = head.toString('latin1', 0, 16)
  const found = SIGNATURES.find((signature) => start.startsWith(signature.bytes))
  if (found) throw new InputError('data_not_text', `${basename(path)} is not a text table. ${found.advice}`, { file: path })
}

/** The refusal of a NUL character at `line`: no text table holds one. */
export function nulRefusal(path: string, line: number): InputError {
  const advice = 'If it is UTF-16 text, save it as UTF-8; if it is a workbook, save it as CSV.'
  const message = `${basename(path)} holds a NUL byte at line ${line}, so it is not a text table. ${advice}`
  const inApp = `${basename(path)} holds a NUL byte at line ${line}. If it is UTF-16 text, choose that; else save it again as a table in UTF-8.`
  return new InputError('data_nul_byte', message, { file: path, line, inApp })
}
