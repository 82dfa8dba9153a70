import { basename } from 'node:path'
import { InputError } from '../../base/errors.ts'
import { SAMPLE_ROWS, type Probe, type Row, type TableFormat } from './define-importer.ts'

type Rows = (path: string, format: TableFormat, signal?: AbortSignal) => AsyncIterable<Row>

/** What the first rows of a table say of it. @throws InputError where there are none, ended by `where` */
export async function probeRows(
  path: string,
  format: TableFormat,
  rows: Rows,
  signal: AbortSignal | undefined,
  where = ''
): Promise<Probe> {
  const sample: Row[] = []
  for await (const row of rows(path, format, signal)) {
    sample.push(row)
    if (sample.length === SAMPLE_ROWS) break
  }
  const [first] = sample
  if (first) return { format, columns: Object.keys(first.values), sample }
  throw new InputError('data_no_rows', `${basename(path)} has no rows${where}.`, { file: path })
}
