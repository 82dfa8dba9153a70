import type { Span } from './span.ts'

/** New names of kinds by their old ones; an empty one takes the passages away. */
export type NewKinds = ReadonlyMap<string, string>

const tidy = (label: string): string => label.trim().normalize('NFC')

/** Spans of which some have another kind; those that become the same stand once. */
export function renamedSpans<T extends Span>(spans: readonly T[], names: NewKinds): readonly T[] {
  const seen = new Set<string>()
  return spans.flatMap((span) => {
    const label = names.get(tidy(span.label)) ?? span.label
    const key = JSON.stringify([span.start, span.end, tidy(label)])
    if (label === '' || seen.has(key)) return []
    seen.add(key)
    return [{ ...span, label }]
  })
}

/** A cell of marks in which some kinds have another name; what else it says of a passage stays. One that holds none of them, or no marks, stays as it is written. */
export function renamedCell(cell: string, names: NewKinds): string {
  const spans = marksIn(cell)
  return spans.some(({ label }) => names.has(tidy(label))) ? JSON.stringify(renamedSpans(spans, names)) : cell
}

function marksIn(cell: string): readonly Span[] {
  if (cell.trim() === '') return []
  try {
    const value: unknown = JSON.parse(cell)
    return Array.isArray(value) && value.every(hasLabel) ? value : []
  } catch {
    return []
  }
}

/** Where a passage stands is not looked at: it stays. */
const hasLabel = (value: unknown): value is Span =>
  typeof value === 'object' && value !== null && 'label' in value && typeof value.label === 'string'
