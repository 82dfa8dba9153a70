/** One marked passage of a text: what stands there, and its type. */
export interface ShownMark {
  readonly label: string
  readonly passage: string
}

/**
 * The marked passages of a cell that lists them as `{start, end, label}` in code points; null where it is no such list, or was cut with its text for the
 * page.
 */
export function marksIn(cell: string, text: string): readonly ShownMark[] | null {
  let list: unknown
  try {
    list = JSON.parse(cell)
  } catch {
    return null
  }
  if (!Array.isArray(list)) return null
  const characters = Array.from(text)
  const shown: ShownMark[] = []
  for (const mark of list as readonly unknown[]) {
    // Checked on the next line.
    const { start, end, label } = (mark ?? {}) as { readonly start?: unknown; readonly end?: unknown; readonly label?: unknown }
    if (typeof start !== 'number' || typeof end !== 'number' || typeof label !== 'string' || end > characters.length) return null
    shown.push({ label, passage: characters.slice(start, end).join('') })
  }
  return shown
}
