import { basename } from 'node:path'
import { InputError } from '../../base/errors.ts'
import { shown } from '../../base/wording.ts'
import type { Row } from './define-importer.ts'

/** Refuses a row that has a list or an object in one of `columns`, which can only hold text or a number. */
export function refuseNested(path: string, { line, values, nested }: Row, columns: readonly (string | undefined)[]): void {
  const column = nested && columns.find((each) => each !== undefined && nested.has(each))
  if (column === undefined) return
  const kind = values[column]?.startsWith('[') === true ? 'a list' : 'an object'
  // In a list a row is known by its place.
  const unit = /\.json$/i.test(path) ? 'Row' : 'Line'
  const place = `${unit} ${line} of ${basename(path)}: ${shown(column)}`
  const message = `${place} holds ${kind}, but a column can only hold text or a number. Write several labels as one text with a separator.`
  throw new InputError('data_json_nested', message, { file: path, line, column })
}
