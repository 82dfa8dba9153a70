import type { SettingValue } from '../../../../../preload/contract/common.ts'
import type { SettingRow } from '../../../../../preload/contract/runs.ts'

/** Values as they were typed, with semicolons between them; numbers may have commas or spaces there too. Main refuses what cannot be meant. */
export function valuesOf(row: SettingRow, typed: string): readonly SettingValue[] {
  const isNumber = row.kind === 'integer' || row.kind === 'decimal'
  const parts = typed.split(isNumber ? /[;,\s]+/ : ';').map((part) => part.trim())
  return parts.filter((part) => part !== '').map((part) => valueOf(row, part))
}

function valueOf({ kind }: SettingRow, text: string): SettingValue {
  if (text === 'null') return null
  if (kind === 'boolean') return text === 'true' ? true : text === 'false' ? false : text
  const number = Number(text)
  return (kind === 'integer' || kind === 'decimal') && !Number.isNaN(number) ? number : text
}
