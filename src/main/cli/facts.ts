/** Facts in two columns: `title  value`. */
export function factLines(rows: readonly (readonly [title: string, value: string])[]): string {
  const width = Math.max(0, ...rows.map(([title]) => title.length)) + 2
  return rows.map(([title, value]) => `${title.padEnd(width)}${value}`.trimEnd()).join('\n')
}

type Json = Readonly<Record<string, unknown>>

/** A JSON object inside another; empty where there is none. Results are shown leniently: a field that is absent is left out. */
export function objectAt(value: Json, name: string): Json {
  const inner = value[name]
  return typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? (inner as Json) : {} // A JSON object has text keys.
}

export function numberAt(value: Json, name: string): number | null {
  const inner = value[name]
  return typeof inner === 'number' ? inner : null
}

export function textAt(value: Json, name: string): string | null {
  const inner = value[name]
  return typeof inner === 'string' ? inner : null
}
