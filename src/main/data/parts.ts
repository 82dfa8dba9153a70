import { InputError } from '../base/errors.ts'
import { shown } from '../base/wording.ts'
import type { Collected } from './collect.ts'
import type { DatasetSpec } from './dataset-types.ts'

/** What people call the parts, in small letters. */
const NAMES: Readonly<Record<string, number>> = {
  '': -1,
  train: 0,
  training: 0,
  validation: 1,
  valid: 1,
  val: 1,
  dev: 1,
  development: 1,
  test: 2,
  testing: 2
}

/** The part that a cell names: 0 train, 1 validation, 2 test, -1 where it is empty; null for any other word. */
export function partNamed(cell: string): number | null {
  const name = cell.trim().toLowerCase()
  return Object.hasOwn(NAMES, name) ? (NAMES[name] ?? null) : null
}

/** The part of each row as the column `split_column` says. Throws an InputError naming the first line with another word. */
export function encodeParts(spec: DatasetSpec, data: Collected): Int8Array | null {
  if (data.parts === null) return null
  return Int8Array.from(data.parts, (cell, row) => {
    const part = partNamed(cell)
    if (part !== null) return part
    const { path = '', name = '' } = data.files[data.fileOf[row] ?? 0] ?? {}
    const line = data.lines[row] ?? 0
    const message = `${shown(cell)} at line ${line} of ${name} names no part. The column ${shown(spec.split_column ?? '')} may hold train, validation, test or nothing.`
    throw new InputError('data_split_column', message, { file: path, line, column: spec.split_column ?? '' })
  })
}
