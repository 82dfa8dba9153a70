import { DataType, type Field, type Vector } from 'apache-arrow'

/** A day or a moment as a cell has it: ISO 8601. */
const momentOf = (value: number | bigint): Date => new Date(Number(value))

/** Reads the values of a column as those that cells can hold (`cellText`); null for a type that no cell can hold. */
export function readerFor({ type }: Pick<Field, 'type'>): ((value: unknown) => unknown) | null {
  if (DataType.isDictionary(type)) return readerFor({ type: type.dictionary as DataType }) // Of values, as the format has it.
  if (
    DataType.isUtf8(type) ||
    DataType.isLargeUtf8(type) ||
    DataType.isInt(type) ||
    DataType.isFloat(type) ||
    DataType.isBool(type)
  )
    return (value) => value
  if (DataType.isUtf8View(type) || DataType.isNull(type)) return (value) => value
  // The library gives milliseconds for every unit.
  if (DataType.isDate(type) || DataType.isTimestamp(type))
    return (value) => (typeof value === 'number' || typeof value === 'bigint' ? momentOf(value) : null)
  const inner = DataType.isList(type) || DataType.isFixedSizeList(type) ? type.children[0] : undefined
  const read = inner && !DataType.isList(inner.type) ? readerFor(inner) : null
  // A list is a vector of its own.
  return read === null ? null : (value) => (value === null || value === undefined ? null : Array.from(value as Vector, read))
}
