/** The classes of a label. */
export function partsOf(value: string | null, separator: string | null): readonly string[] {
  if (value === null) return []
  if (separator === null) return [value]
  return value
    .split(separator)
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

/** A label with a class put to it or taken away; where each row has one class, in the place of the one before. */
export function toggled(before: string | null, name: string, separator: string | null): string | null {
  if (separator === null) return before === name ? null : name
  const parts = partsOf(before, separator)
  const next = parts.includes(name) ? parts.filter((part) => part !== name) : [...parts, name]
  return next.length === 0 ? null : next.join(`${separator} `)
}
