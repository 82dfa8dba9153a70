import { InputError } from '../base/errors.ts'
import type { Collected } from './collect.ts'
import type { DatasetSpec } from './dataset-types.ts'
import { numberOf } from './label-order.ts'
import { shown } from '../base/wording.ts'

const KINDS: readonly (readonly [RegExp, string])[] = [
  [/^[+-]?\d+,\d+$/, 'a number with a comma (write a decimal point, and no thousands separators)'],
  [/^[+-]?\d{1,3}([,. ']\d{3})+([.,]\d+)?$/, 'a number with thousands separators (leave them out)'],
  [/^[+-]?[\d.,]+\s*%$/, 'a percentage (leave out the sign)'],
  [/^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}/, 'a date'],
  [/^[+-]?(nan|inf|infinity)$/i, 'a value that is not a finite number'],
  [/^[+-]?[\d.,]+\s*\D+$/, 'a number with a unit or text after it']
]

function kindOf(cell: string): string {
  if (numberOf(cell) !== null) return 'a number too large to compute with'
  return KINDS.find(([pattern]) => pattern.test(cell))?.[1] ?? 'text'
}

/** Largest target whose square a float32 can still hold. */
const LARGEST = 1e18

/** Targets of a regression, [rows]. Throws an `InputError` naming the line and the kind of value (never the cell) that is no number. */
export function encodeTargets(spec: DatasetSpec, data: Collected, cells: readonly string[]): Float64Array {
  const column = spec.label ?? ''
  const values = new Float64Array(cells.length)
  for (const [row, cell] of cells.entries()) {
    const value = numberOf(cell)
    if (value === null || Math.abs(value) > LARGEST) {
      const file = data.files[data.fileOf[row] ?? 0]
      const line = data.lines[row] ?? 0
      const message = `Line ${line} of ${file?.name ?? ''} has ${kindOf(cell)} in the column ${shown(column)}, where regression needs a plain number.`
      const inApp = `Line ${line} of ${file?.name ?? ''} has ${kindOf(cell)} in the column ${shown(column)}, where a plain number is needed. Correct the cell, or predict a class.`
      throw new InputError('data_target_not_number', message, { ...(file && { file: file.path }), line, column, inApp })
    }
    values[row] = value
  }
  if (spec.classNames === undefined && values.length > 0 && values.every((value) => value === values[0])) {
    const message = `Every row of ${data.files[0]?.name ?? ''} has the same value in the column ${shown(column)}. Regression needs values that differ.`
    const inApp = message.replace(
      'Regression needs values that differ.',
      'There is nothing to learn from it: choose another column.'
    )
    throw new InputError('data_target_constant', message, { ...(data.files[0] && { file: data.files[0].path }), column, inApp })
  }
  return values
}
