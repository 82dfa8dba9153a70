/** Groups with fewer rows are merged: their numbers would say nothing of a group, and might say something of single people. */
export const FEWEST_IN_GROUP = 20

export interface MergedGroups {
  /** Names of the groups that stand alone, numbers within them in their order. */
  readonly names: readonly string[]
  /** How many groups were put together into one, which is number `names.length`. */
  readonly merged: number
  /** Which group each row is in, [rows]. */
  readonly groupOf: Int32Array
}

/**
 * Numbers the groups of rows by their names, [rows], those with fewer than `FEWEST_IN_GROUP` rows as one. A single small group stays as it is, unless
 * `isStrict`: then larger groups join the small ones until no group that is left has fewer rows.
 */
export function mergeGroups(nameOf: readonly string[], isStrict = false): MergedGroups {
  const sizes = new Map<string, number>()
  for (const name of nameOf) sizes.set(name, (sizes.get(name) ?? 0) + 1)
  const ascending = [...sizes].sort((a, b) => a[1] - b[1] || byNumber(a[0], b[0]))
  const small = ascending.filter(([, size]) => size < FEWEST_IN_GROUP)
  const merged = new Set((isStrict ? joined(ascending, small.length) : small.length > 1 ? small : []).map(([name]) => name))
  const names = [...sizes.keys()].filter((name) => !merged.has(name)).sort(byNumber)
  const places = new Map(names.map((name, place) => [name, place]))
  return { names, merged: merged.size, groupOf: Int32Array.from(nameOf, (name) => places.get(name) ?? names.length) }
}

/** The first `small` groups and as many after them as it takes to have enough rows together. */
function joined(ascending: readonly (readonly [string, number])[], small: number): readonly (readonly [string, number])[] {
  if (small === 0) return []
  let count = 0
  let rows = 0
  while (count < ascending.length && (count < small || rows < FEWEST_IN_GROUP)) rows += ascending[count++]?.[1] ?? 0
  return ascending.slice(0, count)
}

const byNumber = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true })
